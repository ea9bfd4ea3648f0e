import { createSignal, Show } from 'solid-js'
import type { Group } from '../../../core/api/groups.ts'
import { EVERYONE, RIGHT_WORDS, RIGHTS } from '../../../core/rights.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { Checks } from './Checks.tsx'
import styles from './Settings.module.css'

interface GroupDialogProps {
  /** Null for a new one. */
  group: Group | null
  onSaved(): void
  onClose(): void
}

/** Makes a group or changes one: its name, its rights, and who is in it. Of the built-in one, the rights alone. */
export function GroupDialog(props: GroupDialogProps) {
  const { request } = useSession()
  const inbox = useInbox()
  // Made anew for each group.
  const { group } = props
  const isEveryone = group?.id === EVERYONE
  const [name, setName] = createSignal(group?.name ?? '')
  const [rights, setRights] = createSignal<readonly string[]>(group?.rights ?? [])
  const [members, setMembers] = createSignal<readonly string[]>(group?.members ?? [])
  // Owners and administrators hold all rights as it is; one who is in a group may become an agent again.
  const people = () =>
    inbox.members
      .list()
      .filter(({ id, role, disabledAt }) => members().includes(id) || (role === 'agent' && disabledAt === null))
  const form = createForm({
    check: () => faultsIn({ name: name().trim() === '' && 'Give the group a name.' }),
    send: async () => {
      const wanted = { name: name().trim(), rights: rights(), members: members() }
      if (group) await request('PATCH', `/api/v1/groups/${group.id}`, changedIn(group, wanted))
      else await request('POST', '/api/v1/groups', wanted)
      props.onSaved()
    },
  })
  return (
    <Dialog title={group ? `Edit ${group.name}` : 'Add group'} onClose={() => props.onClose()}>
      <form class={styles.form} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <Show
          when={!isEveryone}
          fallback={<p class={styles.consequence}>Every member has these rights, without being put into a group.</p>}
        >
          <TextField
            label="Name"
            autocomplete="off"
            autofocus
            value={name()}
            error={form.fault('name')}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </Show>
        <Checks
          label="Rights"
          choices={RIGHTS.map((right) => ({
            value: right,
            name: RIGHT_WORDS[right].name,
            about: RIGHT_WORDS[right].can,
          }))}
          chosen={rights()}
          onChange={setRights}
        />
        <Show when={!isEveryone}>
          <Checks
            label="Members"
            choices={people().map((member) => ({ value: member.id, name: member.name, about: member.email }))}
            chosen={members()}
            none="There are no agents yet: owners and admins have all rights already."
            onChange={setMembers}
          />
        </Show>
        <DialogActions>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={form.busy()}>
            {group ? 'Save' : 'Add group'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

/** What was left as it was may be another by now, as somebody else decided. */
function changedIn(group: Group, wanted: { name: string; rights: readonly string[]; members: readonly string[] }) {
  const [rights, members] = [
    wanted.rights.join() !== group.rights.join(),
    wanted.members.join() !== group.members.join(),
  ]
  return {
    ...(wanted.name !== group.name && { name: wanted.name }),
    ...(rights && { rights: wanted.rights }),
    ...(members && { members: wanted.members }),
  }
}
