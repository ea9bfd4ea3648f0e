/**
 * The rows of the list as plain data: which of two versions is newer, and what a view shows of those that are known.
 * Live rows and pages of the index come in any order; only these functions decide what they add up to.
 */
import type { Conversation } from '../../../core/api/conversations.ts'
import { compareRows, type Filter, matches, type Reading } from '../../../core/conversation/filter.ts'
import type { ConversationRow } from '../../../core/conversation/row.ts'

/** A row with the contact's fields joined. */
export type InboxRow = Omit<Conversation, 'reader'> &
  Omit<ConversationRow, 'contact' | 'deletedAt' | 'asks' | 'teamScore'>
/** A row as the API answers it: with how far one has read it. */
export type ReadRow = InboxRow & Pick<Conversation, 'reader'>

export interface RowPage {
  list: ReadRow[]
  /** Cursor of the next page, null on the last. */
  next: string | null
}

/** The oldest row of what has been read of a view without a gap; null where all has been read. */
export type Boundary = Pick<InboxRow, 'lastMessageAt' | 'id'> | null

/** A live row carries only the contact's id, and nothing of bans: what was known before is kept. */
export function withContact(row: ConversationRow, known: InboxRow | undefined): InboxRow {
  const nameless = { id: row.contact, name: null, email: null, createdAt: null }
  const { deletedAt: _, asks: __, teamScore: ___, ...same } = row
  const contact = known?.contact.id === row.contact ? known.contact : nameless
  return known?.bans ? { ...same, contact, bans: known.bans } : { ...same, contact }
}

/** The row to keep: the higher revision; between equals the offered one, whose contact may be newer. */
export function newer(known: InboxRow | undefined, offered: InboxRow): InboxRow {
  return known && known.rev > offered.rev ? { ...wearing(known, offered.bans), contact: offered.contact } : offered
}

/** A row with these bans and no others. */
export function wearing(row: InboxRow, bans: InboxRow['bans']): InboxRow {
  const { bans: _, ...free } = row
  return bans && bans.length > 0 ? { ...free, bans } : free
}

/** The rows a view shows, in its order. What lies beyond the boundary waits until the rows before it are read. */
export function listed(
  rows: Iterable<InboxRow>,
  filter: Filter,
  boundary: Boundary,
  readingOf: (row: InboxRow) => Reading,
): InboxRow[] {
  const shown: InboxRow[] = []
  for (const row of rows) {
    if (matches(row, filter, readingOf(row)) && (boundary === null || compareRows(row, boundary) <= 0)) shown.push(row)
  }
  return shown.sort(compareRows)
}
