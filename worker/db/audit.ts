/**
 * The audit log (PR3). An entry is a statement for the very batch that makes the change: it cannot get lost, and it
 * cannot tell of something that did not happen. What takes data out changes nothing, and is told before it does.
 * Nothing here changes an entry; the cron removes those older than `AUDIT_KEPT_MS`.
 */
import { and, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { AuditEntry } from '../../core/api/audit.ts'
import { AUDIT_ACTIONS, type AuditAction, type AuditKind } from '../../core/audit.ts'
import type { Author } from '../../core/ids.ts'
import { newId } from '../ids.ts'
import { beyond, type Cursor } from './keyset.ts'
import { apiKeys, auditLog, contacts, members } from './schema.ts'
import type { Workspace } from './workspace.ts'

/** In whose name, and where. An open workspace is one. */
export interface Auditor {
  d1: D1Database
  id: string
  by: Author
}

export interface Happening {
  action: AuditAction
  /** The id of what it was done to. */
  subject: string
  /** `name` is kept where the subject may be gone or renamed by the time it is read. Never a secret. */
  detail?: Record<string, unknown>
}

const TELL = `INSERT INTO audit_log (id, workspace_id, at, actor, action, subject, detail)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7`

/** Stands straight after the statement that it tells of; where that one changed nothing, nothing is told. */
export function audited(workspace: Auditor, what: Happening, now: number): D1PreparedStatement {
  return entry(`${TELL} WHERE changes() > 0`, workspace, what, now)
}

/** Data leaves, which changes nothing here. Waited for before it does: what could not be told does not leave. */
export async function auditExport(workspace: Auditor, what: Happening, now: number): Promise<void> {
  await entry(TELL, workspace, what, now).run()
}

function entry(sql: string, { d1, id, by }: Auditor, what: Happening, now: number): D1PreparedStatement {
  const { action, subject, detail = {} } = what
  return d1.prepare(sql).bind(newId('au'), id, now, by, action, subject, JSON.stringify(detail))
}

/**
 * What a person did about their account, told in every workspace they belong to.
 * @param user SQL for their id; `?2` is the time
 */
export function auditedEverywhere(action: AuditAction, user: string): string {
  return `INSERT INTO audit_log (id, workspace_id, at, actor, action, subject, detail)
    SELECT 'au_' || lower(hex(randomblob(16))), workspace_id, ?2, 'agent:' || id, '${action}', id, '{}'
    FROM members WHERE user_id = ${user}`
}

export interface AuditFilter {
  /** What this member did, or what was done to them. */
  member?: string | undefined
  kind?: AuditKind | undefined
}

/** One keyset page, newest first. */
export async function listAudit(
  { db, id }: Workspace,
  filter: AuditFilter,
  after: Cursor | null,
  limit: number,
): Promise<AuditEntry[]> {
  const name = (of: SQL) =>
    sql<string | null>`(SELECT name FROM ${members} WHERE ${members.workspaceId} = ${id} AND ${members.id} = ${of})`
  return db
    .select({
      id: auditLog.id,
      at: auditLog.at,
      actor: auditLog.actor,
      actorName: sql<string | null>`coalesce(${name(sql`substr(${auditLog.actor}, 7)`)},
        (SELECT name FROM ${apiKeys} WHERE ${apiKeys.workspaceId} = ${id} AND ${apiKeys.id} = substr(${auditLog.actor}, 5)))`,
      action: auditLog.action,
      subject: auditLog.subject,
      subjectName: sql<string | null>`coalesce(${name(sql`${auditLog.subject}`)}, ${auditLog.detail} ->> '$.name',
        (SELECT name FROM ${contacts} WHERE ${contacts.workspaceId} = ${id} AND ${contacts.id} = ${auditLog.subject}))`,
      detail: auditLog.detail,
    })
    .from(auditLog)
    .where(and(eq(auditLog.workspaceId, id), ...conditions(filter), beyond(auditLog.at, auditLog.id, after)))
    .orderBy(desc(auditLog.at), desc(auditLog.id))
    .limit(limit)
}

function conditions({ member, kind }: AuditFilter): Array<SQL | undefined> {
  return [
    member === undefined ? undefined : or(eq(auditLog.actor, `agent:${member}`), eq(auditLog.subject, member)),
    kind === undefined
      ? undefined
      : inArray(
          auditLog.action,
          AUDIT_ACTIONS.filter((action) => action.startsWith(`${kind}.`)),
        ),
  ]
}
