import { createSignal, For, Show } from 'solid-js'
import type { Invitation } from '../../../core/api/accounts.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { emailFault, faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { IssuedLink } from './IssuedLink.tsx'
import { ROLE_WORDS } from './roles.ts'
import styles from './Settings.module.css'

interface Issued {
  invitation: Invitation
  link: string
  mailed: boolean
}

/** Makes an invitation and shows its link, this once. */
export function InviteDialog(props: { onIssued(): void; onClose(): void }) {
  const { request } = useSession()
  const [email, setEmail] = createSignal('')
  const [role, setRole] = createSignal<Invitation['role']>('agent')
  const [issued, setIssued] = createSignal<Issued | null>(null)
  const form = createForm({
    check: () => faultsIn({ email: emailFault(email()) }),
    send: async () => {
      setIssued(await request<Issued>('POST', '/api/v1/invitations', { email: email().trim(), role: role() }))
      props.onIssued()
    },
  })
  return (
    <Dialog title={issued() ? 'Invitation made' : 'Invite a member'} onClose={() => props.onClose()}>
      <Show
        when={issued()}
        fallback={
          <form class={styles.form} onSubmit={form.submit} novalidate>
            <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
            <TextField
              label="Email"
              type="email"
              autocomplete="off"
              autofocus
              hint="The link works for this address only, once, within seven days."
              error={form.fault('email')}
              onInput={(event) => setEmail(event.currentTarget.value)}
            />
            <fieldset class={styles.roles}>
              <legend>Role</legend>
              <For each={['agent', 'admin'] as const}>
                {(choice) => (
                  <label>
                    <input
                      type="radio"
                      name="role"
                      value={choice}
                      checked={role() === choice}
                      onChange={() => setRole(choice)}
                    />
                    {ROLE_WORDS[choice].name}
                    <span>{ROLE_WORDS[choice].can}</span>
                  </label>
                )}
              </For>
            </fieldset>
            <DialogActions>
              <Button kind="quiet" onClick={() => props.onClose()}>
                Cancel
              </Button>
              <Button kind="primary" type="submit" busy={form.busy()}>
                Send invitation
              </Button>
            </DialogActions>
          </form>
        }
      >
        {(made) => (
          <IssuedLink
            label="Invitation link"
            link={made().link}
            expiresAt={made().invitation.expiresAt}
            to={made().invitation.email}
            mailed={made().mailed}
            onClose={props.onClose}
          />
        )}
      </Show>
    </Dialog>
  )
}
