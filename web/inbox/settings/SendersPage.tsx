import { createSignal, For, Show } from 'solid-js'
import type { Sender } from '../../../core/api/senders.ts'
import { Button } from '../../ui/Button.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createTitle } from '../app/createTitle.ts'
import { createAttempt } from '../form/createAttempt.ts'
import { useRight, useSession } from '../session/SessionProvider.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { createListing } from './createListing.ts'
import { ListingShow } from './ListingShow.tsx'
import { SenderDialog } from './SenderDialog.tsx'
import styles from './Settings.module.css'
import { SmtpSection } from './SmtpSection.tsx'

/** /dashboard/settings/senders: the addresses that transcripts are sent from, and a mail server of one's own. */
export function SendersPage() {
  const session = useSession()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const senders = createListing<Sender>(session.request, '/api/v1/senders')
  const [verifying, setVerifying] = createSignal<Sender | 'new' | null>(null)
  const [removing, setRemoving] = createSignal<Sender | null>(null)
  const mayManage = useRight('settings')
  createTitle(() => 'Senders')

  async function remove(sender: Sender) {
    await attempt(async () => {
      await session.request('DELETE', `/api/v1/senders/${sender.id}`, {})
      notify(`Nothing is sent from ${sender.address} any more.`)
    })
    setRemoving(null)
    void senders.refresh()
  }

  return (
    <>
      <section class={styles.section}>
        <div class={styles.head}>
          <div>
            <h2>Senders</h2>
            <p>The addresses that your workspace writes from. Each is verified by a code that is mailed to it.</p>
          </div>
          <Show when={mayManage()}>
            <Button kind="primary" onClick={() => setVerifying('new')}>
              Add address
            </Button>
          </Show>
        </div>
        <ListingShow listing={senders.listing()} label="senders" onRetry={() => void senders.refresh()}>
          {(list) => (
            <Show
              when={list().length > 0}
              fallback={<p class={styles.none}>No address yet. Add one, and transcripts can be sent from it.</p>}
            >
              <ul class={styles.list} aria-label="Senders">
                <For each={list()}>
                  {(sender) => (
                    <SenderLine
                      sender={sender}
                      mayManage={mayManage()}
                      onVerify={() => setVerifying(sender)}
                      onRemove={() => setRemoving(sender)}
                    />
                  )}
                </For>
              </ul>
            </Show>
          )}
        </ListingShow>
        <Show when={verifying()} keyed>
          {(sender) => (
            <SenderDialog
              sender={sender === 'new' ? null : sender}
              onChanged={() => void senders.refresh()}
              onClose={() => setVerifying(null)}
            />
          )}
        </Show>
        <Show when={removing()} keyed>
          {(sender) => (
            <ConfirmDialog
              title={`Remove ${sender.address}?`}
              action="Remove address"
              onConfirm={() => remove(sender)}
              onClose={() => setRemoving(null)}
            >
              Nobody can send from it until it is added and verified again.
            </ConfirmDialog>
          )}
        </Show>
      </section>
      <Show when={mayManage()}>
        <SmtpSection onChanged={() => void senders.refresh()} />
      </Show>
    </>
  )
}

/** How mail from an address looks to who gets it. */
const ROUTE_WORDS: Readonly<Record<Sender['route'], string>> = {
  smtp: 'Sent by your mail server',
  service: 'Sent from this address',
  reply_to: 'Sent from the address of this installation; answers come here',
  none: 'Cannot send: there is no mail server, and this installation has no address of its own',
}

interface SenderLineProps {
  sender: Sender
  mayManage: boolean
  onVerify(): void
  onRemove(): void
}

function SenderLine(props: SenderLineProps) {
  return (
    <li class={styles.item}>
      <div class={styles.who}>
        <bdi>{props.sender.address}</bdi>
        <span>
          <Show
            when={props.sender.verifiedAt !== null}
            fallback="Not verified yet: type in the code that was mailed to it"
          >
            {ROUTE_WORDS[props.sender.route]}
          </Show>
        </span>
      </div>
      <Show when={props.mayManage}>
        <Show when={props.sender.verifiedAt === null}>
          <Button aria-label={`Verify ${props.sender.address}`} onClick={() => props.onVerify()}>
            Verify
          </Button>
        </Show>
        <Button kind="quiet" aria-label={`Remove ${props.sender.address}`} onClick={() => props.onRemove()}>
          Remove
        </Button>
      </Show>
    </li>
  )
}
