import { createSignal, Show } from 'solid-js'
import type { Ban } from '../../../core/api/bans.ts'
import { parseNetwork } from '../../../core/bans/network.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog, DialogActions } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Message } from '../../ui/Message.tsx'
import { createForm } from '../form/createForm.ts'
import { faultsIn } from '../form/faults.ts'
import { useSession } from '../session/SessionProvider.tsx'
import settings from '../settings/Settings.module.css'
import { createTerms } from './createTerms.ts'
import { TermFields } from './TermFields.tsx'

interface NetworkDialogProps {
  onPlaced(ban: Ban): void
  onClose(): void
}

const FAULTS = {
  not_a_network: 'Write an address like 203.0.113.7, or a network like 203.0.113.0/24 or 2001:db8::/64.',
  too_wide: 'This network is too wide: at most a /8, in IPv6 a /16.',
} as const

/** Bans an address or a network (BN4). One that holds one's own address is asked about once more. */
export function NetworkDialog(props: NetworkDialogProps) {
  const { request } = useSession()
  const [network, setNetwork] = createSignal('')
  const [isOwn, setIsOwn] = createSignal(false)
  const terms = createTerms()
  const fault = () => {
    const read = parseNetwork(network())
    return typeof read === 'string' && FAULTS[read]
  }
  const form = createForm({
    check: () => faultsIn({ target: fault(), ...terms.faults() }),
    send: async () => {
      const body = { scope: 'network', target: network().trim(), ...terms.values(), evenMine: isOwn() }
      props.onPlaced(await request<Ban>('POST', '/api/v1/bans', body))
    },
    explain: ({ code, detail }) => {
      if (code === 'own_address') setIsOwn(true)
      return code === 'own_address' ? detail : undefined
    },
  })
  return (
    <Dialog title="Ban a network" onClose={() => props.onClose()}>
      <form class={settings.form} onSubmit={form.submit} novalidate>
        <Show when={form.faults().sentence}>{(sentence) => <Message tone="bad">{sentence()}</Message>}</Show>
        <TextField
          label="Address or network"
          hint="Like 203.0.113.7 or 203.0.113.0/24. In IPv6 ban a /64: whoever has one address has all of it."
          autocomplete="off"
          spellcheck={false}
          autofocus
          dir="ltr"
          value={network()}
          error={form.fault('target')}
          onInput={(event) => {
            setNetwork(event.currentTarget.value)
            setIsOwn(false)
          }}
        />
        <TermFields terms={terms} form={form} />
        <DialogActions>
          <Button kind="quiet" onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" busy={form.busy()}>
            {isOwn() ? 'Ban all the same' : 'Ban network'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
