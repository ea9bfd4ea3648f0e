import { createEffect, createSignal, createUniqueId, onCleanup, onMount, Show } from 'solid-js'
import type { MessageEntry } from '../../../core/conversation/entries.ts'
import { textFault } from '../../../core/conversation/text.ts'
import type { ClientId } from '../../../core/ids.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import { Button } from '../../ui/Button.tsx'
import { TextCount } from '../composer/TextCount.tsx'
import styles from './MessageEditor.module.css'

interface MessageEditorProps {
  message: MessageEntry
  live: Pick<LiveConversation, 'pending' | 'send' | 'discard'>
  onDone(): void
}

/** Changes an own message in its place (MS8): Enter saves, Escape leaves it as it was. A refusal keeps the text. */
export function MessageEditor(props: MessageEditorProps) {
  // Made anew for each message.
  const { n, body } = props.message
  const [text, setText] = createSignal(body.text)
  const [asked, setAsked] = createSignal<ClientId | null>(null)
  const [fault, setFault] = createSignal<string | null>(null)
  const tooLong = () => textFault(text()) === 'message_too_long'
  const countId = createUniqueId()
  let area: HTMLTextAreaElement | undefined

  function grow() {
    if (!area) return
    area.style.setProperty('height', 'auto')
    area.style.setProperty('height', `${area.scrollHeight}px`)
    // What stands below it must not grow out of sight.
    area.form?.scrollIntoView({ block: 'nearest' })
  }

  function save() {
    if (asked() !== null) return
    if (text() === body.text) return props.onDone()
    // Said by the counter already.
    if (tooLong()) return area?.focus()
    if (textFault(text())) return setFault('Write something, or delete the message.')
    setFault(null)
    setAsked(props.live.send({ type: 'edit_message', ref: n, text: text() }))
  }

  // Once it is stored the message is shown anew, without this editor: perhaps before it could notice.
  onCleanup(() => asked() !== null && props.onDone())
  createEffect(() => {
    const id = asked()
    if (id === null) return
    const mine = props.live.pending.find((pending) => pending.id === id)
    if (!mine) return props.onDone()
    if (mine.status !== 'refused') return
    setFault(mine.refusal?.message ?? 'This was refused.')
    setAsked(null)
    props.live.discard(id)
  })

  function press(event: KeyboardEvent) {
    if (event.isComposing) return
    if (event.key === 'Escape') props.onDone()
    else if (event.key === 'Enter' && !event.shiftKey) save()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  onMount(() => {
    grow()
    area?.focus()
    area?.setSelectionRange(text().length, text().length)
  })

  return (
    <form
      class={styles.editor}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        aria-label="Edit message"
        aria-describedby={countId}
        aria-invalid={fault() || tooLong() ? true : undefined}
        value={text()}
        onInput={(event) => {
          setText(event.currentTarget.value)
          grow()
        }}
        onKeyDown={press}
      />
      <Show when={fault()}>
        {(sentence) => (
          <p class={styles.fault} role="alert">
            {sentence()}
          </p>
        )}
      </Show>
      <div class={styles.actions}>
        <p id={countId} class={styles.count} role="status">
          <TextCount text={text()} advice="Shorten it." />
        </p>
        <Button kind="quiet" onClick={() => props.onDone()}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" busy={asked() !== null} disabled={tooLong()}>
          Save
        </Button>
      </div>
    </form>
  )
}
