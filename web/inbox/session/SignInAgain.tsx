import { createSignal, onCleanup, onMount, Show } from 'solid-js'
import type { Session } from '../../../core/api/accounts.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { PasswordField, TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { useSession } from './SessionProvider.tsx'
import styles from './SignInAgain.module.css'

/** Over the page whenever the session has expired; behind it everything stays as it was. */
export function SignInAgain() {
  const session = useSession()
  const expired = () => {
    const state = session.state()
    return state.status === 'expired' ? state.session : null
  }
  return <Show when={expired()}>{(present) => <Expired session={present()} />}</Show>
}

function Expired(props: { session: Session }) {
  const [later, setLater] = createSignal(false)
  return (
    <Show when={later()} fallback={<SignInAgainDialog session={props.session} onLater={() => setLater(true)} />}>
      <div class={styles.bar} role="alert">
        You are signed out: nothing new arrives here.
        <Button kind="primary" onClick={() => setLater(false)}>
          Sign in again
        </Button>
      </div>
    </Show>
  )
}

function SignInAgainDialog(props: { session: Session; onLater(): void }) {
  const session = useSession()
  const [password, setPassword] = createSignal('')
  const form = createForm({
    send: () => session.signIn(props.session.user.email, password()),
  })
  // Signing in in another tab is enough.
  onMount(() => {
    const look = () => void session.load()
    addEventListener('focus', look)
    onCleanup(() => removeEventListener('focus', look))
  })
  return (
    <Dialog title="Sign in again" onClose={() => props.onLater()}>
      <p>Your session has ended. Sign in to go on: what you typed is still here.</p>
      <form class={styles.form} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <TextField label="Email" type="email" autocomplete="username" value={props.session.user.email} readonly />
        <PasswordField
          label="Password"
          autocomplete="current-password"
          autofocus
          error={form.fault('password')}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <DialogActions>
          <Button kind="quiet" onClick={() => props.onLater()}>
            Not now
          </Button>
          <Button kind="primary" type="submit" busy={form.busy()}>
            Sign in
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
