import { createSignal, For, Show } from 'solid-js'
import type { Member } from '../../../core/api/accounts.ts'
import type { Group } from '../../../core/api/groups.ts'
import { Button } from '../../ui/Button.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useMe, useSession } from '../session/SessionProvider.tsx'
import { createListing } from './createListing.ts'
import { Invitations } from './Invitations.tsx'
import { InviteDialog } from './InviteDialog.tsx'
import { ListingShow } from './ListingShow.tsx'
import { MemberLine } from './MemberLine.tsx'
import styles from './Settings.module.css'

/** /dashboard/settings/members: who works here, who is invited, and who no longer may. */
export function MembersPage() {
  const { request } = useSession()
  const me = useMe()
  const members = createListing<Member>(request, '/api/v1/members')
  const [inviting, setInviting] = createSignal(false)
  const [invitedAt, setInvitedAt] = createSignal(0)
  const mayManage = () => me().membership.role !== 'agent'
  const groups = mayManage() ? createListing<Group>(request, '/api/v1/groups') : null
  createTitle(() => 'Members')

  /** The groups that a member was put into, by name. */
  const groupsOf = (member: Member): string[] => {
    const listing = groups?.listing()
    if (listing?.status !== 'ready') return []
    return listing.list.filter(({ members }) => members.includes(member.id)).map(({ name }) => name)
  }

  /** The only owner left: can neither be disabled nor become anything else (PR2). */
  const isLastOwner = (member: Member, list: readonly Member[]) =>
    member.role === 'owner' && !list.some((m) => m.id !== member.id && m.role === 'owner' && m.disabledAt === null)
  const lines = (list: readonly Member[], disabled: boolean) => (
    <For each={list.filter(({ disabledAt }) => (disabledAt !== null) === disabled)}>
      {(member) => (
        <MemberLine
          member={member}
          groups={groupsOf(member)}
          mayManage={mayManage()}
          isLastOwner={isLastOwner(member, list)}
          onChanged={() => void members.refresh()}
        />
      )}
    </For>
  )

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
            <>
              <ul class={styles.list} aria-label="Members">
                {lines(list(), false)}
              </ul>
              <Show when={list().some(({ disabledAt }) => disabledAt !== null)}>
                <h3>Disabled</h3>
                <ul class={styles.list} aria-label="Disabled members">
                  {lines(list(), true)}
                </ul>
              </Show>
            </>
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
    </>
  )
}
