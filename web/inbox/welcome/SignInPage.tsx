import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createEffect, createResource, createSignal, onMount, Show } from 'solid-js'
import { api } from '../../lib/api.ts'
import { Button } from '../../ui/Button.tsx'
import { PasswordField, TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createTitle } from '../app/createTitle.ts'
import { createForm } from '../form/createForm.ts'
import { emailFault, faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import styles from './Welcome.module.css'
import { Welcome } from './Welcome.tsx'

/** /dashboard/sign-in?to=…: leads on to the page that was asked for. */
export function SignInPage() {
  const session = useSession()
  const navigate = useNavigate()
  const [search] = useSearchParams<{ to?: string }>()
  const [email, setEmail] = createSignal('')
  const [password, setPassword] = createSignal('')
  const [installation] = createResource(() =>
    api<{ setUp: boolean; mail: boolean }>('GET', '/api/v1/installation').catch(() => null),
  )
  createTitle(() => 'Sign in')
  onMount(() => {
    if (session.state().status === 'loading') void session.load()
  })
  createEffect(() => {
    if (session.state().status === 'signed_in') navigate(destination(search.to), { replace: true })
  })
  const form = createForm({
    check: () => faultsIn({ email: emailFault(email()), password: password() === '' && 'Enter your password.' }),
    send: () => session.signIn(email().trim(), password()),
  })
  return (
    <Welcome title="Sign in">
      <Show when={installation()?.setUp === false}>
        <Message tone="warn">
          Foyer has not been set up yet. Open the set-up link that was printed when it was started.
        </Message>
      </Show>
      <form class={styles.short} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <TextField
          label="Email"
          type="email"
          autocomplete="username"
          autofocus
          error={form.fault('email')}
          onInput={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordField
          label="Password"
          autocomplete="current-password"
          error={form.fault('password')}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <Button kind="primary" type="submit" busy={form.busy()}>
          Sign in
        </Button>
      </form>
      <Show when={installation()?.mail} fallback={<ByOthers />}>
        <p class={styles.aside}>
          <A href="/forgotten-password">Forgotten password?</A>
        </p>
      </Show>
    </Welcome>
  )
}

/** The way back in where no mail is sent. */
function ByOthers() {
  return (
    <details class={styles.aside}>
      <summary>Forgotten password?</summary>
      <p>
        Ask an owner or administrator for a reset link: they make one in Settings → Members. If you are the only one,
        the person who runs this installation can make one with <code>npm run reset-password</code>.
      </p>
    </details>
  )
}

/** Only places of the dashboard itself: anything else in the address was put there by somebody else. */
function destination(to: string | undefined): string {
  return to && /^\/(inbox|reports|settings)(\/|$)/.test(to) ? to : '/inbox/all'
}
