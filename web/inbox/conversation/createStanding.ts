import { DEFAULT_PRIORITY, type Priority, type Status } from '../../../core/conversation/entries.ts'
import type { MemberId } from '../../../core/ids.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import type { InboxRow } from '../list/rows.ts'

export interface Standing {
  /** Undefined until anything is known. */
  status(): Status | undefined
  assignee(): MemberId | null
  priority(): Priority
  collaborators(): readonly MemberId[]
}

/** How a conversation stands: what its socket told, and until then what the row of the list knows. */
export function createStanding(live: LiveConversation, row: () => InboxRow | undefined): Standing {
  return {
    status: () => (live.loaded() ? live.state.public.status : row()?.status),
    assignee: () => (live.loaded() ? live.state.team?.assignee : row()?.assignee) ?? null,
    priority: () => (live.loaded() ? live.state.team?.priority : row()?.priority) ?? DEFAULT_PRIORITY,
    collaborators: () => (live.loaded() ? live.state.team?.collaborators : row()?.collaborators) ?? [],
  }
}
