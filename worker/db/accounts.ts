/**
 * People and their ways in: the first run, accepting an invitation, setting a new password. Each is one batch, so that
 * a crash or a second person at the same moment leaves either all of it or nothing.
 */
import { and, eq, getTableColumns, getTableName, gt, isNull } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { NewInstallation } from '../../core/api/accounts.ts'
import { hashPassword } from '../auth/password.ts'
import { hashSecret, newId } from '../ids.ts'
import { accounts, installation, passwordResets, users } from './accountSchema.ts'
import { audited, auditedEverywhere } from './audit.ts'
import { NOTE_SIGNED_OUT } from './changes.ts'
import { channels, invitations, members, workspaces } from './schema.ts'
import { database, type MembersWorkspace, statement } from './workspace.ts'

/** Whether the first run is over. */
export async function isSetUp(d1: D1Database): Promise<boolean> {
  return (await database(d1).select({ one: installation.one }).from(installation)).length > 0
}

/**
 * The first run: owner, workspace and channel.
 * @returns false if somebody has set this installation up before, or at the same moment: one row decides
 */
export async function setUp(d1: D1Database, wanted: NewInstallation, now: number): Promise<boolean> {
  if (await isSetUp(d1)) return false
  const db = database(d1)
  const user = await newUser(wanted.owner, now)
  const workspaceId = newId('w')
  const channel = { id: newId('ch'), workspaceId, name: 'Website', origins: [wanted.website], createdAt: now }
  const queries = [
    db.insert(installation).values({ one: 1, workspaceId, createdAt: now }),
    db.insert(users).values(user.row),
    db.insert(accounts).values(user.account),
    db.insert(channels).values({ ...channel, kind: 'web' }),
  ]
  try {
    await d1.batch([
      ...queries.map((query) => statement(d1, query)),
      ...workspaceMade(d1, workspaceId, { userId: user.row.id, name: wanted.owner.name }, wanted.workspace, now),
    ])
    return true
  } catch (error) {
    if (await isSetUp(d1)) return false
    throw error
  }
}

export interface OpenInvitation {
  id: string
  workspaceId: string
  workspace: string
  email: string
  role: 'admin' | 'agent'
  expiresAt: number
  /** The account the invited person has already, or null. */
  userId: string | null
}

/** The invitation behind a link, or null if it was used, withdrawn or has expired. */
export async function findInvitation(d1: D1Database, token: string, now: number): Promise<OpenInvitation | null> {
  const rows = await database(d1)
    .select({
      id: invitations.id,
      workspaceId: invitations.workspaceId,
      workspace: workspaces.name,
      email: invitations.email,
      role: invitations.role,
      expiresAt: invitations.expiresAt,
      userId: users.id,
    })
    .from(invitations)
    .innerJoin(workspaces, eq(workspaces.id, invitations.workspaceId))
    .leftJoin(users, eq(users.email, invitations.email))
    .where(
      and(
        eq(invitations.tokenHash, await hashSecret(token)),
        isNull(invitations.acceptedAt),
        gt(invitations.expiresAt, now),
      ),
    )
  return rows[0] ?? null
}

/**
 * Makes the invited person a member, with a new account where there is none. Their password was checked before, if so.
 * @returns false if the invitation was taken or withdrawn at the same moment, or the email got an account meanwhile
 */
export async function acceptInvitation(
  d1: D1Database,
  invitation: OpenInvitation,
  person: { name: string; password: string },
  now: number,
): Promise<boolean> {
  const made = invitation.userId === null ? await newUser({ ...person, email: invitation.email }, now) : null
  const userId = made?.row.id ?? invitation.userId ?? ''
  const joined = { ...member(invitation.workspaceId, userId, person.name, now), role: invitation.role }
  // Everything hangs on the first statement: withdrawn meanwhile, nothing is inserted; taken twice at once, the second
  // breaks on the unique email or the unique membership, and all of it is undone.
  const take = d1
    .prepare('UPDATE invitations SET accepted_at = ?2 WHERE id = ?1 AND accepted_at IS NULL AND expires_at > ?2')
    .bind(invitation.id, now)
  const auditor = { d1, id: invitation.workspaceId, by: `agent:${joined.id}` } as const
  const { email, role } = invitation
  const tell = audited(auditor, { action: 'member.joined', subject: joined.id, detail: { email, role } }, now)
  const insert = (table: SQLiteTable, row: Record<string, unknown>) => insertIfTaken(d1, table, row, invitation.id, now)
  const account = made ? [insert(users, made.row), insert(accounts, made.account)] : []
  try {
    const results = await d1.batch([take, ...account, insert(members, joined), tell])
    return results.at(-1)?.meta.changes === 1
  } catch (error) {
    const again = await findInvitationById(d1, invitation.id)
    if (!again || again.acceptedAt !== null || again.userId !== invitation.userId) return false
    throw error
  }
}

/** An insert that does nothing unless this invitation was taken at this moment. */
function insertIfTaken(
  d1: D1Database,
  table: SQLiteTable,
  row: Record<string, unknown>,
  invitation: string,
  now: number,
): D1PreparedStatement {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => row[key] !== undefined)
  const names = columns.map(([, column]) => column.name)
  const values = columns.map(([key, column]) => column.mapToDriverValue(row[key]))
  return d1
    .prepare(
      `INSERT INTO ${getTableName(table)} (${names.join(', ')}) SELECT ${names.map(() => '?').join(', ')}
       WHERE EXISTS (SELECT 1 FROM invitations WHERE id = ? AND accepted_at = ?)`,
    )
    .bind(...values, invitation, now)
}

async function findInvitationById(d1: D1Database, id: string) {
  const rows = await database(d1)
    .select({ acceptedAt: invitations.acceptedAt, userId: users.id })
    .from(invitations)
    .leftJoin(users, eq(users.email, invitations.email))
    .where(eq(invitations.id, id))
  return rows[0] ?? null
}

/** One more workspace, owned by an existing user. */
export async function createWorkspace(
  d1: D1Database,
  owner: { userId: string; name: string },
  wanted: { name: string; timeZone: string },
  now: number,
): Promise<void> {
  await d1.batch(workspaceMade(d1, newId('w'), owner, wanted, now))
}

function workspaceMade(
  d1: D1Database,
  id: string,
  owner: { userId: string; name: string },
  wanted: { name: string; timeZone: string },
  now: number,
): D1PreparedStatement[] {
  const db = database(d1)
  const first = { ...member(id, owner.userId, owner.name, now), role: 'owner' } as const
  const { name } = wanted
  return [
    statement(d1, db.insert(workspaces).values({ id, ...wanted, createdAt: now })),
    statement(d1, db.insert(members).values(first)),
    audited({ d1, id, by: `agent:${first.id}` }, { action: 'workspace.created', subject: id, detail: { name } }, now),
  ]
}

/**
 * Ends one session of a person or, without naming one, all of them;
 * what live sockets have to be told is written with it.
 */
export async function endSessions(
  d1: D1Database,
  userId: string,
  sessionId: string | null,
  now: number,
): Promise<void> {
  await d1.batch([
    d1.prepare('DELETE FROM sessions WHERE user_id = ?1 AND (?2 IS NULL OR id = ?2)').bind(userId, sessionId),
    d1.prepare(NOTE_SIGNED_OUT).bind(userId, now),
    // One browser that signs out concerns nobody; all of them at once may be about a stolen one.
    ...(sessionId === null ? [d1.prepare(auditedEverywhere('member.signed_out', '?1')).bind(userId, now)] : []),
  ])
}

/** Keeps the hash of a link to set a new password; older links of the same person end with it. */
export async function createPasswordReset(
  workspace: MembersWorkspace,
  of: { id: string; userId: string },
  link: { tokenHash: string; expiresAt: number },
  now: number,
): Promise<void> {
  const { d1, db, me } = workspace
  const reset = { userId: of.userId, issuedBy: me.member, ...link, createdAt: now }
  await d1.batch([
    statement(d1, db.delete(passwordResets).where(eq(passwordResets.userId, of.userId))),
    statement(d1, db.insert(passwordResets).values(reset)),
    audited(workspace, { action: 'member.reset_issued', subject: of.id }, now),
  ])
}

/**
 * Keeps the hash of a link that somebody asked for by their email. Other links stay: asking in somebody's name must not
 * end the one they were given.
 * @returns whether there is an account for it
 */
export async function requestPasswordReset(
  d1: D1Database,
  email: string,
  link: { tokenHash: string; expiresAt: number },
  now: number,
): Promise<boolean> {
  const user = 'SELECT u.id FROM users u WHERE u.email = ?1'
  const [made] = await d1.batch([
    d1
      .prepare(
        `INSERT INTO password_resets (token_hash, user_id, issued_by, expires_at, created_at)
         SELECT ?3, u.id, NULL, ?4, ?2 FROM users u WHERE u.email = ?1`,
      )
      .bind(email, now, link.tokenHash, link.expiresAt),
    d1.prepare(auditedEverywhere('member.reset_requested', `(${user})`)).bind(email, now),
    d1.prepare('DELETE FROM password_resets WHERE expires_at <= ?1').bind(now),
  ])
  return made?.meta.changes === 1
}

/**
 * Sets a new password and ends every session of the person.
 * @returns whose it was, or null if the link was used or has expired
 */
export async function resetPassword(
  d1: D1Database,
  token: string,
  password: string,
  now: number,
): Promise<string | null> {
  const hash = await hashPassword(password)
  const link = 'SELECT user_id FROM password_resets WHERE token_hash = ?1 AND expires_at > ?2'
  const secret = await hashSecret(token)
  // One batch, and the link goes last: what it names must still be there for the statements before it.
  const results = await d1.batch<{ user_id: string }>([
    d1
      .prepare(
        `UPDATE accounts SET password = ?3, updated_at = ?2 WHERE provider_id = 'credential' AND user_id = (${link})`,
      )
      .bind(secret, now, hash),
    d1.prepare(`DELETE FROM sessions WHERE user_id = (${link})`).bind(secret, now),
    d1.prepare(NOTE_SIGNED_OUT.replace('user_id = ?1', `user_id = (${link})`)).bind(secret, now),
    d1.prepare(auditedEverywhere('member.password_set', `(${link})`)).bind(secret, now),
    // With the one that was used, every other way to set it.
    d1.prepare(`DELETE FROM password_resets WHERE user_id = (${link}) RETURNING user_id`).bind(secret, now),
  ])
  return results.at(-1)?.results[0]?.user_id ?? null
}

function member(workspaceId: string, userId: string, name: string, now: number) {
  return { id: newId('m'), workspaceId, userId, name, createdAt: now, unreadFrom: now, available: true }
}

/** A user with a password, in the shape better-auth reads at sign-in. */
async function newUser(person: { name: string; email: string; password: string }, now: number) {
  const id = newId('u')
  const at = new Date(now)
  return {
    row: { id, name: person.name, email: person.email, emailVerified: false, createdAt: at, updatedAt: at },
    account: {
      id: newId('a'),
      accountId: id,
      providerId: 'credential',
      userId: id,
      password: await hashPassword(person.password),
      createdAt: at,
      updatedAt: at,
    },
  }
}
