import { useNotify } from '../../ui/Notices.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useSession } from '../session/SessionProvider.tsx'
import styles from './Timeline.module.css'

/**
 * TR6: beside the line that says that a transcript could not be sent.
 * It goes with the line that says who tried again.
 */
export function RetryTranscript(props: { conversation: string; request: number; to: string }) {
  const session = useSession()
  const { attempt, busy } = createAttempt(useNotify())
  const path = () => `/api/v1/conversations/${props.conversation}/transcripts/${props.request}/retries`
  const retry = () => busy() || void attempt(() => session.request('POST', path(), {}))

  return (
    <button
      type="button"
      class={styles.again}
      aria-disabled={busy() ? true : undefined}
      aria-label={`Retry sending the transcript to ${props.to}`}
      onClick={retry}
    >
      Retry
    </button>
  )
}
