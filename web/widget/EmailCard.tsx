import { createSignal, Show } from 'solid-js'
import { ApiProblem, api } from '../lib/api.ts'
import type { Visit } from './createVisit.ts'
import type { Keep } from './keep.ts'
import { untilAnswered } from './untilAnswered.ts'

/** Asks, once, where an answer may be sent. What was typed stays until it is kept. */
export function EmailCard(props: { visit: Visit; keep: Keep; onSkip: () => void }) {
  const [given, setGiven] = createSignal(false)
  const [email, setEmail] = createSignal('')
  const [fault, setFault] = createSignal('')
  const [giving, setGiving] = createSignal(false)
  let card: HTMLElement | undefined
  const give = async (event: SubmitEvent & { currentTarget: HTMLElement }): Promise<void> => {
    event.preventDefault()
    if (!/^\S+@\S+\.\S+$/.test(email().trim())) {
      setFault('This does not look like an email address. Check it, like name@example.com.')
      event.currentTarget.scrollIntoView({ block: 'nearest' })
      return
    }
    setFault('')
    setGiving(true)
    try {
      const token = await props.visit.visitor.token()
      // Who has only just written is not known to the database yet: then the answer is "later".
      await untilAnswered(() => api('PUT', '/widget/v1/contact', { token, body: { email: email().trim() } }))
      props.keep.write({ asked: true })
      setGiven(true)
      card?.focus({ preventScroll: true })
    } catch (error) {
      setFault(error instanceof ApiProblem ? error.message : 'This could not be kept. Try again in a moment.')
    }
    setGiving(false)
  }
  return (
    <div class="card" role="status" tabindex="-1" ref={(element) => (card = element)}>
      <Show when={!given()} fallback={<p>Thank you. We can reach you there.</p>}>
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
            <button
              type="button"
              onClick={({ currentTarget }) => {
                // The button goes with the card; the focus stays in the conversation.
                currentTarget.closest<HTMLElement>('.timeline')?.focus()
                props.onSkip()
              }}
            >
              Not now
            </button>
          </div>
        </form>
      </Show>
    </div>
  )
}
