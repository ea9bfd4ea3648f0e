import { createSignal, Show } from 'solid-js'
import { ApiProblem } from '../lib/api.ts'
import type { EmailAsk } from './createEmailAsk.ts'

/** Asks, once, where an answer may be sent. */
export function EmailCard(props: { ask: EmailAsk }) {
  const [email, setEmail] = createSignal('')
  const [fault, setFault] = createSignal('')
  const [giving, setGiving] = createSignal(false)
  const give = async (event: SubmitEvent & { currentTarget: HTMLElement }): Promise<void> => {
    event.preventDefault()
    if (!/^\S+@\S+\.\S+$/.test(email().trim())) {
      setFault('This does not look like an email address. Check it, like name@example.com.')
      event.currentTarget.scrollIntoView({ block: 'nearest' })
      return
    }
    setFault('')
    setGiving(true)
    await props.ask.give(email().trim()).catch((error: unknown) => {
      setFault(error instanceof ApiProblem ? error.message : 'This could not be kept. Try again in a moment.')
    })
    setGiving(false)
  }
  return (
    <Show when={props.ask.stage() !== 'hidden'}>
      <div class="card" role="status">
        <Show when={props.ask.stage() === 'asking'} fallback={<p>Thank you. We can reach you there.</p>}>
          <form noValidate onSubmit={(event) => void give(event)}>
            <label for="email">Where can we reach you if you leave?</label>
            <input
              id="email"
              type="email"
              autocomplete="email"
              placeholder="name@example.com"
              maxlength="254"
              aria-invalid={fault() !== ''}
              aria-describedby="email-fault"
              value={email()}
              onInput={(event) => setEmail(event.currentTarget.value)}
            />
            <p id="email-fault" class="fault">
              {fault()}
            </p>
            <div class="card-buttons">
              <button type="submit" class="main" disabled={giving()}>
                {giving() ? 'Sending…' : 'Send email address'}
              </button>
              <button type="button" onClick={() => props.ask.skip()}>
                Not now
              </button>
            </div>
          </form>
        </Show>
      </div>
    </Show>
  )
}
