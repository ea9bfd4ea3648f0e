import { createSignal, Show } from 'solid-js'
import type { Member } from '../../../core/api/accounts.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { IssuedLink } from './IssuedLink.tsx'
import styles from './Settings.module.css'

interface Issued {
  link: string
  expiresAt: number
}

/** Makes a link with which a member sets a new password, and shows it this once. */
export function ResetLinkDialog(props: { member: Member; onClose(): void }) {
  const { request } = useSession()
  const [issued, setIssued] = createSignal<Issued | null>(null)
  const form = createForm({
    send: async () => {
      setIssued(await request<Issued>('POST', `/api/v1/members/${props.member.id}/password-resets`, {}))
    },
  })
  return (
    <Dialog title={issued() ? 'Reset link made' : 'New password by link'} onClose={() => props.onClose()}>
      <Show
        when={issued()}
        fallback={
          <form class={styles.form} onSubmit={form.submit}>
            <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
            <p>
              With the link, <bdi>{props.member.name}</bdi> chooses a new password. The present one works until then.
            </p>
            <DialogActions>
              <Button kind="quiet" onClick={() => props.onClose()}>
                Cancel
              </Button>
              <Button kind="primary" type="submit" busy={form.busy()}>
                Make reset link
              </Button>
            </DialogActions>
          </form>
        }
      >
        {(made) => (
          <IssuedLink
            label="Reset link"
            link={made().link}
            expiresAt={made().expiresAt}
            to={props.member.name}
            onClose={props.onClose}
          />
        )}
      </Show>
    </Dialog>
  )
}
