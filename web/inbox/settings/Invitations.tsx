import { For, Show } from 'solid-js'
import type { Invitation } from '../../../core/api/accounts.ts'
import { momentOf } from '../../lib/moment.ts'
import { Button } from '../../ui/Button.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { createListing } from './createListing.ts'
import { ListingShow } from './ListingShow.tsx'
import { ROLE_WORDS } from './roles.ts'
import styles from './Settings.module.css'

/** Who was invited and has not come yet. */
export function Invitations() {
  const { request } = useSession()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const invitations = createListing<Invitation>(request, '/api/v1/invitations')

  async function revoke(invitation: Invitation) {
    await attempt(async () => {
      await request('DELETE', `/api/v1/invitations/${invitation.id}`, {})
      notify(`The invitation for ${invitation.email} no longer works.`)
    })
    await invitations.refresh()
  }

  return (
    <section class={styles.section}>
      <div class={styles.head}>
        <h3>Pending invitations</h3>
      </div>
      <ListingShow listing={invitations.listing()} label="invitations" onRetry={() => void invitations.refresh()}>
        {(list) => (
          <Show when={list().length > 0} fallback={<p class={styles.none}>Nobody is invited at the moment.</p>}>
            <ul class={styles.list} aria-label="Pending invitations">
              <For each={list()}>
                {(invitation) => (
                  <li class={styles.item}>
                    <div class={styles.who}>
                      <bdi>{invitation.email}</bdi>
                      <span>{expiryOf(invitation)}</span>
                    </div>
                    <span class={styles.role}>{ROLE_WORDS[invitation.role].name}</span>
                    <Button
                      kind="quiet"
                      aria-label={`Revoke the invitation for ${invitation.email}`}
                      onClick={() => void revoke(invitation)}
                    >
                      Revoke
                    </Button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </ListingShow>
    </section>
  )
}

function expiryOf(invitation: Invitation): string {
  return invitation.expiresAt <= Date.now() ? 'Expired' : `Expires ${momentOf(invitation.expiresAt)}`
}
