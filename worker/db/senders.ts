/** The addresses that a workspace writes from (TR1), and its own mail server. */
import { and, asc, eq, getTableColumns, isNotNull } from 'drizzle-orm'
import type { NewSmtp, Smtp } from '../../core/api/senders.ts'
import { MINUTE_MS } from '../../core/durations.ts'
import { newId } from '../ids.ts'
import { audited } from './audit.ts'
import { senders, smtpServers } from './schema.ts'
import { statement, type Workspace } from './workspace.ts'

const SENDER = {
  id: senders.id,
  address: senders.address,
  verifiedAt: senders.verifiedAt,
  createdAt: senders.createdAt,
}

export interface KeptSender {
  id: string
  address: string
  verifiedAt: number | null
  createdAt: number
}

/** How often a code may be typed wrongly. */
export const CODE_TRIES = 5
/** How long a code works. */
export const CODE_MS = 15 * MINUTE_MS

/** All of them, verified or not, as they were added. */
export async function listSenders({ db, id }: Workspace): Promise<KeptSender[]> {
  return db.select(SENDER).from(senders).where(eq(senders.workspaceId, id)).orderBy(asc(senders.createdAt), senders.id)
}

/** Null where the workspace has no such address. */
export async function findSender({ db, id: workspace }: Workspace, id: string): Promise<KeptSender | null> {
  const own = and(eq(senders.workspaceId, workspace), eq(senders.id, id))
  return (await db.select(SENDER).from(senders).where(own))[0] ?? null
}

/** Whether the workspace may write from an address now. */
export async function isVerifiedSender({ db, id }: Workspace, address: string): Promise<boolean> {
  const own = and(eq(senders.workspaceId, id), eq(senders.address, address), isNotNull(senders.verifiedAt))
  return (await db.select({ id: senders.id }).from(senders).where(own)).length > 0
}

/** Null where the workspace has this address already. */
export async function addSender(workspace: Workspace, address: string, now: number): Promise<KeptSender | null> {
  const { d1, db, id: workspaceId } = workspace
  const sender = { id: newId('sd'), address, verifiedAt: null, createdAt: now }
  const row = { ...sender, workspaceId, codeHash: '', codeExpiresAt: 0, triesLeft: 0 }
  const [added] = await d1.batch([
    statement(d1, db.insert(senders).values(row).onConflictDoNothing()),
    audited(workspace, { action: 'sender.added', subject: sender.id, detail: { name: address } }, now),
  ])
  return added?.meta.changes === 1 ? sender : null
}

/** The code of now; the one before no longer works. */
export async function openCode({ d1, id: workspace }: Workspace, id: string, hash: string, now: number): Promise<void> {
  const query = `UPDATE senders SET code_hash = ?3, code_expires_at = ?4, tries_left = ?5
    WHERE workspace_id = ?1 AND id = ?2 AND verified_at IS NULL`
  await d1
    .prepare(query)
    .bind(workspace, id, hash, now + CODE_MS, CODE_TRIES)
    .run()
}

const TRY = `UPDATE senders SET tries_left = tries_left - 1
  WHERE workspace_id = ?1 AND id = ?2 AND verified_at IS NULL AND tries_left > 0 AND code_expires_at > ?3
  RETURNING code_hash = ?4 AS fits, tries_left AS triesLeft`
const VERIFY = `UPDATE senders SET verified_at = ?3, code_hash = '', tries_left = 0
  WHERE workspace_id = ?1 AND id = ?2 AND verified_at IS NULL AND code_hash = ?4`

/**
 * Takes one try. The count falls in the statement that compares, so that no crowd of tries gets more of them.
 * @returns how many are left where it was wrong; `gone` where no code is open any more
 */
export async function tryCode(
  workspace: Workspace,
  sender: KeptSender,
  hash: string,
  now: number,
): Promise<'right' | 'gone' | { triesLeft: number }> {
  const { d1, id } = workspace
  const tried = await d1.prepare(TRY).bind(id, sender.id, now, hash).first<{ fits: number; triesLeft: number }>()
  if (!tried) return 'gone'
  if (tried.fits !== 1) return { triesLeft: tried.triesLeft }
  await d1.batch([
    d1.prepare(VERIFY).bind(id, sender.id, now, hash),
    audited(workspace, { action: 'sender.verified', subject: sender.id, detail: { name: sender.address } }, now),
  ])
  return 'right'
}

/** Answers whether there was one to remove. */
export async function removeSender(workspace: Workspace, id: string, now: number): Promise<boolean> {
  const { d1, db } = workspace
  const found = await findSender(workspace, id)
  if (!found) return false
  const [gone] = await d1.batch([
    statement(d1, db.delete(senders).where(and(eq(senders.workspaceId, workspace.id), eq(senders.id, id)))),
    audited(workspace, { action: 'sender.removed', subject: id, detail: { name: found.address } }, now),
  ])
  return gone?.meta.changes === 1
}

/** The mail server with its password as it is kept: sealed. */
export async function readSmtp({ db, id }: Workspace): Promise<(Smtp & { password: string }) | null> {
  const { workspaceId: _, ...columns } = getTableColumns(smtpServers)
  return (await db.select(columns).from(smtpServers).where(eq(smtpServers.workspaceId, id)))[0] ?? null
}

/** @param to with its password sealed */
export async function setSmtp(workspace: Workspace, to: NewSmtp, now: number): Promise<void> {
  const { d1, db, id } = workspace
  const row = { ...to, changedAt: now }
  const query = db
    .insert(smtpServers)
    .values({ ...row, workspaceId: id })
    .onConflictDoUpdate({ target: smtpServers.workspaceId, set: row })
  await d1.batch([
    statement(d1, query),
    audited(workspace, { action: 'smtp.changed', subject: id, detail: { name: to.host } }, now),
  ])
}

/** Answers whether there was one to remove. */
export async function removeSmtp(workspace: Workspace, now: number): Promise<boolean> {
  const { d1, db, id } = workspace
  const before = await readSmtp(workspace)
  if (!before) return false
  const [gone] = await d1.batch([
    statement(d1, db.delete(smtpServers).where(eq(smtpServers.workspaceId, id))),
    audited(workspace, { action: 'smtp.removed', subject: id, detail: { name: before.host } }, now),
  ])
  return gone?.meta.changes === 1
}
