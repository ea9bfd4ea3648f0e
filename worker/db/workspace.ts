/** The one door to a workspace's rows: every function of `db/` takes it, and it is opened by `authorize` alone. */
import { drizzle } from 'drizzle-orm/d1'
import type { Membership } from '../../core/conversation/canSee.ts'
import type { Author, WorkspaceId } from '../../core/ids.ts'

export interface Workspace {
  id: WorkspaceId
  /** Who looks. */
  me: Membership
  /** In whose name it is changed. */
  by: Author
  d1: D1Database
  db: ReturnType<typeof database>
}

export function openWorkspace(d1: D1Database, me: Membership): Workspace {
  return { id: me.workspace, me, by: `agent:${me.member}`, d1, db: database(d1) }
}

/** D1 through drizzle, always the primary: a replica may not know yet what was just changed. */
export function database(d1: D1Database) {
  return drizzle(d1)
}

/** A query of drizzle as a statement of D1, to stand in one batch with statements of our own. */
export function statement(d1: D1Database, query: { toSQL(): { sql: string; params: unknown[] } }): D1PreparedStatement {
  const { sql, params } = query.toSQL()
  return d1.prepare(sql).bind(...params)
}
