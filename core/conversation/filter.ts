/**
 * Which rows a list shows, and in which order. `matches` must equal the SQL of `worker/db`: live rows are laid over
 * what D1 answered, so the two must never disagree. A test compares them.
 */
import type { MemberId } from '../ids.ts'
import type { ConversationRow } from './row.ts'

/** IB2. Unresolved = not closed; unassigned = no human. */
export const VIEWS = ['all', 'unresolved', 'resolved', 'mine', 'unassigned'] as const
export type View = (typeof VIEWS)[number]

export interface Filter {
  view: View
  /** The member who looks. */
  me: MemberId
}

export function matches(row: Pick<ConversationRow, 'status' | 'assignee'>, filter: Filter): boolean {
  switch (filter.view) {
    case 'all':
      return true
    case 'unresolved':
      return row.status !== 'closed'
    case 'resolved':
      return row.status === 'closed'
    case 'mine':
      return row.assignee === filter.me
    case 'unassigned':
      return row.assignee === null && row.status !== 'closed'
  }
}

type Sorted = Pick<ConversationRow, 'lastMessageAt' | 'id'>

/** Newest message first; the id decides between equals, as it does in the index. */
export function compareRows(a: Sorted, b: Sorted): number {
  return b.lastMessageAt - a.lastMessageAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
}
