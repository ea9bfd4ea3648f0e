import { Show } from 'solid-js'
import type { Pending } from '../lib/createConversation.ts'
import { timeOfDay } from '../lib/times.ts'
import { MessageText } from './EntryRow.tsx'

interface WaitingRowProps {
  item: Pending
  /** Whether it follows another own message. */
  joined: boolean
  /** Whether it is the newest: that one speaks for all that are on their way. */
  last: boolean
  /** When the first of those that came too fast may go (epoch milliseconds). */
  pacedUntil: number | undefined
  onRetry: () => void
  onEdit: (text: string) => void
}

/** A message that is not stored yet, and the truth about it. Commands that show themselves nowhere are silent. */
export function WaitingRow(props: WaitingRowProps) {
  const text = (): string | null => ('text' in props.item.command ? props.item.command.text : null)
  const paced = (): number | undefined => props.item.refusal?.retryAt
  const failed = (): string | null => (paced() === undefined ? (props.item.refusal?.message ?? null) : null)
  return (
    <Show when={text()}>
      {(said) => (
        <article
          class="message"
          data-side="own"
          data-state={failed() ? 'refused' : props.item.status === 'sending' ? 'sending' : 'paced'}
          data-first={props.joined ? undefined : ''}
          data-last={props.last || failed() ? '' : undefined}
        >
          <span class="unseen">You:</span>
          <MessageText text={said()} />
          <Show when={failed()} fallback={props.last && <p class="foot">{onItsWay(props.pacedUntil)}</p>}>
            {(reason) => (
              <div class="refusal" role="alert">
                <p>{reason()}</p>
                <button type="button" onClick={() => props.onRetry()}>
                  Retry
                </button>
                <button type="button" onClick={() => props.onEdit(said())}>
                  Edit
                </button>
              </div>
            )}
          </Show>
        </article>
      )}
    </Show>
  )
}

const SOON_MS = 60_000

/** DL9: what came too fast is not lost, it waits its turn. */
function onItsWay(retryAt: number | undefined): string {
  if (retryAt === undefined) return 'Sending…'
  if (retryAt - Date.now() < SOON_MS) return 'That was a lot at once. The rest goes out in a moment.'
  return `That was a lot at once. The rest goes out by itself at ${timeOfDay(retryAt)}.`
}
