import { DEFAULT_PRIORITY, type Priority, type Status } from '../../../core/conversation/entries.ts'
import type { Score } from '../../../core/conversation/score.ts'
import type { RatingAsk } from '../../../core/conversation/state.ts'
import type { MemberId } from '../../../core/ids.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import type { InboxRow } from '../list/rows.ts'

export interface Standing {
  /** Undefined until anything is known. */
  status(): Status | undefined
  assignee(): MemberId | null
  priority(): Priority
  collaborators(): readonly MemberId[]
  /** Who asked for a rating, and what came of it (RT3). */
  asks(): readonly RatingAsk[]
  /** What the visitor gave (RT5). */
  rating(): Score | null
  /** What the team gave itself (RT8). */
  score(): Score | null
}

/** How a conversation stands: what its socket told, and until then what the row of the list knows. */
export function createStanding(live: LiveConversation, row: () => InboxRow | undefined): Standing {
  return {
    status: () => (live.loaded() ? live.state.public.status : row()?.status),
    assignee: () => (live.loaded() ? live.state.team?.assignee : row()?.assignee) ?? null,
    priority: () => (live.loaded() ? live.state.team?.priority : row()?.priority) ?? DEFAULT_PRIORITY,
    collaborators: () => (live.loaded() ? live.state.team?.collaborators : row()?.collaborators) ?? [],
    asks: () => live.state.team?.asks ?? [],
    rating: () => (live.loaded() ? live.state.public.rating?.score : known(row(), 'visitor')) ?? null,
    score: () => (live.loaded() ? live.state.team?.score?.score : known(row(), 'agent')) ?? null,
  }
}

/** The list knows the one score that counts, and whose it is. */
function known(row: InboxRow | undefined, source: 'visitor' | 'agent'): Score | undefined {
  return row?.rating?.source === source ? row.rating.score : undefined
}
