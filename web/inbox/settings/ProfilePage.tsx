import { createSignal, Show } from 'solid-js'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { useMe, useSession } from '../session/SessionProvider.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import styles from './Settings.module.css'

/** /dashboard/settings/profile: how one is called here, and the way out of every device. */
export function ProfilePage() {
  const session = useSession()
  const me = useMe()
  const { members } = useInbox()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const [name, setName] = createSignal(me().membership.name)
  const [leaving, setLeaving] = createSignal(false)
  createTitle(() => 'Profile')
  const form = createForm({
    check: () => faultsIn({ name: name().trim() === '' && 'Enter the name that others see.' }),
    send: async () => {
      await session.request('PATCH', '/api/v1/me', { name: name().trim() })
      await Promise.all([session.load(), members.refresh()])
      notify('Your name was changed.')
    },
  })

  async function signOutEverywhere() {
    if (!(await attempt(session.signOutEverywhere))) setLeaving(false)
  }

  return (
    <>
      <section class={styles.section}>
        <div class={styles.head}>
          <div>
            <h2>Profile</h2>
            <p>{me().user.email}</p>
          </div>
        </div>
        <form class={styles.form} onSubmit={form.submit} novalidate>
          <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
          <TextField
            label="Display name"
            hint="Visitors and colleagues see it. What you wrote before keeps the name it had."
            autocomplete="name"
            value={name()}
            error={form.fault('name')}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <div>
            <Button kind="primary" type="submit" busy={form.busy()}>
              Save name
            </Button>
          </div>
        </form>
      </section>
      <section class={styles.section}>
        <div class={styles.head}>
          <div>
            <h3>Sessions</h3>
            <p>If a device was lost, end all sessions and sign in again where you are.</p>
          </div>
          <Button kind="danger" onClick={() => setLeaving(true)}>
            Sign out everywhere
          </Button>
        </div>
      </section>
      <Show when={leaving()}>
        <ConfirmDialog
          title="Sign out everywhere?"
          action="Sign out everywhere"
          onConfirm={signOutEverywhere}
          onClose={() => setLeaving(false)}
        >
          Every browser in which you are signed in loses its session at once, this one too. What is half written there
          may be lost.
        </ConfirmDialog>
      </Show>
    </>
  )
}
