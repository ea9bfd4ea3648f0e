import { type Component, createSignal, For } from 'solid-js'
import ChevronDown from '~icons/lucide/chevron-down'
import type { ConversationId } from '../../../../core/ids.ts'
import type { Permissions } from '../../conversation/createPermissions.ts'
import type { Standing } from '../../conversation/createStanding.ts'
import type { InboxRow } from '../../list/rows.ts'
import styles from './Actions.module.css'
import { AskForRating } from './AskForRating.tsx'
import { BanVisitor } from './BanVisitor.tsx'
import { CopyLink } from './CopyLink.tsx'
import { SendTranscript } from './SendTranscript.tsx'

/** What every action is told of the conversation it is about; each takes what it needs. */
export interface ActionProps {
  id: ConversationId
  row: InboxRow
  standing: Standing
  permissions: Pick<Permissions, 'askFault' | 'asksAgainAt'>
}

// CP1: in this order. Ask for rating · Send transcript · Copy link · Ban visitor.
const ACTIONS: readonly Component<ActionProps>[] = [AskForRating, SendTranscript, CopyLink, BanVisitor]

// Folded for all conversations, not only for the one it was folded in.
const [folded, setFolded] = createSignal(false)

/** What can be done for the visitor of this conversation (CP1), first of all sections. */
export function Actions(props: ActionProps) {
  return (
    <details class={styles.section} open={!folded()} onToggle={(event) => setFolded(!event.currentTarget.open)}>
      <summary>
        <h3>Actions</h3>
        <ChevronDown class={styles.chevron} aria-hidden="true" />
      </summary>
      <ul class={styles.actions}>
        <For each={ACTIONS}>{(Action) => <Action {...props} />}</For>
      </ul>
    </details>
  )
}
