/**
 * The one door to a workspace's rows: whatever of `db/` reads or changes them for somebody takes it. Opened for members
 * by what `authorize` answers, for programs after `authorizeKey`, and in the system's own name where nobody asks.
 */
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { type Author, type MemberId, memberOf, type WorkspaceId } from '../../core/ids.ts'
import type { Membership } from '../../core/membership.ts'
import { workspaces } from './schema.ts'

export interface Workspace {
  id: WorkspaceId
  /** Who looks, and in whose name it is changed. */
  by: Author
  /** The member who looks; null for a program, from which nothing is hidden that its scopes let it read. */
  me: Membership | null
  d1: D1Database
  db: ReturnType<typeof database>
}

/** A workspace as a member has opened it. */
export interface MembersWorkspace extends Workspace {
  me: Membership
}

/** For a member whom `authorize` has let in. */
export function openWorkspace(d1: D1Database, me: Membership): MembersWorkspace {
  return { ...openFor(d1, me.workspace, `agent:${me.member}`), me }
}

/** For who is no member: a program, or the system itself. */
export function openFor(d1: D1Database, id: WorkspaceId, by: Author): Workspace {
  return { id, by, me: null, d1, db: database(d1) }
}

/** What the workspace is called. */
export async function workspaceName(workspace: Workspace): Promise<string> {
  return (await readWorkspace(workspace)).name
}

/** What the workspace is called, and in which zone its days begin. */
export async function readWorkspace({ db, id }: Workspace): Promise<{ name: string; timeZone: string }> {
  const { name, timeZone } = workspaces
  const [row] = await db.select({ name, timeZone }).from(workspaces).where(eq(workspaces.id, id))
  return row ?? { name: '', timeZone: 'UTC' }
}

/** Whose read markers and own conversations are meant: a program is nobody, and has none. */
export function readerOf({ by }: Workspace): MemberId {
  return memberOf(by) ?? ('' as MemberId)
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
