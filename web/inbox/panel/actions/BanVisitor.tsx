import { Show } from 'solid-js'
import Ban from '~icons/lucide/ban'
import { BanDialog } from '../../bans/BanDialog.tsx'
import { createBan } from '../../bans/createBan.ts'
import { ActionButton } from './ActionButton.tsx'
import type { ActionProps } from './Actions.tsx'

/** Shuts the visitor out, or lets them in again (BN1–BN4); for who has the right to. */
export function BanVisitor(props: ActionProps) {
  const ban = createBan(props.id, () => props.row)
  return (
    <Show when={ban.may()}>
      <ActionButton
        icon={<Ban aria-hidden="true" />}
        tone={ban.kind() ? undefined : 'danger'}
        busy={ban.busy()}
        onClick={() => void (ban.kind() ? ban.lift() : ban.ask())}
      >
        {ban.kind() ? 'Unban visitor' : 'Ban visitor'}
      </ActionButton>
      <BanDialog ban={ban} />
    </Show>
  )
}
