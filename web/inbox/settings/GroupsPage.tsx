import { createSignal, For, Show } from 'solid-js'
import type { Group } from '../../../core/api/groups.ts'
import { EVERYONE, RIGHT_WORDS } from '../../../core/rights.ts'
import { Button } from '../../ui/Button.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { createListing } from './createListing.ts'
import { GroupDialog } from './GroupDialog.tsx'
import { ListingShow } from './ListingShow.tsx'
import styles from './Settings.module.css'

/** /dashboard/settings/groups: what agents may do, beside answering (PR1). */
export function GroupsPage() {
  const session = useSession()
  const inbox = useInbox()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const groups = createListing<Group>(session.request, '/api/v1/groups')
  const [editing, setEditing] = createSignal<Group | 'new' | null>(null)
  const [deleting, setDeleting] = createSignal<Group | null>(null)
  createTitle(() => 'Groups')
  // Somebody may have joined since the list was read.
  void inbox.members.refresh()

  function saved() {
    notify(editing() === 'new' ? 'The group was added.' : 'The group was changed. It holds at once.')
    setEditing(null)
    void groups.refresh()
  }

  async function remove(group: Group) {
    await attempt(async () => {
      await session.request('DELETE', `/api/v1/groups/${group.id}`, {})
      notify(`The group ${group.name} was deleted.`)
    })
    setDeleting(null)
    void groups.refresh()
  }

  return (
    <section class={styles.section}>
      <div class={styles.head}>
        <div>
          <h2>Groups</h2>
          <p>
            What agents may do beside answering. A member has the rights of all their groups; owners and admins have
            all.
          </p>
        </div>
        <Button kind="primary" onClick={() => setEditing('new')}>
          Add group
        </Button>
      </div>
      <ListingShow listing={groups.listing()} label="groups" onRetry={() => void groups.refresh()}>
        {(list) => (
          <>
            <ul class={styles.list} aria-label="Groups">
              <For each={list()}>
                {(group) => (
                  <GroupLine group={group} onEdit={() => setEditing(group)} onDelete={() => setDeleting(group)} />
                )}
              </For>
            </ul>
            <Show when={list().length === 1}>
              <p class={styles.none}>No group of your own yet. Add one to give some agents more than everyone has.</p>
            </Show>
          </>
        )}
      </ListingShow>
      <Show when={editing()} keyed>
        {(group) => (
          <GroupDialog group={group === 'new' ? null : group} onSaved={saved} onClose={() => setEditing(null)} />
        )}
      </Show>
      <Show when={deleting()} keyed>
        {(group) => (
          <ConfirmDialog
            title={`Delete the group ${group.name}?`}
            action="Delete group"
            onConfirm={() => remove(group)}
            onClose={() => setDeleting(null)}
          >
            Its members lose at once what this group alone gave them. They stay members.
          </ConfirmDialog>
        )}
      </Show>
    </section>
  )
}

function GroupLine(props: { group: Group; onEdit(): void; onDelete(): void }) {
  const inbox = useInbox()
  const isEveryone = () => props.group.id === EVERYONE
  const rights = () => props.group.rights.map((right) => RIGHT_WORDS[right].name).join(', ') || 'No rights'
  const people = () =>
    isEveryone() ? 'All members' : props.group.members.map((id) => inbox.members.nameOf(id)).join(', ') || 'Nobody yet'
  return (
    <li class={styles.item}>
      <div class={styles.who}>
        <bdi>{props.group.name}</bdi>
        <span>{rights()}</span>
        <span dir="auto">{people()}</span>
      </div>
      <Button aria-label={`Edit ${props.group.name}`} onClick={() => props.onEdit()}>
        Edit
      </Button>
      <Show when={!isEveryone()}>
        <Button kind="quiet" aria-label={`Delete ${props.group.name}`} onClick={() => props.onDelete()}>
          Delete
        </Button>
      </Show>
    </li>
  )
}
