import { For, Show } from 'solid-js'
import ChevronsUpDown from '~icons/lucide/chevrons-up-down'
import { STATUSES_BY_HAND, type Status, type StatusByHand } from '../../../core/conversation/entries.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { Menu, MenuChoice } from '../../ui/Menu.tsx'
import type { Closing } from '../conversation/createClosing.ts'
import type { Permissions } from '../conversation/createPermissions.ts'
import { StatusPill } from '../conversation/StatusPill.tsx'
import { STATUS_WORDS } from '../list/preview.ts'
import { createChange } from './createChange.ts'
import styles from './FactMenu.module.css'

interface StatusMenuProps {
  id: ConversationId
  status: Status
  permissions: Pick<Permissions, 'mayReopen' | 'hasAssistant'>
  closing: Pick<Closing, 'close'>
}

/** How the conversation stands, and what an agent may set by hand (CV2); closed for good, it stays so (CV4). */
export function StatusMenu(props: StatusMenuProps) {
  const { to: change } = createChange(props.id)
  const choices = () => STATUSES_BY_HAND.filter((to) => to !== 'active_ai' || props.permissions.hasAssistant())
  function choose(status: StatusByHand) {
    const set = () => void change({ status })
    if (status === 'closed' && status !== props.status) props.closing.close(set)
    else if (status !== props.status) set()
  }
  return (
    <Show
      when={props.status !== 'closed' || props.permissions.mayReopen()}
      fallback={<StatusPill status={props.status} />}
    >
      <span class={styles.menu}>
        <Menu
          label={`Status: ${STATUS_WORDS[props.status]}`}
          tip={false}
          trigger={
            <span class={styles.current}>
              <StatusPill status={props.status} />
              <ChevronsUpDown aria-hidden="true" />
            </span>
          }
        >
          <For each={choices()}>
            {(status) => (
              <MenuChoice closes chosen={status === props.status} onSelect={() => choose(status)}>
                {STATUS_WORDS[status]}
              </MenuChoice>
            )}
          </For>
        </Menu>
      </span>
    </Show>
  )
}
