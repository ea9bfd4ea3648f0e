import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import type { Session } from '../../../core/api/accounts.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { localTimeZone, timeZones } from '../welcome/timeZones.ts'
import styles from './MeMenu.module.css'

/** Founds another workspace in this installation, and goes on there, to its first channel. */
export function NewWorkspaceDialog(props: { onClose(): void }) {
  const session = useSession()
  const navigate = useNavigate()
  const [name, setName] = createSignal('')
  const [timeZone, setTimeZone] = createSignal(localTimeZone())
  const known = (from: Session) => from.memberships.map(({ workspace }) => workspace.id)
  const form = createForm({
    check: () => faultsIn({ name: name().trim() === '' && 'Give the workspace a name.' }),
    send: async () => {
      const state = session.state()
      const before = 'session' in state ? known(state.session) : []
      const body = { name: name().trim(), timeZone: timeZone() }
      const next = await session.request<Session>('POST', '/api/v1/workspaces', body)
      const founded = known(next).find((id) => !before.includes(id))
      props.onClose()
      navigate('/settings/channels')
      session.adopt(next)
      if (founded) session.choose(founded)
    },
  })
  return (
    <Dialog title="New workspace" onClose={() => props.onClose()}>
      <p>A workspace has its own conversations, members and channels. You will be its owner.</p>
      <form class={styles.form} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <TextField
          label="Name"
          autocomplete="off"
          autofocus
          error={form.fault('name')}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <SelectField
          label="Time zone"
          options={timeZones()}
          value={timeZone()}
          error={form.fault('timeZone')}
          onChange={(event) => setTimeZone(event.currentTarget.value)}
        />
        <DialogActions>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={form.busy()}>
            Create workspace
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
