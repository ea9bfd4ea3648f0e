/**
 * Holds the index against the conversations themselves, page by page, and writes anew what differs. The conversations
 * are right, always: D1 is only what can be asked of all of them at once. Chats go on meanwhile, so every correction is
 * of the very row that was compared; one that has changed since is left to whoever changed it.
 */
import { type ConversationRow, completed } from '../../core/conversation/row.ts'
import { isConversationId } from '../../core/ids.ts'
import type { RebuiltPage } from '../../core/protocol/inboxCalls.ts'
import { report } from '../report.ts'
import { within } from '../within.ts'
import { correctionsOf, INDEX_AFTER, indexed, isTombstone, removalOf, type StoredRow } from './d1Index.ts'
import type { Rows } from './rows.ts'

/** Conversations in one page: each is asked. */
export const REBUILD_PAGE = 50
const REMOTE_MS = 10_000

export interface RebuildDeps {
  db: D1Database
  workspace: string
  rows: Rows
  /** The row as the conversation has it, null where there is none (any more). */
  ask(conversation: string): Promise<ConversationRow | null>
  /** A conversation said what it is, before it could tell of that itself. */
  learned(row: ConversationRow): void
}

/**
 * One page; null while D1 is out of reach.
 * @param after the id at which the page before ended, or null for the first
 */
export async function rebuildPage(deps: RebuildDeps, after: string | null): Promise<RebuiltPage | null> {
  try {
    return await rebuilt(deps, after)
  } catch (error) {
    report('the index could not be rebuilt', error)
    return null
  }
}

async function rebuilt(deps: RebuildDeps, after: string | null): Promise<RebuiltPage> {
  const { db, workspace, rows } = deps
  const known = rows.idsAfter(after ?? '', REBUILD_PAGE)
  const asked = db.prepare(INDEX_AFTER).bind(workspace, after ?? '', REBUILD_PAGE)
  const { results } = await within(REMOTE_MS, asked.all<StoredRow>())
  const stored = new Map(results.map((row) => [row.id, row]))
  const ids = [...new Set([...known, ...stored.keys()])].sort().slice(0, REBUILD_PAGE)
  const page: RebuiltPage = { checked: ids.length, missing: [], stale: [], orphaned: [], unreachable: [], next: null }
  const statements = await Promise.all(ids.map((id) => compare(deps, id, stored.get(id), page)))
  for (const found of [page.missing, page.stale, page.orphaned, page.unreachable]) found.sort()
  const changes = statements.flat()
  if (changes.length > 0) await within(REMOTE_MS, db.batch(changes))
  if (ids.length === REBUILD_PAGE) page.next = ids.at(-1) ?? null
  return page
}

/** What is to be written about one conversation; what was found is noted in the page. */
async function compare(
  { db, workspace, rows, ask, learned }: RebuildDeps,
  id: string,
  stored: StoredRow | undefined,
  page: RebuiltPage,
): Promise<D1PreparedStatement[]> {
  if (stored && isTombstone(stored)) return []
  let row: ConversationRow | null
  try {
    row = isConversationId(id) ? await within(REMOTE_MS, ask(id)) : null
  } catch {
    page.unreachable.push(id)
    return []
  }
  if (!row) {
    page.orphaned.push(id)
    rows.forget(id)
    return stored ? removalOf(db, workspace, stored) : []
  }
  // What is on its way to D1 anyway differs from it by right.
  if (rows.isOnItsWay(id)) return []
  const present = completed(row)
  const isNews = rows.isNews(present)
  const isAwaited = isNews && rows.isKnown(id)
  // Whoever tells of it afterwards brings nothing new any more: dashboards and D1 have to have it from here.
  if (isNews) learned(present)
  else rows.learn(present)
  if (isAwaited && stored && Number(stored.rev) < present.rev) return []
  if (stored && indexed(stored) === indexed(present)) return []
  page[stored ? 'stale' : 'missing'].push(id)
  return correctionsOf(db, present, stored)
}
