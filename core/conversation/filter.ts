/**
 * Which rows a list shows, and in which order. `matches` must equal the SQL of `worker/db`: live rows are laid over
 * what D1 answered, so the two must never disagree. A test compares them.
 */
import type { MemberId } from '../ids.ts'
import type { ConversationRow } from './row.ts'

/** IB2. Unresolved = not closed; unassigned = no human. */
export const VIEWS = ['all', 'unread', 'unresolved', 'resolved', 'mine', 'unassigned'] as const
export type View = (typeof VIEWS)[number]

export interface Filter {
  view: View
  /** The member who looks. */
  me: MemberId
}

/** How far the member who looks has read a conversation. */
export interface Reading {
  visitor: number
  unread: boolean
}

/** A marker moves on and never back; whether it was set by hand is what was said last. */
export function movedOn<Reader extends Reading & { public: number }>(
  reader: Reader,
  marker: Reading & { public: number },
): Reader {
  return {
    ...reader,
    public: Math.max(reader.public, marker.public),
    visitor: Math.max(reader.visitor, marker.visitor),
    unread: marker.unread,
  }
}

/** IB9: messages of the visitor after the member's marker; at least one where it was marked unread by hand. */
export function unreadCount(visitorMessages: number, reading: Reading): number {
  return Math.max(visitorMessages - reading.visitor, reading.unread ? 1 : 0)
}

export function matches(
  row: Pick<ConversationRow, 'status' | 'assignee' | 'visitorMessages'>,
  filter: Filter,
  reading: Reading,
): boolean {
  switch (filter.view) {
    case 'unread':
      return unreadCount(row.visitorMessages, reading) > 0
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

type Sorted = Pick<ConversationRow, 'lastMessageAt'> & { id: string }

/** Newest message first; the id decides between equals, as it does in the index. */
export function compareRows(a: Sorted, b: Sorted): number {
  return b.lastMessageAt - a.lastMessageAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
}
