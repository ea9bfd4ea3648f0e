import { compareRows, type View } from '../../../core/conversation/filter.ts'
import type { Rows } from './createRows.ts'
import type { InboxRow } from './rows.ts'

/** The rows of a view in order. What is open keeps its place in "Unread", though opening it has made it read. */
export function shownRows(rows: Pick<Rows, 'view' | 'row'>, view: View, openId: string | null): InboxRow[] {
  const list = rows.view(view)
  const open = view === 'unread' && openId !== null ? rows.row(openId) : undefined
  return !open || list.some(({ id }) => id === openId) ? list : [...list, open].sort(compareRows)
}
