/**
 * Bans (BN1–BN5): the one table that has their reasons. What is changed is written together with the word to live
 * objects and with the audit log, which tell of it without the reason.
 */
import { and, desc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Ban } from '../../core/api/bans.ts'
import type { BanFact, BanKind, BanMark, BannedNetwork, BanScope, Hold } from '../../core/bans/ban.ts'
import type { ContactId, ConversationId, DeviceId, WorkspaceId } from '../../core/ids.ts'
import { newId } from '../ids.ts'
import { audited } from './audit.ts'
import { NOTE_BANS } from './changes.ts'
import { CONTACT_SUMMARY } from './contacts.ts'
import { beyond, type Cursor } from './keyset.ts'
import { bans, contacts } from './schema.ts'
import { database, type Workspace } from './workspace.ts'

export interface BanOrder {
  scope: BanScope
  target: string
  kind: BanKind
  reason: string
  email: string | null
  expiresAt: number | null
  /** The conversation that it is done from. */
  conversation: string | null
}

const NEXT_VERSION = '(SELECT 1 + coalesce(max(version), 0) FROM bans WHERE workspace_id = ?1)'

const PLACE = `INSERT INTO bans (id, workspace_id, scope, target, kind, reason, email, expires_at, lifted_at, created_at,
    created_by, changed_by, conversation_id, version)
  VALUES (?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, NULL, ?9, ?10, ?10, ?11, ${NEXT_VERSION})
  ON CONFLICT (workspace_id, target) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, email = excluded.email,
    expires_at = excluded.expires_at, lifted_at = NULL, created_at = excluded.created_at, created_by = excluded.created_by,
    changed_by = excluded.changed_by, conversation_id = excluded.conversation_id, version = excluded.version`

/** Bans somebody, or replaces the ban that holds them. */
export async function placeBan(workspace: Workspace, order: BanOrder, now: number): Promise<void> {
  const { d1, id, by } = workspace
  const { scope, target, kind, reason, email, expiresAt, conversation } = order
  await d1.batch([
    d1.prepare(PLACE).bind(id, newId('bn'), scope, target, kind, reason, email, expiresAt, now, by, conversation),
    audited(workspace, { action: 'ban.placed', subject: target, detail: { scope, kind, until: expiresAt } }, now),
    d1.prepare(NOTE_BANS).bind(newId('x'), id, now),
  ])
}

// Why it was, and under which address, is nobody's to keep any longer.
const LIFT = `UPDATE bans SET lifted_at = ?3, changed_by = ?4, conversation_id = ?5, version = ${NEXT_VERSION},
    reason = '', email = NULL
  WHERE workspace_id = ?1 AND target = ?2 AND lifted_at IS NULL`

/** Lifts what holds these, each by itself. @returns how many of them were banned */
export async function liftBans(
  workspace: Workspace,
  targets: ReadonlyArray<{ scope: BanScope; target: string }>,
  conversation: string | null,
  now: number,
): Promise<number> {
  const { d1, id, by } = workspace
  const results = await d1.batch(
    targets.flatMap(({ scope, target }) => [
      d1.prepare(LIFT).bind(id, target, now, by, conversation),
      audited(workspace, { action: 'ban.lifted', subject: target, detail: { scope } }, now),
      d1.prepare(NOTE_BANS).bind(newId('x'), id, now),
    ]),
  )
  return results.filter(({ meta }, i) => i % 3 === 0 && meta.changes > 0).length
}

/** Neither lifted by somebody nor, at this moment, by itself. */
export const inForce = (now: number) => and(isNull(bans.liftedAt), or(isNull(bans.expiresAt), gt(bans.expiresAt, now)))

const BAN = {
  id: bans.id,
  scope: bans.scope,
  target: bans.target,
  kind: bans.kind,
  reason: bans.reason,
  email: bans.email,
  expiresAt: bans.expiresAt,
  createdAt: bans.createdAt,
  createdBy: bans.createdBy,
  contact: CONTACT_SUMMARY,
}

/** Today the device is the person: `c_…` of a contact, `d_…` of its device. */
const OF_CONTACT = sql`${contacts.id} = 'c' || substr(${bans.target}, 2) AND ${bans.scope} <> 'network'`

/** What is looked for, and whether among names and addresses too: what is found by them is told. */
interface Search {
  text: string
  people: boolean
}

/** One keyset page of those in force, newest first. */
export async function listBans(
  { db, id }: Workspace,
  search: Search | null,
  after: Cursor | null,
  limit: number,
  now: number,
): Promise<Ban[]> {
  return db
    .select(BAN)
    .from(bans)
    .leftJoin(contacts, and(eq(contacts.workspaceId, id), OF_CONTACT))
    .where(
      and(
        eq(bans.workspaceId, id),
        inForce(now),
        search ? found(search) : undefined,
        beyond(bans.createdAt, bans.id, after),
      ),
    )
    .orderBy(desc(bans.createdAt), desc(bans.id))
    .limit(limit)
}

/** Null where the workspace has no such ban, or it is lifted. */
export async function findBan(
  { db, id }: Workspace,
  by: { ban: string } | { target: string },
  now: number,
): Promise<Ban | null> {
  const rows = await db
    .select(BAN)
    .from(bans)
    .leftJoin(contacts, and(eq(contacts.workspaceId, id), OF_CONTACT))
    .where(and(eq(bans.workspaceId, id), 'ban' in by ? eq(bans.id, by.ban) : eq(bans.target, by.target), inForce(now)))
  return rows[0] ?? null
}

/** Not LIKE: patterns of more than 50 bytes are refused, and a `%` that somebody types is a `%`. */
function found({ text, people }: Search): SQL {
  const columns = [bans.target, bans.reason, ...(people ? [contacts.name, contacts.email, bans.email] : [])]
  const within = columns.map((column) => sql`instr(lower(coalesce(${column}, '')), lower(${text})) > 0`)
  return sql`(${sql.join(within, sql` OR `)})`
}

/** BN1: the bans of a contact and a device as a JSON column, for statements that read conversations. */
export const marksColumn = (workspace: SQL, contact: SQL, device: SQL, now: number) => sql<string>`(
  SELECT json_group_array(json_object('scope', b.scope, 'kind', b.kind, 'until', b.expires_at)) FROM bans b
  WHERE b.workspace_id = ${workspace} AND b.target IN (${contact}, ${device}) AND b.lifted_at IS NULL
    AND (b.expires_at IS NULL OR b.expires_at > ${now}))`

/** What `marksColumn` gave, left out where there is none. */
export function marksIn(column: string | null): { bans?: BanMark[] } {
  const marks = JSON.parse(column ?? '[]') as BanMark[]
  return marks.length > 0 ? { bans: marks } : {}
}

/** Changes since a version, in their order, as live objects are told of them. */
export async function bansSince(d1: D1Database, workspace: string, version: number): Promise<BanFact[]> {
  const rows = await database(d1)
    .select({
      scope: bans.scope,
      target: bans.target,
      version: bans.version,
      kind: bans.kind,
      until: bans.expiresAt,
      lifted: sql<number>`${bans.liftedAt} IS NOT NULL`,
      by: bans.changedBy,
      follows: sql<number>`${bans.email} IS NOT NULL`,
      conversation: bans.conversationId,
    })
    .from(bans)
    .where(and(eq(bans.workspaceId, workspace), gt(bans.version, version)))
    .orderBy(bans.version)
  return rows.map((row) => ({
    ...row,
    lifted: row.lifted === 1,
    follows: row.follows === 1,
    conversation: row.conversation as ConversationId | null,
  }))
}

const CONVERSATIONS_OF = `SELECT id AS conversation, contact_id AS contact, device_id AS device FROM conversations
  WHERE workspace_id = ?1 AND device_id IN (SELECT value FROM json_each(?2)) AND deleted_at IS NULL`

/** Every conversation of some devices. */
export async function conversationsOfDevices(d1: D1Database, workspace: string, devices: readonly DeviceId[]) {
  if (devices.length === 0) return []
  const { results } = await d1
    .prepare(CONVERSATIONS_OF)
    .bind(workspace, JSON.stringify(devices))
    .all<{ conversation: ConversationId; contact: ContactId; device: DeviceId }>()
  return results
}

// The addresses that a contact is known by: of a ban when it was made, of who asks now (BN5).
const HOLDING = `SELECT version, kind, expires_at AS until, scope, target FROM bans WHERE workspace_id = ?1 AND lifted_at IS NULL
  AND (target IN (?2, ?3) OR scope = 'network'
    OR email IN (lower(?4), (SELECT lower(email) FROM contacts WHERE workspace_id = ?1 AND id = ?2)))`

/** What holds somebody, and every banned network; those that have lifted themselves too. */
export async function bansHolding(
  d1: D1Database,
  workspace: WorkspaceId,
  who: { contact: string; device: string; email?: string | undefined },
): Promise<Array<Hold & { scope: BanScope; target: string }>> {
  const { results } = await d1
    .prepare(HOLDING)
    .bind(workspace, who.contact, who.device, who.email ?? null)
    .all<Hold & { scope: BanScope; target: string }>()
  return results
}

/** The networks that are banned now. */
export async function bannedNetworks(d1: D1Database, workspace: WorkspaceId, now: number): Promise<BannedNetwork[]> {
  return database(d1)
    .select({ text: bans.target, until: bans.expiresAt })
    .from(bans)
    .where(and(eq(bans.workspaceId, workspace), eq(bans.scope, 'network'), inForce(now)))
}
