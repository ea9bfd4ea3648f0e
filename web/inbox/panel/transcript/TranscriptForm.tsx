import { createSignal, onMount, Show } from 'solid-js'
import type { Sender } from '../../../../core/api/senders.ts'
import type { NewTranscript } from '../../../../core/api/transcripts.ts'
import type { ClientId, ConversationId } from '../../../../core/ids.ts'
import { nextClientId } from '../../../lib/clientIds.ts'
import { Button } from '../../../ui/Button.tsx'
import { DialogActions } from '../../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../../ui/Field.tsx'
import { Message } from '../../../ui/Message.tsx'
import { useNotify } from '../../../ui/Notices.tsx'
import { createForm } from '../../form/createForm.ts'
import { emailFault, faultsIn } from '../../form/faults.ts'
import { useMe, useSession } from '../../session/SessionProvider.tsx'
import styles from './Transcript.module.css'

interface TranscriptFormProps {
  id: ConversationId
  email: string | null
  /** At least one. */
  senders: readonly Sender[]
  onClose(): void
}

/** TR1: every error at its field or above them; what was typed stays. */
export function TranscriptForm(props: TranscriptFormProps) {
  const { request } = useSession()
  const me = useMe()
  const notify = useNotify()
  const [to, setTo] = createSignal(props.email ?? '')
  const [from, setFrom] = createSignal(props.senders[0]?.address ?? '')
  const [name, setName] = createSignal(me().membership.workspace.name)
  const wanted = () => ({ to: to().trim(), from: from(), name: name().trim() })
  const idFor = createRequestIds()
  let first: HTMLInputElement | undefined
  // The dialog had opened before it was known from where can be sent.
  onMount(() => first?.focus())
  const form = createForm({
    check: () =>
      faultsIn({ to: emailFault(to()), name: name().trim() === '' && 'Enter the name that is shown as the sender.' }),
    send: async () => {
      const asked = wanted()
      await request('POST', `/api/v1/conversations/${props.id}/transcripts`, { ...asked, ...idFor(asked) })
      notify(`The transcript is on its way to ${asked.to}.`)
      props.onClose()
    },
  })
  return (
    <form class={styles.form} onSubmit={form.submit} novalidate>
      <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
      <TextField
        label="To"
        type="email"
        autocomplete="off"
        ref={(input) => {
          first = input
        }}
        dir="ltr"
        value={to()}
        hint={props.email === null ? 'The visitor has not given an email address.' : undefined}
        error={form.fault('to')}
        onInput={(event) => setTo(event.currentTarget.value)}
      />
      <SelectField
        label="From"
        value={from()}
        options={props.senders.map(({ address }) => ({ value: address, label: address }))}
        hint={props.senders.find(({ address }) => address === from())?.route === 'reply_to' ? REPLIES : undefined}
        error={form.fault('from')}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextField
        label="Sender name"
        autocomplete="off"
        maxlength={80}
        value={name()}
        error={form.fault('name')}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <p class={styles.about}>
        It holds the messages that the visitor can read, and nothing else: no notes, no activities.
      </p>
      <DialogActions>
        <Button kind="quiet" onClick={() => props.onClose()}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" busy={form.busy()}>
          Send transcript
        </Button>
      </DialogActions>
    </form>
  )
}

const REPLIES = 'Sent from the address of this installation; answers come to this one.'

/**
 * The same request keeps its id: where the answer to the first got lost,
 * the second is recognised and nothing is sent twice.
 */
function createRequestIds() {
  let last: { asked: string; id: ClientId } | null = null
  return (wanted: Pick<NewTranscript, 'to' | 'from' | 'name'>) => {
    const asked = JSON.stringify(wanted)
    const isRepeat = last?.asked === asked
    last = isRepeat && last ? last : { asked, id: nextClientId() }
    return isRepeat ? { clientId: last.id, retry: true } : { clientId: last.id }
  }
}
