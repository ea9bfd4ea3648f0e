import { Match, Show, Switch } from 'solid-js'
import type { Sender } from '../../../../core/api/senders.ts'
import type { ConversationId } from '../../../../core/ids.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Message } from '../../../ui/Message.tsx'
import { Skeleton } from '../../../ui/Skeleton.tsx'
import { useRight, useSession } from '../../session/SessionProvider.tsx'
import { createListing } from '../../settings/createListing.ts'
import styles from './Transcript.module.css'
import { TranscriptForm } from './TranscriptForm.tsx'
import { TranscriptPreview } from './TranscriptPreview.tsx'

interface TranscriptDialogProps {
  id: ConversationId
  /** The visitor's, if it is known. */
  email: string | null
  onClose(): void
}

/** To whom, from where, and what: the very document that is sent, which can be printed and kept as well (TR1, TR9). */
export function TranscriptDialog(props: TranscriptDialogProps) {
  const session = useSession()
  const senders = createListing<Sender>(session.request, '/api/v1/senders')
  const verified = () => {
    const now = senders.listing()
    return now.status === 'ready' ? now.list.filter(({ verifiedAt }) => verifiedAt !== null) : null
  }
  const fault = () => {
    const now = senders.listing()
    return now.status === 'failed' ? now.fault : null
  }
  return (
    <Dialog title="Send transcript" size="wide" onClose={() => props.onClose()}>
      <div class={styles.columns}>
        <Switch fallback={<Skeleton label="Loading senders" rows={3} shape="line" />}>
          <Match when={fault()}>
            {(sentence) => (
              <Message tone="bad">
                <div class={styles.failed}>
                  {sentence()}
                  <Button onClick={() => void senders.refresh()}>Try again</Button>
                </div>
              </Message>
            )}
          </Match>
          <Match when={verified()}>
            {(list) => (
              <Show when={list().length > 0} fallback={<NoSender onLeave={props.onClose} />}>
                <TranscriptForm id={props.id} email={props.email} senders={list()} onClose={props.onClose} />
              </Show>
            )}
          </Match>
        </Switch>
        <TranscriptPreview id={props.id} />
      </div>
    </Dialog>
  )
}

/** TR1: nothing is sent from an address that nobody has verified. */
function NoSender(props: { onLeave(): void }) {
  const mayManage = useRight('settings')
  return (
    <Message tone="plain">
      <p>
        No address of this workspace is verified, so there is none to send from.{' '}
        <Show when={mayManage()} fallback="Ask an administrator to add one in Settings → Senders.">
          <a href="/dashboard/settings/senders" onClick={() => props.onLeave()}>
            Add one in Settings → Senders
          </a>
        </Show>
      </p>
    </Message>
  )
}
