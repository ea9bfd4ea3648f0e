/** Members of a workspace, and the invitations to become one. */
import { and, asc, eq, gt, isNull, ne } from 'drizzle-orm'
import type { Invitation, Member } from '../../core/api/accounts.ts'
import type { MemberId, WorkspaceId } from '../../core/ids.ts'
import { newId } from '../ids.ts'
import { users } from './accountSchema.ts'
import { audited, type Happening } from './audit.ts'
import { NOTE_CHANGE } from './changes.ts'
import { invitations, members } from './schema.ts'
import { database, type MembersWorkspace, statement, type Workspace } from './workspace.ts'

const MEMBER = {
  id: members.id,
  name: members.name,
  email: users.email,
  role: members.role,
  createdAt: members.createdAt,
  available: members.available,
  disabledAt: members.disabledAt,
}

/** Everybody, disabled ones too: their names stand in old conversations. */
export async function listMembers(workspace: Workspace): Promise<Member[]> {
  return workspace.db
    .select(MEMBER)
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(members.workspaceId, workspace.id))
    .orderBy(asc(members.createdAt), asc(members.id))
}

/** For what is done about an account. Null for who is disabled, too: `readMember` has them. */
export async function findMember(
  workspace: Workspace,
  id: string,
): Promise<{ id: string; userId: string; role: Member['role'] } | null> {
  const rows = await workspace.db
    .select({ id: members.id, userId: members.userId, role: members.role })
    .from(members)
    .where(and(eq(members.workspaceId, workspace.id), eq(members.id, id), isNull(members.disabledAt)))
  return rows[0] ?? null
}

/** A member as they are now, disabled or not. */
export async function readMember(workspace: Workspace, id: string): Promise<Member | null> {
  const rows = await workspace.db
    .select(MEMBER)
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.workspaceId, workspace.id), eq(members.id, id)))
  return rows[0] ?? null
}

const CHANGE_RIGHTS = `UPDATE members SET role = ?3, disabled_at = ?4
  WHERE workspace_id = ?1 AND id = ?2 AND role = ?5 AND disabled_at IS ?6 AND (
    (?3 = 'owner' AND ?4 IS NULL)
    OR NOT (role = 'owner' AND disabled_at IS NULL)
    OR EXISTS (
      SELECT 1 FROM members other WHERE other.workspace_id = ?1 AND other.id <> ?2
        AND other.role = 'owner' AND other.disabled_at IS NULL))`

/**
 * Changes what a member may do. The change for live objects is written with it, so that it cannot get lost.
 * @returns false where they are not as they were seen any more, or it would leave the workspace without an owner: both
 *   asked in the very statement, as two may decide at once
 */
export async function changeRights(
  workspace: Workspace,
  before: Pick<Member, 'id' | 'role' | 'disabledAt'>,
  to: Pick<Member, 'role' | 'disabledAt'>,
  now: number,
): Promise<boolean> {
  const { d1 } = workspace
  const [changed] = await d1.batch([
    d1.prepare(CHANGE_RIGHTS).bind(workspace.id, before.id, to.role, to.disabledAt, before.role, before.disabledAt),
    d1.prepare(NOTE_CHANGE).bind(newId('x'), workspace.id, before.id, to.disabledAt === null ? 0 : 1, now),
    ...happened(before, to).map((what) => audited(workspace, what, now)),
  ])
  return changed?.meta.changes === 1
}

function happened(
  before: Pick<Member, 'id' | 'role' | 'disabledAt'>,
  to: Pick<Member, 'role' | 'disabledAt'>,
): Happening[] {
  const subject = before.id
  const list: Happening[] = []
  if (to.role !== before.role)
    list.push({ action: 'member.role_changed', subject, detail: { from: before.role, to: to.role } })
  if ((to.disabledAt === null) !== (before.disabledAt === null))
    list.push({ action: to.disabledAt === null ? 'member.enabled' : 'member.disabled', subject })
  return list
}

/** Changes what one says of oneself. Another display name is told in the audit log: visitors know people by it. */
export async function changeProfile(
  workspace: MembersWorkspace,
  to: { name?: string; available?: boolean },
  now: number,
): Promise<void> {
  const { d1, me } = workspace
  const own = and(eq(members.workspaceId, workspace.id), eq(members.id, me.member))
  const renamed = to.name !== undefined && to.name !== me.name
  const detail = { from: me.name, to: to.name }
  await d1.batch([
    statement(d1, workspace.db.update(members).set(to).where(own)),
    ...(renamed ? [audited(workspace, { action: 'member.renamed', subject: me.member, detail }, now)] : []),
  ])
}

/** The workspace in which someone can be assigned conversations, or null for no or a disabled member. */
export async function workspaceOfMember(
  d1: D1Database,
  id: string,
): Promise<{ workspace: WorkspaceId; member: MemberId } | null> {
  const rows = await database(d1)
    .select({ workspace: members.workspaceId })
    .from(members)
    .where(and(eq(members.id, id), isNull(members.disabledAt)))
  const [row] = rows
  return row ? { workspace: row.workspace as WorkspaceId, member: id as MemberId } : null
}

/** Whether a member is disabled, as it is now. */
export async function isDisabled(d1: D1Database, id: string): Promise<boolean> {
  const [row] = await database(d1).select({ at: members.disabledAt }).from(members).where(eq(members.id, id))
  return row !== undefined && row.at !== null
}

/** Whether a person belongs to another workspace of this installation as well. */
export async function isMemberElsewhere(workspace: Workspace, userId: string): Promise<boolean> {
  const rows = await workspace.db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.userId, userId), ne(members.workspaceId, workspace.id)))
    .limit(1)
  return rows.length > 0
}

/** Whether this address is that of a member, disabled or not. */
export async function isMemberEmail(workspace: Workspace, email: string): Promise<boolean> {
  const rows = await workspace.db
    .select({ id: members.id })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.workspaceId, workspace.id), eq(users.email, email)))
  return rows.length > 0
}

/** Those that can still be accepted. */
export async function listInvitations(workspace: Workspace, now: number): Promise<Invitation[]> {
  return workspace.db
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      createdAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .where(
      and(eq(invitations.workspaceId, workspace.id), isNull(invitations.acceptedAt), gt(invitations.expiresAt, now)),
    )
    .orderBy(asc(invitations.createdAt), asc(invitations.id))
}

/** Makes an invitation; one that is still open for the same email is withdrawn with it: the newest link counts. */
export async function createInvitation(
  workspace: MembersWorkspace,
  invitation: Invitation,
  tokenHash: string,
): Promise<void> {
  const { d1, db, id: workspaceId, me } = workspace
  const { id: subject, email, role } = invitation
  const earlier = db
    .delete(invitations)
    .where(and(eq(invitations.workspaceId, workspaceId), eq(invitations.email, email), isNull(invitations.acceptedAt)))
  const made = db.insert(invitations).values({ ...invitation, workspaceId, tokenHash, invitedBy: me.member })
  await d1.batch([
    statement(d1, earlier),
    statement(d1, made),
    audited(workspace, { action: 'invitation.created', subject, detail: { name: email, role } }, invitation.createdAt),
  ])
}

/** Answers whether there was one to withdraw. */
export async function revokeInvitation(workspace: Workspace, id: string, now: number): Promise<boolean> {
  const { d1, db } = workspace
  const open = and(eq(invitations.workspaceId, workspace.id), eq(invitations.id, id), isNull(invitations.acceptedAt))
  const [found] = await db.select({ email: invitations.email }).from(invitations).where(open)
  if (!found) return false
  const detail = { name: found.email }
  const [gone] = await d1.batch([
    statement(d1, db.delete(invitations).where(open)),
    audited(workspace, { action: 'invitation.revoked', subject: id, detail }, now),
  ])
  return gone?.meta.changes === 1
}
