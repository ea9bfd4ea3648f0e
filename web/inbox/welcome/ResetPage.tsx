import { createSignal, Match, Show, Switch } from 'solid-js'
import { api } from '../../lib/api.ts'
import { Button } from '../../ui/Button.tsx'
import { PasswordField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createTitle } from '../app/createTitle.ts'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { takeLinkToken } from './linkToken.ts'
import { PASSWORD_MIN, passwordFault } from './password.ts'
import styles from './Welcome.module.css'
import { Welcome } from './Welcome.tsx'

/** /dashboard/reset-password#token=…: a new password for whoever got the link. */
export function ResetPage() {
  const token = takeLinkToken()
  const [done, setDone] = createSignal(false)
  createTitle(() => 'New password')
  return (
    <Switch fallback={<NewPassword token={token ?? ''} onDone={() => setDone(true)} />}>
      <Match when={done()}>
        <Welcome title="Your password is changed" lead="Sign in with the new one.">
          <a href="/dashboard/sign-in">Sign in</a>
        </Welcome>
      </Match>
      <Match when={token === null}>
        <Welcome
          title="Open the whole reset link"
          lead="The secret part of the link is missing: copy it from http to the end."
        >
          <a href="/dashboard/sign-in">Back to sign in</a>
        </Welcome>
      </Match>
    </Switch>
  )
}

function NewPassword(props: { token: string; onDone(): void }) {
  const [password, setPassword] = createSignal('')
  const form = createForm({
    check: () => faultsIn({ password: passwordFault(password()) }),
    send: async () => {
      await api('POST', '/api/v1/password-resets', { body: { token: props.token, password: password() } })
      props.onDone()
    },
    explain: (problem) =>
      problem.status === 404 || problem.errors?.some(({ path }) => path === 'token')
        ? 'This link has been used or has expired. Ask for a new one.'
        : undefined,
  })
  return (
    <Welcome title="Choose a new password" lead="You will be signed out everywhere else.">
      <form class={styles.short} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <PasswordField
          label="New password"
          autocomplete="new-password"
          autofocus
          minLength={PASSWORD_MIN}
          error={form.fault('password')}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <Button kind="primary" type="submit" busy={form.busy()}>
          Change password
        </Button>
      </form>
    </Welcome>
  )
}
