/** Keys of programs (AP1). */
import { and, desc, eq, isNull } from 'drizzle-orm'
import type { ApiKey, NewApiKey, ProgramList } from '../../core/api/keys.ts'
import type { Policies } from '../../core/conversation/policy.ts'
import type { WorkspaceId } from '../../core/ids.ts'
import { SCOPES, type Scope } from '../../core/scopes.ts'
import { newId } from '../ids.ts'
import { audited } from './audit.ts'
import { policiesColumn, policiesIn } from './policies.ts'
import { apiKeys } from './schema.ts'
import { type MembersWorkspace, statement, type Workspace } from './workspace.ts'

const KEY = {
  id: apiKeys.id,
  name: apiKeys.name,
  scopes: apiKeys.scopes,
  hint: apiKeys.hint,
  createdBy: apiKeys.createdBy,
  createdAt: apiKeys.createdAt,
  lastUsedAt: apiKeys.lastUsedAt,
}

export interface FoundKey {
  id: string
  workspace: WorkspaceId
  name: string
  scopes: Scope[]
  /** What was decided in its workspace: what a program does obeys the policies of now. */
  policies: Policies
  lastUsedAt: number | null
}

type Row = {
  id: string
  workspace: string
  name: string
  scopes: string
  policies: string | null
  lastUsedAt: number | null
}

const FIND = `SELECT id, workspace_id AS workspace, name, scopes, last_used_at AS lastUsedAt,
  ${policiesColumn('api_keys.workspace_id')} AS policies FROM api_keys
  WHERE key_hash = ?1 AND revoked_at IS NULL`

/** The key with this hash, unless it was revoked. */
export async function findKey(d1: D1Database, hash: string): Promise<FoundKey | null> {
  // The primary: a replica may not know yet that it was revoked.
  const row = await d1.withSession('first-primary').prepare(FIND).bind(hash).first<Row>()
  if (!row) return null
  const given = JSON.parse(row.scopes) as string[]
  // One that a later version knew and this one does not opens nothing.
  const scopes = SCOPES.filter((scope) => given.includes(scope))
  return { ...row, workspace: row.workspace as WorkspaceId, scopes, policies: policiesIn(row.policies) }
}

/** A key was used about now. */
export async function keyUsed(d1: D1Database, id: string, now: number): Promise<void> {
  const query = 'UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1 AND coalesce(last_used_at, 0) < ?2'
  await d1.prepare(query).bind(id, now).run()
}

/** Those that work, newest first. */
export async function listKeys({ db, id }: Workspace): Promise<ApiKey[]> {
  return db
    .select(KEY)
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, id), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
}

/** What the author of an entry is called, `key:` before its id; also of keys that were revoked. */
export async function listPrograms({ db, id }: Workspace): Promise<ProgramList['list']> {
  const { id: key, name } = apiKeys
  return db.select({ id: key, name }).from(apiKeys).where(eq(apiKeys.workspaceId, id)).orderBy(key)
}

/** Keeps a key that was just made. @param made by what it is known again: its secret is not kept */
export async function createKey(
  workspace: MembersWorkspace,
  wanted: NewApiKey,
  made: { hint: string; keyHash: string },
  now: number,
): Promise<ApiKey> {
  const { d1, db, me } = workspace
  const { name, scopes } = wanted
  const key: ApiKey = {
    id: newId('k'),
    name,
    scopes,
    hint: made.hint,
    createdBy: me.member,
    createdAt: now,
    lastUsedAt: null,
  }
  const row = { ...key, workspaceId: workspace.id, keyHash: made.keyHash }
  await d1.batch([
    statement(d1, db.insert(apiKeys).values(row)),
    audited(workspace, { action: 'key.created', subject: key.id, detail: { name, scopes } }, now),
  ])
  return key
}

/** Answers whether there was one to revoke. Its name stays, for what it wrote. */
export async function revokeKey(workspace: Workspace, id: string, now: number): Promise<boolean> {
  const { d1, db } = workspace
  const working = and(eq(apiKeys.workspaceId, workspace.id), eq(apiKeys.id, id), isNull(apiKeys.revokedAt))
  const [found] = await db.select({ name: apiKeys.name }).from(apiKeys).where(working)
  if (!found) return false
  const [revoked] = await d1.batch([
    statement(d1, db.update(apiKeys).set({ revokedAt: now }).where(working)),
    audited(workspace, { action: 'key.revoked', subject: id, detail: { name: found.name } }, now),
  ])
  return revoked?.meta.changes === 1
}
