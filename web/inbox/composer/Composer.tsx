import { createSignal, createUniqueId, onMount, Show } from 'solid-js'
import Lock from '~icons/lucide/lock'
import X from '~icons/lucide/x'
import { preview } from '../../../core/conversation/state.ts'
import { textFault } from '../../../core/conversation/text.ts'
import type { SocketCommand } from '../../../core/protocol/frames.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import styles from './Composer.module.css'
import type { Drafts, Mode } from './createDrafts.ts'
import { TextCount } from './TextCount.tsx'

interface ComposerProps {
  conversation: string
  mode: Mode
  /** Writing to the visitor reopens it (CV4). */
  closed: boolean
  /** Why nothing can be said to the visitor here, as a sentence (CV4, CV8). */
  barred: string | null
  /** Whether a reply has to open the conversation as well (CV4). */
  reopens: boolean
  drafts: Drafts
  /** What the next message quotes. */
  quote: { author: string; text: string } | null
  onUnquote(): void
  /** At every change of the text, and with null when it is emptied or left (DL7). */
  onTyping(where: Mode | null): void
  onMode(mode: Mode): void
  onSend(command: SocketCommand): void
  ref?(element: HTMLTextAreaElement): void
}

/** Where an agent writes: a reply to the visitor, or a note for the team. Keeps everything that was not sent. */
export function Composer(props: ComposerProps) {
  const aboutId = createUniqueId()
  const [texts, setTexts] = createSignal<Readonly<Record<Mode, string>>>({
    reply: props.drafts.text(props.conversation, 'reply'),
    note: props.drafts.text(props.conversation, 'note'),
  })
  const text = () => texts()[props.mode]
  const fault = () => textFault(text())
  const barred = () => (props.mode === 'reply' ? props.barred : null)
  const reopens = () => props.mode === 'reply' && props.reopens
  let area: HTMLTextAreaElement | undefined

  function keep(next: string) {
    setTexts((now) => ({ ...now, [props.mode]: next }))
    props.drafts.keep(props.conversation, props.mode, next)
    grow()
  }

  function type(next: string) {
    keep(next)
    props.onTyping(next === '' ? null : props.mode)
  }

  /** As tall as what is in it; the stylesheet sets the limit. */
  function grow() {
    if (!area) return
    area.style.setProperty('height', 'auto')
    area.style.setProperty('height', `${area.scrollHeight}px`)
  }

  function send() {
    if (fault() !== null || barred() !== null) return area?.focus()
    const reply = { type: 'send_message', text: text() } as const
    props.onSend(
      props.mode === 'note' ? { type: 'add_note', text: text() } : reopens() ? { ...reply, reopen: true } : reply,
    )
    keep('')
    area?.focus()
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Escape' && props.quote && !event.isComposing) return props.onUnquote()
    // While a word is being composed (Japanese, Chinese …), Enter ends the word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  }

  onMount(grow)

  const placeholder = () => {
    if (props.mode === 'note') return 'Write a note. Only your team sees it.'
    return props.closed && !props.reopens ? 'Write a reply. It reopens the conversation.' : 'Write a reply…'
  }

  return (
    <form
      class={styles.composer}
      data-mode={props.mode}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <fieldset class={styles.modes}>
        <legend class="visuallyHidden">What to write</legend>
        <button
          type="button"
          aria-pressed={props.mode === 'reply'}
          aria-keyshortcuts="R"
          onClick={() => props.onMode('reply')}
        >
          Reply
        </button>
        <button
          type="button"
          aria-pressed={props.mode === 'note'}
          aria-keyshortcuts="N"
          onClick={() => props.onMode('note')}
        >
          <Lock aria-hidden="true" />
          Note
        </button>
      </fieldset>
      <Show when={props.quote}>
        {(quote) => (
          <div class={styles.quote}>
            <span class={styles.quoted}>
              <bdi>{quote().author}</bdi>
              <span dir="auto">{preview(quote().text)}</span>
            </span>
            <IconButton label="Remove quote" tipSide="start" onClick={() => props.onUnquote()}>
              <X aria-hidden="true" />
            </IconButton>
          </div>
        )}
      </Show>
      <textarea
        ref={(element) => {
          area = element
          props.ref?.(element)
        }}
        class={styles.text}
        rows={2}
        // Emptied by sending, a field would keep the direction of what was in it, and give it to its placeholder.
        dir={text() === '' ? 'ltr' : 'auto'}
        aria-label={props.mode === 'note' ? 'Note' : 'Reply'}
        aria-describedby={aboutId}
        aria-invalid={fault() === 'message_too_long' ? true : undefined}
        placeholder={placeholder()}
        value={text()}
        readOnly={barred() !== null}
        // Where nothing can be written, an empty field only keeps one from seeing the conversation.
        hidden={barred() !== null && text() === ''}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={() => props.onTyping(null)}
        onKeyDown={press}
      />
      <div class={styles.foot}>
        <p id={aboutId} class={styles.about} role="status">
          <Show when={barred()}>{(sentence) => <span class={styles.barred}>{sentence()}</span>}</Show>
          <TextCount text={text()} advice="Shorten it, or send it in parts." />
        </p>
        <Show when={barred() === null}>
          <span class={styles.keys} aria-hidden="true">
            Shift + Enter for a new line
          </span>
          <Button kind="primary" type="submit" disabled={fault() !== null}>
            {reopens() ? 'Reopen and send' : 'Send'}
          </Button>
        </Show>
      </div>
    </form>
  )
}
