import { createSignal, For, Show } from 'solid-js'
import type { Invitation, Member } from '../../../core/api/accounts.ts'
import { ApiProblem } from '../../lib/api.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Button } from '../../ui/Button.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createTitle } from '../app/createTitle.ts'
import { momentOf } from '../session/moment.ts'
import { useMe, useSession } from '../session/SessionProvider.tsx'
import { createListing } from './createListing.ts'
import { InviteDialog } from './InviteDialog.tsx'
import { ListingShow } from './ListingShow.tsx'
import { ResetLinkDialog } from './ResetLinkDialog.tsx'
import { ROLE_WORDS } from './roles.ts'
import styles from './Settings.module.css'

/** /dashboard/settings/members: who works here, and who is invited. */
export function MembersPage() {
  const { request } = useSession()
  const me = useMe()
  const members = createListing<Member>(request, '/api/v1/members')
  const [inviting, setInviting] = createSignal(false)
  const [resetting, setResetting] = createSignal<Member | null>(null)
  const [invitedAt, setInvitedAt] = createSignal(0)
  const mayManage = () => me().membership.role !== 'agent'
  createTitle(() => 'Members')
  return (
    <>
      <section class={styles.section}>
        <div class={styles.head}>
          <div>
            <h2>Members</h2>
            <p>{mayManage() ? 'Everybody who can answer here.' : 'Owners and administrators can invite others.'}</p>
          </div>
          <Show when={mayManage()}>
            <Button kind="primary" onClick={() => setInviting(true)}>
              Invite
            </Button>
          </Show>
        </div>
        <ListingShow listing={members.listing()} label="members" onRetry={() => void members.refresh()}>
          {(list) => (
            <ul class={styles.list} aria-label="Members">
              <For each={list()}>
                {(member) => (
                  <li class={styles.item}>
                    <Avatar name={member.name} id={member.id} />
                    <div class={styles.who}>
                      <bdi>{member.id === me().membership.member ? `${member.name} (you)` : member.name}</bdi>
                      <span>{member.email}</span>
                    </div>
                    <span class={styles.role}>{ROLE_WORDS[member.role].name}</span>
                    <Show when={mayManage()}>
                      <Button
                        kind="quiet"
                        aria-label={`Reset link for ${member.name}`}
                        onClick={() => setResetting(member)}
                      >
                        Reset link
                      </Button>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          )}
        </ListingShow>
      </section>
      <Show when={mayManage()}>
        {/* A new invitation reads the list again. */}
        <Show when={`read ${invitedAt()}`} keyed>
          <Invitations />
        </Show>
      </Show>
      <Show when={inviting()}>
        <InviteDialog onIssued={() => setInvitedAt(Date.now())} onClose={() => setInviting(false)} />
      </Show>
      <Show when={resetting()}>
        {(member) => <ResetLinkDialog member={member()} onClose={() => setResetting(null)} />}
      </Show>
    </>
  )
}

function Invitations() {
  const { request } = useSession()
  const notify = useNotify()
  const invitations = createListing<Invitation>(request, '/api/v1/invitations')

  async function revoke(invitation: Invitation) {
    try {
      await request('DELETE', `/api/v1/invitations/${invitation.id}`, {})
      notify(`The invitation for ${invitation.email} no longer works.`)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      notify(error.problem.detail, 'bad')
    }
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
