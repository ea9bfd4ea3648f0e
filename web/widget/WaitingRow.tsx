import { Show } from 'solid-js'
import { MINUTE_MS } from '../../core/durations.ts'
import { timeOfDay } from '../lib/times.ts'
import type { Visit } from './createVisit.ts'
import { MessageText } from './EntryRow.tsx'
import type { Unsent } from './outbox/unsent.ts'

interface WaitingRowProps {
  item: Unsent
  status: ReturnType<Visit['statusOf']>
  /** Whether it follows another own message. */
  joined: boolean
  /** Whether it speaks for those before it of the same status. */
  last: boolean
  onRetry: () => void
  onEdit: (text: string) => void
}

/** A message that is not stored yet, and the truth about it. */
export function WaitingRow(props: WaitingRowProps) {
  const refused = (): boolean => props.status === 'refused'
  return (
    <article
      class="message"
      data-side="own"
      data-state={props.status}
      data-first={props.joined ? undefined : ''}
      data-last={props.last || refused() ? '' : undefined}
    >
      <span class="unseen">You:</span>
      <MessageText text={props.item.text} />
      <Show when={refused()} fallback={props.last && <p class="foot">{onItsWay(props.item, props.status)}</p>}>
        <div class="refusal" role="alert">
          <p>Not sent. {props.item.refusal?.message}</p>
          <button type="button" onClick={() => props.onRetry()}>
            Retry
          </button>
          <button type="button" onClick={() => props.onEdit(props.item.text)}>
            Edit
          </button>
        </div>
      </Show>
    </article>
  )
}

const SOON_MS = MINUTE_MS

/** DL9: what came too fast is not lost, it waits its turn. */
function onItsWay({ refusal }: Unsent, status: ReturnType<Visit['statusOf']>): string {
  if (status === 'sending') return 'Sending…'
  if (refusal?.retryAt === undefined) return 'Queued'
  if (refusal.retryAt - Date.now() < SOON_MS) return 'Queued. That was a lot at once: it goes out in a moment.'
  return `Queued. That was a lot at once: it goes out by itself at ${timeOfDay(refusal.retryAt)}.`
}
