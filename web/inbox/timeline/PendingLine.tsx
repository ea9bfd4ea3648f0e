import { Show } from 'solid-js'
import type { Pending } from '../../lib/createConversation.ts'
import { momentOf } from '../../lib/moment.ts'
import { Bubble } from './Bubble.tsx'
import { DeliveryMark } from './DeliveryMark.tsx'
import styles from './PendingLine.module.css'

interface PendingLineProps {
  pending: Pending
  /** The link is down: it is sent when it is back. */
  waiting: boolean
  onRetry(): void
  onDiscard(): void
}

/** A message or note of one's own that is not stored yet, honestly so. */
export function PendingLine(props: PendingLineProps) {
  const text = () => ('text' in props.pending.command ? props.pending.command.text : '')
  const reason = () => {
    const refusal = props.pending.refusal
    if (!refusal) return 'This was not sent.'
    return refusal.retryAt === undefined ? refusal.message : `${refusal.message} (${momentOf(refusal.retryAt)})`
  }
  return (
    <Bubble
      kind={props.pending.command.type === 'add_note' ? 'note' : 'agent'}
      author="You"
      text={text()}
      first
      last
      state={props.pending.status}
    >
      <Show
        when={props.pending.status === 'refused'}
        fallback={
          <>
            {props.waiting ? 'Sent once connected' : 'Sending…'}
            <DeliveryMark delivery="pending" />
          </>
        }
      >
        <span class={styles.refused} role="alert">
          <DeliveryMark delivery="failed" /> {reason()}{' '}
          <button type="button" onClick={() => props.onRetry()}>
            Retry
          </button>{' '}
          <button type="button" onClick={() => props.onDiscard()}>
            Discard
          </button>
        </span>
      </Show>
    </Bubble>
  )
}
