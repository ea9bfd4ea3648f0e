import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { api } from '../../lib/api.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createTitle } from '../app/createTitle.ts'
import { createForm } from '../form/createForm.ts'
import { emailFault, faultsIn } from '../form/faults.ts'
import styles from './Welcome.module.css'
import { Welcome } from './Welcome.tsx'

/** /dashboard/forgotten-password: a link by mail, with the same words whether or not there is an account. */
export function ForgottenPage() {
  const [email, setEmail] = createSignal('')
  const [asked, setAsked] = createSignal<string | null>(null)
  createTitle(() => 'Forgotten password')
  const form = createForm({
    check: () => faultsIn({ email: emailFault(email()) }),
    send: async () => {
      await api('POST', '/api/v1/password-reset-requests', { body: { email: email().trim() } })
      setAsked(email().trim())
    },
  })
  return (
    <Show
      when={asked()}
      fallback={
        <Welcome title="Forgotten password" lead="We mail you a link with which you choose a new one.">
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
            <Button kind="primary" type="submit" busy={form.busy()}>
              Send link
            </Button>
          </form>
          <p class={styles.aside}>
            <A href="/sign-in">Back to sign in</A>
          </p>
        </Welcome>
      }
    >
      {(address) => (
        <Welcome
          title="Look into your mail"
          lead={
            <>
              If there is an account for <bdi>{address()}</bdi>, a link is on its way. It works once, within an hour.
            </>
          }
        >
          <p class={styles.aside}>
            Nothing there? Look into the spam folder, or ask an owner or administrator for a link.{' '}
            <A href="/sign-in">Back to sign in</A>
          </p>
        </Welcome>
      )}
    </Show>
  )
}
