import { createEffect, Show } from 'solid-js'
import { isBlank, TEXT_COUNTER_FROM, TEXT_MAX, textLength } from '../../core/conversation/text.ts'
import { CloseIcon, SendIcon } from './icons.tsx'

interface ComposerProps {
  text: string
  onText: (text: string) => void
  /** Called with a text that may be sent (MS1). */
  onSend: (text: string) => void
  ref: (input: HTMLTextAreaElement) => void
  /** The text of the message that the next one quotes. */
  quote: string | undefined
  onUnquote: () => void
  onBlur: () => void
  /** Whether the conversation is closed: a message reopens it (CV4). */
  closed: boolean
}

/** Where the visitor writes (MS1, MS3): Enter sends, Shift+Enter breaks the line. */
export function Composer(props: ComposerProps) {
  const length = (): number => textLength(props.text)
  const over = (): number => length() - TEXT_MAX
  const sendable = (): boolean => !isBlank(props.text) && over() <= 0
  let input: HTMLTextAreaElement | undefined

  const send = (): void => {
    if (sendable()) {
      const text = props.text
      props.onText('')
      props.onSend(text)
    }
    input?.focus()
  }
  const keyed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && props.quote !== undefined) {
      event.preventDefault()
      props.onUnquote()
    }
    // Enter that ends the choice of a character belongs to the input method, not to us.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  }
  // The height follows the text from one line to five; the style sheet holds the limits.
  createEffect(() => {
    if (!input) return
    input.value = props.text
    input.style.blockSize = 'auto'
    input.style.blockSize = `${input.scrollHeight}px`
  })

  return (
    <form
      class="composer"
      data-over={over() > 0 ? '' : undefined}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Show when={props.closed}>
        <p class="composer-closed">This conversation was closed. Write to reopen it.</p>
      </Show>
      <Show when={props.quote}>
        {(text) => (
          <div class="composer-quote">
            <p class="quote" dir="auto">
              <span class="unseen">Quoting: </span>
              {text()}
            </p>
            <button type="button" class="icon-button" aria-label="Do not quote" onClick={() => props.onUnquote()}>
              <CloseIcon />
            </button>
          </div>
        )}
      </Show>
      <div class="composer-field">
        <textarea
          ref={(element) => {
            input = element
            props.ref(element)
          }}
          rows="1"
          dir={props.text ? 'auto' : undefined}
          enterkeyhint="send"
          aria-label="Message"
          placeholder="Write a message…"
          aria-describedby="composer-notice"
          aria-invalid={over() > 0}
          onInput={(event) => props.onText(event.currentTarget.value)}
          onKeyDown={keyed}
          onBlur={() => props.onBlur()}
        />
        <button type="submit" class="send" aria-label="Send" title="Send (Enter)" aria-disabled={!sendable()}>
          <SendIcon />
        </button>
      </div>
      <p id="composer-notice" class="composer-notice" role="status">
        <Show
          when={over() > 0}
          fallback={length() >= TEXT_COUNTER_FROM && `${count(length())} of ${count(TEXT_MAX)} characters`}
        >
          {tooLong(over())}
        </Show>
      </p>
    </form>
  )
}

function count(n: number): string {
  return n.toLocaleString()
}

function tooLong(over: number): string {
  return `Too long by ${count(over)} ${over === 1 ? 'character' : 'characters'}. Shorten it or send it in two parts.`
}
