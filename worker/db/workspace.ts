/** The one door to a workspace's rows: every function of `db/` takes it, and it is opened by `authorize` alone. */
import { drizzle } from 'drizzle-orm/d1'
import type { Membership } from '../../core/conversation/canSee.ts'
import type { WorkspaceId } from '../../core/ids.ts'

export interface Workspace {
  id: WorkspaceId
  /** Who looks. */
  me: Membership
  db: ReturnType<typeof database>
}

export function openWorkspace(d1: D1Database, me: Membership): Workspace {
  return { id: me.workspace, me, db: database(d1) }
}

/** D1 through drizzle, always the primary: a replica may not know yet what was just changed. */
export function database(d1: D1Database) {
  return drizzle(d1)
}
