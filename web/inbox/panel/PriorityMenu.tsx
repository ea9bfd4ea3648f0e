import { For } from 'solid-js'
import ChevronsUpDown from '~icons/lucide/chevrons-up-down'
import { PRIORITIES, type Priority } from '../../../core/conversation/entries.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { ApiProblem } from '../../lib/api.ts'
import { nextClientId } from '../../lib/clientIds.ts'
import { Menu, MenuChoice } from '../../ui/Menu.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { PRIORITY_WORDS, PriorityMark } from '../list/PriorityMark.tsx'
import { useSession } from '../session/SessionProvider.tsx'
import styles from './PriorityMenu.module.css'

/** How pressing the conversation is, and the choice of another (CV9). */
export function PriorityMenu(props: { id: ConversationId; priority: Priority }) {
  const session = useSession()
  const notify = useNotify()

  async function choose(priority: Priority): Promise<void> {
    if (priority === props.priority) return
    try {
      const change = { priority, clientId: nextClientId() }
      await session.request('PATCH', `/api/v1/conversations/${props.id}`, change)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      notify(error.problem.detail, 'bad')
    }
  }

  return (
    <span class={styles.priority}>
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
              onSelect={() => void choose(priority)}
            >
              {PRIORITY_WORDS[priority]}
            </MenuChoice>
          )}
        </For>
      </Menu>
    </span>
  )
}
