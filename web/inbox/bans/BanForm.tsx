import { createSignal, For, Show } from 'solid-js'
import { BAN_SCOPES, type BanKind, type BanScope } from '../../../core/bans/ban.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { nameOfContact } from '../list/preview.ts'
import settings from '../settings/Settings.module.css'
import type { BanActs } from './createBan.ts'
import { createTerms } from './createTerms.ts'
import { TermFields } from './TermFields.tsx'

const KINDS = [
  {
    kind: 'ban',
    name: 'Ban',
    means: 'They cannot start a new conversation. The ones they have go on.',
  },
  {
    kind: 'block',
    name: 'Block',
    means: 'Also, no message passes in the ones they have, in either direction. Notes stay possible.',
  },
] as const satisfies ReadonlyArray<{ kind: BanKind; name: string; means: string }>

/** "Ban or block…": both presets, whom it is to hold, how long and why (BN3, BN4). */
export function BanForm(props: { ban: BanActs }) {
  const [kind, setKind] = createSignal<BanKind>('ban')
  const [scope, setScope] = createSignal<BanScope>('contact')
  const [isOwn, setIsOwn] = createSignal(false)
  const terms = createTerms()
  const form = createForm({
    check: () => faultsIn(terms.faults()),
    send: () => props.ban.place({ scope: scope(), kind: kind(), ...terms.values(), evenMine: isOwn() }),
    explain: ({ code }) => {
      if (code === 'own_address') setIsOwn(true)
      return undefined
    },
  })
  const contact = () => props.ban.contact()
  const name = () => nameOfContact(contact() ?? { id: '', name: null, email: null, createdAt: null })
  const action = () => {
    if (scope() === 'network') return isOwn() ? 'Ban all the same' : 'Ban address'
    return kind() === 'ban' ? 'Ban visitor' : 'Block visitor'
  }
  const reaches = () => {
    const email = contact()?.email
    if (scope() === 'device') return 'Only the browser that this conversation came from.'
    if (scope() === 'network') return 'Nothing is answered there any more, to nobody. Only while they are here.'
    return email ? `Also whoever gives the address ${email}.` : 'On every device that is known to be theirs.'
  }
  return (
    <Dialog title={`Ban or block ${name()}`} onClose={() => props.ban.cancel()}>
      <form class={settings.form} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <Show when={scope() !== 'network'}>
          <fieldset class={settings.roles}>
            <legend>What to do</legend>
            <For each={KINDS}>
              {(choice) => (
                <label>
                  <input
                    type="radio"
                    name="kind"
                    value={choice.kind}
                    autofocus={choice.kind === 'ban'}
                    checked={kind() === choice.kind}
                    onChange={() => setKind(choice.kind)}
                  />
                  {choice.name}
                  <span>{choice.means}</span>
                </label>
              )}
            </For>
          </fieldset>
        </Show>
        <SelectField
          label="Whom"
          hint={reaches()}
          value={scope()}
          options={[
            { value: 'contact', label: 'This contact' },
            { value: 'device', label: 'This device' },
            { value: 'network', label: 'Their IP address' },
          ]}
          onChange={(event) => {
            const chosen = event.currentTarget.value
            setScope(BAN_SCOPES.find((each) => each === chosen) ?? 'contact')
            setIsOwn(false)
          }}
        />
        <TermFields terms={terms} form={form} />
        <DialogActions>
          <Button kind="quiet" onClick={() => props.ban.cancel()}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" busy={form.busy()}>
            {action()}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
