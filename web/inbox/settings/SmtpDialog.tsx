import { createSignal, Show } from 'solid-js'
import type { Smtp } from '../../../core/api/senders.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { PasswordField, SelectField, TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import styles from './Settings.module.css'

interface SmtpDialogProps {
  /** The server of now, or null for the first. */
  smtp: Smtp | null
  onSaved(): void
  onClose(): void
}

const SECURITY = [
  { value: 'tls', label: 'TLS from the start (465)' },
  { value: 'starttls', label: 'STARTTLS (587)' },
] as const
const PORTS: Record<string, string> = { tls: '465', starttls: '587' }

/** Enters a mail server. Its password is asked for each time: it is never shown, and never sent to another server. */
export function SmtpDialog(props: SmtpDialogProps) {
  const { request } = useSession()
  const [host, setHost] = createSignal(props.smtp?.host ?? '')
  const [security, setSecurity] = createSignal<string>(props.smtp?.security ?? 'tls')
  const [port, setPort] = createSignal(String(props.smtp?.port ?? 465))
  const [user, setUser] = createSignal(props.smtp?.user ?? '')
  const [password, setPassword] = createSignal('')
  const form = createForm({
    check: () =>
      faultsIn({
        host: host().trim() === '' && 'Enter the name of the server, like smtp.shop.example.',
        port: !/^\d{1,5}$/.test(port().trim()) && 'Enter a number, like 465.',
        user: user() === '' && 'Enter the user name.',
        password: password() === '' && 'Enter the password.',
      }),
    send: async () => {
      await request('PUT', '/api/v1/smtp', {
        host: host().trim(),
        port: Number(port()),
        security: security(),
        user: user(),
        password: password(),
      })
      props.onSaved()
    },
  })
  function choose(chosen: string) {
    // A port that was typed by hand stays.
    if (port() === PORTS[security()]) setPort(PORTS[chosen] ?? port())
    setSecurity(chosen)
  }
  return (
    <Dialog title="Your mail server" onClose={() => props.onClose()}>
      <form class={styles.form} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <TextField
          label="Server"
          hint="Your provider names it, for example smtp.shop.example."
          autocomplete="off"
          autofocus
          dir="ltr"
          value={host()}
          error={form.fault('host')}
          onInput={(event) => setHost(event.currentTarget.value)}
        />
        <SelectField
          label="Encryption"
          options={SECURITY}
          value={security()}
          onChange={(event) => choose(event.currentTarget.value)}
        />
        <TextField
          label="Port"
          inputmode="numeric"
          dir="ltr"
          value={port()}
          error={form.fault('port')}
          onInput={(event) => setPort(event.currentTarget.value)}
        />
        <TextField
          label="User"
          autocomplete="off"
          dir="ltr"
          value={user()}
          error={form.fault('user')}
          onInput={(event) => setUser(event.currentTarget.value)}
        />
        <PasswordField
          label="Password"
          hint="Kept encrypted and never shown again."
          autocomplete="off"
          error={form.fault('password')}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <DialogActions>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={form.busy()}>
            Save server
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
