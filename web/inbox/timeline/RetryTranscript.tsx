import { createSignal } from 'solid-js'
import { ApiProblem } from '../../lib/api.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { useSession } from '../session/SessionProvider.tsx'
import styles from './Timeline.module.css'

/**
 * TR6: beside the line that says that a transcript could not be sent.
 * It goes with the line that says who tried again.
 */
export function RetryTranscript(props: { conversation: string; request: number; to: string }) {
  const session = useSession()
  const notify = useNotify()
  const [busy, setBusy] = createSignal(false)

  async function retry() {
    if (busy()) return
    setBusy(true)
    try {
      const path = `/api/v1/conversations/${props.conversation}/transcripts/${props.request}/retries`
      await session.request('POST', path, {})
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      notify(error.problem.detail, 'bad')
    } finally {
      setBusy(false)
    }
  }

  return (
    <button
      type="button"
      class={styles.again}
      aria-disabled={busy() ? true : undefined}
      aria-label={`Retry sending the transcript to ${props.to}`}
      onClick={() => void retry()}
    >
      Retry
    </button>
  )
}
