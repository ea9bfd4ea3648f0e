/**
 * Pages of lists that begin with the newest: sorted by a time, and by the id where two have the same. A cursor is where
 * a page ended, so that nothing is shown twice or left out, however much comes meanwhile.
 */
import { and, eq, lt, or, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'

/** Where a page ended: epoch milliseconds, and the id of its last line. */
export interface Cursor {
  at: number
  id: string
}

/** As it travels in an address. */
export function encodeCursor({ at, id }: Cursor): string {
  return `${at}.${id}`
}

/** Null for a text that is no cursor of ours. */
export function decodeCursor(text: string): Cursor | null {
  const match = /^(\d{1,15})\.(\w{1,64})$/.exec(text)
  return match?.[1] && match[2] ? { at: Number(match[1]), id: match[2] } : null
}

/** What comes after a page by these columns; everything where there was none before. */
export function beyond(at: SQLiteColumn, id: SQLiteColumn, after: Cursor | null): SQL | undefined {
  return after ? or(lt(at, after.at), and(eq(at, after.at), lt(id, after.id))) : undefined
}

/** A page out of what was found with one more than its limit, which tells whether there is another. */
export function pageOf<Line>(
  found: readonly Line[],
  limit: number,
  cursorOf: (line: Line) => Cursor,
): { list: Line[]; next: string | null } {
  const list = found.slice(0, limit)
  const last = found.length > limit ? list.at(-1) : undefined
  return { list, next: last ? encodeCursor(cursorOf(last)) : null }
}
