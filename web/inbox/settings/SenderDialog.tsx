import { createSignal, Show } from 'solid-js'
import type { Sender } from '../../../core/api/senders.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { createForm } from '../form/createForm.ts'
import { emailFault, faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import styles from './Settings.module.css'

interface SenderDialogProps {
  /** One that waits for its code; null to add one. */
  sender: Sender | null
  onChanged(): void
  onClose(): void
}

/** Adds an address, and verifies it by the code that is mailed to it. */
export function SenderDialog(props: SenderDialogProps) {
  const [added, setAdded] = createSignal<Sender | null>(null)
  const sender = () => added() ?? props.sender
  function add(made: Sender) {
    setAdded(made)
    props.onChanged()
  }
  return (
    <Dialog title={sender() ? 'Verify the address' : 'Add an address'} onClose={() => props.onClose()}>
      <Show when={sender()} fallback={<AddressForm onAdded={add} onClose={props.onClose} />}>
        {(waiting) => <CodeForm sender={waiting()} onVerified={props.onChanged} onClose={props.onClose} />}
      </Show>
    </Dialog>
  )
}

function AddressForm(props: { onAdded(sender: Sender): void; onClose(): void }) {
  const { request } = useSession()
  const [address, setAddress] = createSignal('')
  const form = createForm({
    check: () => faultsIn({ address: emailFault(address()) }),
    send: async () => {
      props.onAdded(await request<Sender>('POST', '/api/v1/senders', { address: address().trim() }))
    },
  })
  return (
    <form class={styles.form} onSubmit={form.submit} novalidate>
      <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
      <TextField
        label="Email"
        type="email"
        autocomplete="off"
        autofocus
        hint="We mail a code to it, so that nobody writes in the name of somebody else."
        error={form.fault('address')}
        onInput={(event) => setAddress(event.currentTarget.value)}
      />
      <DialogActions>
        <Button kind="quiet" onClick={() => props.onClose()}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" busy={form.busy()}>
          Send code
        </Button>
      </DialogActions>
    </form>
  )
}

function CodeForm(props: { sender: Sender; onVerified(): void; onClose(): void }) {
  const { request } = useSession()
  const notify = useNotify()
  const [code, setCode] = createSignal('')
  const { attempt, busy } = createAttempt(notify)
  const form = createForm({
    check: () => faultsIn({ code: !/^\d{6}$/.test(code().trim()) && 'Enter the six digits of the mail.' }),
    send: async () => {
      await request('POST', `/api/v1/senders/${props.sender.id}/verification`, { code: code().trim() })
      notify(`${props.sender.address} is verified.`)
      props.onVerified()
      props.onClose()
    },
  })

  const sendAgain = () =>
    attempt(async () => {
      await request('POST', `/api/v1/senders/${props.sender.id}/codes`, {})
      notify(`Another code is on its way to ${props.sender.address}.`)
    })

  return (
    <form class={styles.form} onSubmit={form.submit} novalidate>
      <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
      <p>
        We mailed a code to <bdi>{props.sender.address}</bdi>. It works for 15 minutes.
      </p>
      <TextField
        label="Code"
        inputmode="numeric"
        autocomplete="one-time-code"
        maxlength={6}
        autofocus
        dir="ltr"
        error={form.fault('code')}
        onInput={(event) => setCode(event.currentTarget.value)}
      />
      <DialogActions>
        <Button kind="quiet" busy={busy()} onClick={() => void sendAgain()}>
          Send another code
        </Button>
        <Button kind="primary" type="submit" busy={form.busy()}>
          Verify
        </Button>
      </DialogActions>
    </form>
  )
}
