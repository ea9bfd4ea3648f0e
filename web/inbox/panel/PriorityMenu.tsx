import { For } from 'solid-js'
import ChevronsUpDown from '~icons/lucide/chevrons-up-down'
import { PRIORITIES, type Priority } from '../../../core/conversation/entries.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { Menu, MenuChoice } from '../../ui/Menu.tsx'
import { PRIORITY_WORDS, PriorityMark } from '../list/PriorityMark.tsx'
import { createChange } from './createChange.ts'
import styles from './FactMenu.module.css'

/** How pressing the conversation is, and the choice of another (CV9). */
export function PriorityMenu(props: { id: ConversationId; priority: Priority }) {
  const { to: change } = createChange(props.id)
  const choose = (priority: Priority) => void (priority === props.priority || change({ priority }))
  return (
    <span class={styles.menu}>
      <Menu
        label={`Priority: ${PRIORITY_WORDS[props.priority]}`}
        tip={false}
        trigger={
          <span class={styles.current}>
            <PriorityMark priority={props.priority} />
            {PRIORITY_WORDS[props.priority]}
            <ChevronsUpDown aria-hidden="true" />
          </span>
        }
      >
        <For each={[...PRIORITIES].reverse()}>
          {(priority) => (
            <MenuChoice
              closes
              icon={<PriorityMark priority={priority} />}
              chosen={priority === props.priority}
              onSelect={() => choose(priority)}
            >
              {PRIORITY_WORDS[priority]}
            </MenuChoice>
          )}
        </For>
      </Menu>
    </span>
  )
}
