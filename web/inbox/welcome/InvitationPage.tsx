import { useNavigate } from '@solidjs/router'
import { createResource, createSignal, Match, Show, Switch } from 'solid-js'
import type { Session } from '../../../core/api/accounts.ts'
import { ApiProblem, api } from '../../lib/api.ts'
import { Button } from '../../ui/Button.tsx'
import { PasswordField, TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { createTitle } from '../app/createTitle.ts'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { takeLinkToken } from './linkToken.ts'
import { PASSWORD_MIN, passwordFault } from './password.ts'
import styles from './Welcome.module.css'
import { Welcome } from './Welcome.tsx'

interface Preview {
  email: string
  workspace: string
  hasAccount: boolean
}

/** /dashboard/invitation#token=…: joins a workspace, with a new account or the one that exists. */
export function InvitationPage() {
  const token = takeLinkToken()
  const [preview] = createResource(async () => {
    if (token === null) return null
    return api<Preview>('POST', '/api/v1/invitations/preview', { body: { token } })
  })
  const lost = () => preview.error instanceof ApiProblem && preview.error.problem.code !== 'offline'
  createTitle(() => 'Invitation')
  return (
    <Switch
      fallback={
        <Welcome title="This invitation is no longer valid" lead="An invitation works once, and for seven days.">
          <p>Ask whoever invited you for a new link.</p>
          <a href="/dashboard/sign-in">Sign in</a>
        </Welcome>
      }
    >
      <Match when={preview.loading}>
        <Welcome title="Your invitation">
          <Skeleton label="Loading your invitation" rows={3} shape="line" />
        </Welcome>
      </Match>
      <Match when={preview.error && !lost()}>
        <Welcome title="Your invitation">
          <Message tone="bad">There is no connection right now. Open the link again in a moment.</Message>
        </Welcome>
      </Match>
      <Match when={!preview.error && preview()}>
        {(present) => <Acceptance preview={present()} token={token ?? ''} />}
      </Match>
    </Switch>
  )
}

function Acceptance(props: { preview: Preview; token: string }) {
  const session = useSession()
  const navigate = useNavigate()
  const [name, setName] = createSignal('')
  const [password, setPassword] = createSignal('')
  const form = createForm({
    check: () =>
      faultsIn({
        name: name().trim() === '' && 'Enter your name: visitors will see it.',
        password: props.preview.hasAccount
          ? password() === '' && 'Enter the password of your account.'
          : passwordFault(password()),
      }),
    send: async () => {
      const body = { token: props.token, name: name().trim(), password: password() }
      session.adopt(await api<Session>('POST', '/api/v1/invitations/accept', { body }))
      navigate('/inbox/all', { replace: true })
    },
    explain: (problem) =>
      problem.status === 401
        ? 'This is not the password of your account. Try again, or ask for a reset link.'
        : problem.status === 404
          ? 'This invitation is no longer valid. Ask whoever invited you for a new link.'
          : undefined,
  })
  return (
    <Welcome
      title={`Join ${props.preview.workspace}`}
      lead={
        props.preview.hasAccount
          ? 'You have an account already. Confirm with its password.'
          : 'Choose how you appear and a password.'
      }
    >
      <form class={styles.short} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <TextField label="Email" type="email" autocomplete="username" value={props.preview.email} readonly />
        <TextField
          label="Your name"
          autocomplete="name"
          hint="Visitors see it when you answer."
          error={form.fault('name')}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <PasswordField
          label="Password"
          autocomplete={props.preview.hasAccount ? 'current-password' : 'new-password'}
          {...(!props.preview.hasAccount && { minLength: PASSWORD_MIN })}
          error={form.fault('password')}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <Button kind="primary" type="submit" busy={form.busy()}>
          Join
        </Button>
      </form>
    </Welcome>
  )
}
