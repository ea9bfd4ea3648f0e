/** Groups: which rights agents have beside their role (PR1). */
import { and, asc, eq } from 'drizzle-orm'
import type { Group, GroupChange, NewGroup } from '../../core/api/groups.ts'
import { EVERYONE, EVERYONE_RIGHTS, granted, type Right } from '../../core/rights.ts'
import { newId } from '../ids.ts'
import { audited, type Happening } from './audit.ts'
import { groupMembers, groups } from './schema.ts'
import { statement, type Workspace } from './workspace.ts'

/** SQL for the rights of all groups that a member is in, by group. Read it with `rightsIn`. */
export const GROUP_RIGHTS = `(SELECT json_group_object(g.id, json(g.rights)) FROM "groups" g
    WHERE g.workspace_id = m.workspace_id AND (g.id = '${EVERYONE}'
      OR EXISTS (SELECT 1 FROM group_members gm WHERE gm.group_id = g.id AND gm.member_id = m.id)))`

/** What `GROUP_RIGHTS` gave, each right once. */
export function rightsIn(column: string | null): Right[] {
  return granted(JSON.parse(column ?? '{}') as Record<string, string[]>)
}

/** Everybody who is in a group, before and after a change of it, has to show their rights anew. */
const NOTE_GROUP = `INSERT INTO changes (id, workspace_id, member_id, disabled, created_at)
  SELECT lower(hex(randomblob(16))), workspace_id, id, NULL, ?3 FROM members
  WHERE workspace_id = ?1 AND (?2 = '${EVERYONE}' OR id IN (SELECT member_id FROM group_members WHERE group_id = ?2))`

/** Only members of the very workspace can be in its groups. */
const PUT_IN = `INSERT OR IGNORE INTO group_members (workspace_id, group_id, member_id)
  SELECT ?1, ?2, id FROM members WHERE workspace_id = ?1 AND id IN (SELECT value FROM json_each(?3))
    AND EXISTS (SELECT 1 FROM "groups" WHERE workspace_id = ?1 AND id = ?2)`

const TAKE_OUT = `DELETE FROM group_members WHERE workspace_id = ?1 AND group_id = ?2
  AND member_id IN (SELECT value FROM json_each(?3))`

/** The built-in group first, then the others as they were made. */
export async function listGroups({ db, id }: Workspace): Promise<Group[]> {
  const [made, inside] = await db.batch([
    db.select().from(groups).where(eq(groups.workspaceId, id)).orderBy(asc(groups.createdAt), asc(groups.id)),
    db
      .select({ group: groupMembers.groupId, member: groupMembers.memberId })
      .from(groupMembers)
      .where(eq(groupMembers.workspaceId, id))
      .orderBy(asc(groupMembers.memberId)),
  ])
  const list = made.map((group) => ({
    id: group.id,
    name: group.name,
    rights: group.rights,
    members: inside.filter(({ group: of }) => of === group.id).map(({ member }) => member),
  }))
  const everyone = list.find((group) => group.id === EVERYONE) ?? untouched()
  return [everyone, ...list.filter((group) => group.id !== EVERYONE)]
}

/** Null where the workspace has no such group; the built-in one it always has. */
export async function findGroup(workspace: Workspace, id: string): Promise<Group | null> {
  return (await listGroups(workspace)).find((group) => group.id === id) ?? null
}

const untouched = (): Group => ({ id: EVERYONE, name: 'Everyone', rights: [...EVERYONE_RIGHTS], members: [] })

/** Makes a group; its members have to show their rights anew. */
export async function createGroup(workspace: Workspace, wanted: NewGroup, now: number): Promise<Group> {
  const id = newId('g')
  const { name, rights } = wanted
  const { d1, db } = workspace
  await d1.batch([
    statement(d1, db.insert(groups).values({ workspaceId: workspace.id, id, name, rights, createdAt: now })),
    audited(workspace, { action: 'group.created', subject: id, detail: { name, rights } }, now),
    d1.prepare(PUT_IN).bind(workspace.id, id, JSON.stringify(wanted.members)),
    d1.prepare(NOTE_GROUP).bind(workspace.id, id, now),
  ])
  return (await findGroup(workspace, id)) ?? { id, name, rights, members: [] }
}

/**
 * Changes a group in what is to be another than before, and in nothing else: what somebody decides about the rest
 * meanwhile stands. What its members have to be told of it is written with it.
 */
export async function changeGroup(workspace: Workspace, before: Group, to: GroupChange, now: number): Promise<void> {
  const { d1, db, id: workspaceId } = workspace
  const { id } = before
  const what = changesOf(before, to)
  if (Object.keys(what).length === 0) return
  const { from, added, removed, ...rights } = what
  const name = to.name ?? before.name
  const felt = what.rights ?? added ?? removed
  const note = felt ? [d1.prepare(NOTE_GROUP).bind(workspaceId, id, now)] : []
  // The built-in group has no row before its first change. Any other that is gone meanwhile does not come back.
  const write =
    id === EVERYONE
      ? db
          .insert(groups)
          .values({ workspaceId, id, name, rights: before.rights, ...rights, createdAt: now })
          .onConflictDoUpdate({ target: [groups.workspaceId, groups.id], set: { id, ...rights } })
      : db
          .update(groups)
          .set({ id, ...(from !== undefined && { name }), ...rights })
          .where(own(workspace, id))
  const happening: Happening = { action: 'group.changed', subject: id, detail: { name, ...what } }
  await d1.batch([
    ...note,
    statement(d1, write),
    audited(workspace, happening, now),
    d1.prepare(TAKE_OUT).bind(workspaceId, id, JSON.stringify(removed ?? [])),
    d1.prepare(PUT_IN).bind(workspaceId, id, JSON.stringify(added ?? [])),
    ...note,
  ])
}

/** What is another now, as the log tells it. */
interface Changes {
  /** The name before. */
  from?: string
  rights?: Right[]
  added?: string[]
  removed?: string[]
}

function changesOf(before: Group, to: GroupChange): Changes {
  const added = to.members?.filter((member) => !before.members.includes(member)) ?? []
  const removed = to.members ? before.members.filter((member) => !to.members?.includes(member)) : []
  const rights = to.rights && to.rights.join() !== before.rights.join() ? to.rights : null
  return {
    ...(to.name !== undefined && to.name !== before.name ? { from: before.name } : {}),
    ...(rights ? { rights } : {}),
    ...(added.length > 0 ? { added } : {}),
    ...(removed.length > 0 ? { removed } : {}),
  }
}

/** Answers whether there was one to delete. Its members keep what other groups give them. */
export async function deleteGroup(workspace: Workspace, group: Group, now: number): Promise<boolean> {
  const { d1, db } = workspace
  const { id, name } = group
  const inside = and(eq(groupMembers.workspaceId, workspace.id), eq(groupMembers.groupId, id))
  const [, gone] = await d1.batch([
    d1.prepare(NOTE_GROUP).bind(workspace.id, id, now),
    statement(d1, db.delete(groups).where(own(workspace, id))),
    audited(workspace, { action: 'group.deleted', subject: id, detail: { name } }, now),
    statement(d1, db.delete(groupMembers).where(inside)),
  ])
  return gone?.meta.changes === 1
}

const own = (workspace: Workspace, id: string) => and(eq(groups.workspaceId, workspace.id), eq(groups.id, id))
