/** The list of conversations, as D1 has it. What is newer lies in the inbox object and is laid over it by the route. */
import { and, desc, eq, isNull, ne, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { ContactSummary, Conversation } from '../../core/api/conversations.ts'
import type { BanMark } from '../../core/bans/ban.ts'
import { seesAll } from '../../core/conversation/canSee.ts'
import type { Filter } from '../../core/conversation/filter.ts'
import { NO_SOURCE } from '../../core/conversation/record.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import { SCORES } from '../../core/conversation/score.ts'
import type { DeviceId, WorkspaceId } from '../../core/ids.ts'
import { historyOf } from '../../core/membership.ts'
import { inForce, marksColumn, marksIn } from './bans.ts'
import { CONTACT_SUMMARY } from './contacts.ts'
import { beyond, type Cursor } from './keyset.ts'
import { bans, contacts, conversations, members, readMarkers } from './schema.ts'
import { database, readerOf, type Workspace } from './workspace.ts'

/** Where a member's reading begins: what was said before they joined is not unread to them. */
const UNREAD_FROM = (workspace: Workspace) =>
  sql<number>`(SELECT unread_from FROM members WHERE id = ${readerOf(workspace)})`
const SEEN_VISITOR = (workspace: Workspace) =>
  sql<number>`max(coalesce(${readMarkers.seenVisitor}, 0),
    CASE WHEN ${conversations.lastMessageAt} <= ${UNREAD_FROM(workspace)} THEN ${conversations.visitorMessages} ELSE 0 END)`
const MARKED = sql<number>`coalesce(${readMarkers.unread}, 0)`

/** CV7; must agree with `canSee` of core. */
function visible({ me }: Workspace): SQL | undefined {
  if (!me || historyOf(me) === 'keep' || seesAll(me)) return undefined
  const named = (column: SQLiteColumn) => sql`EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = ${me.member})`
  const { assigneeId, collaborators, formerAssignees } = conversations
  return sql`(NOT ${named(formerAssignees)} OR ${assigneeId} IS ${me.member} OR ${named(collaborators)})`
}

/** One keyset page, newest message first; must agree with `matches` and `compareRows` of core. */
export async function listConversations(
  workspace: Workspace,
  filter: Filter,
  after: Cursor | null,
  limit: number,
): Promise<Conversation[]> {
  const rows = await select(workspace)
    .where(
      and(
        living(workspace.id),
        visible(workspace),
        condition(workspace, filter),
        beyond(conversations.lastMessageAt, conversations.id, after),
      ),
    )
    .orderBy(desc(conversations.lastMessageAt), desc(conversations.id))
    .limit(limit)
  return rows.map(present)
}

/** These conversations, as far as D1 has them. */
export async function conversationsById(workspace: Workspace, ids: readonly string[]): Promise<Conversation[]> {
  if (ids.length === 0) return []
  const named = among(conversations.id, ids)
  return (await select(workspace).where(and(living(workspace.id), visible(workspace), named))).map(present)
}

/** Of a workspace, without what was deleted (CV12). */
function living(workspace: WorkspaceId): SQL | undefined {
  return and(eq(conversations.workspaceId, workspace), isNull(conversations.deletedAt))
}

function select(workspace: Workspace) {
  return workspace.db
    .select({
      row: conversations,
      contact: CONTACT_SUMMARY,
      seenPublic: readMarkers.seenPublic,
      seenVisitor: SEEN_VISITOR(workspace),
      unread: MARKED,
      beforeJoining: sql<number>`${conversations.lastMessageAt} <= ${UNREAD_FROM(workspace)}`,
      marks: marksColumn(
        sql`${workspace.id}`,
        sql`${conversations.contactId}`,
        sql`${conversations.deviceId}`,
        Date.now(),
      ),
    })
    .from(conversations)
    .leftJoin(
      contacts,
      and(eq(contacts.id, conversations.contactId), eq(contacts.workspaceId, conversations.workspaceId)),
    )
    .leftJoin(
      readMarkers,
      and(eq(readMarkers.conversationId, conversations.id), eq(readMarkers.memberId, readerOf(workspace))),
    )
    .$dynamic()
}

function present({
  row,
  contact,
  seenPublic,
  seenVisitor,
  unread,
  beforeJoining,
  marks,
}: Awaited<ReturnType<typeof select>>[number]): Conversation {
  const {
    workspaceId,
    channelId,
    contactId,
    deviceId,
    assigneeId,
    lastMessageAuthor,
    lastMessageText,
    deletedAt: _,
    ratingScore,
    ratingSource,
    ...same
  } = row
  const score = SCORES.find((known) => known === ratingScore)
  return {
    ...same,
    ...(score && ratingSource && { rating: { score, source: ratingSource } }),
    workspace: workspaceId,
    channel: channelId,
    contact: contact ?? unknownContact(contactId, null),
    device: deviceId,
    assignee: assigneeId,
    lastMessage:
      lastMessageAuthor !== null && lastMessageText !== null
        ? { author: lastMessageAuthor, text: lastMessageText, at: row.lastMessageAt }
        : null,
    source: { ...NO_SOURCE, ...(row.source as Partial<Conversation['source']>) },
    ...marksIn(marks),
    reader: {
      // What was said before the member joined is read.
      public: Math.max(seenPublic ?? 0, beforeJoining === 1 ? row.head : 0),
      visitor: seenVisitor,
      unread: unread === 1,
    },
  }
}

function condition(workspace: Workspace, filter: Filter): SQL | undefined {
  switch (filter.view) {
    case 'all':
      return undefined
    case 'unread':
      return sql`max(${conversations.visitorMessages} - ${SEEN_VISITOR(workspace)}, ${MARKED}) > 0`
    case 'unresolved':
      return ne(conversations.status, 'closed')
    case 'resolved':
      return eq(conversations.status, 'closed')
    case 'mine':
      return eq(conversations.assigneeId, filter.me)
    case 'unassigned':
      return and(isNull(conversations.assigneeId), ne(conversations.status, 'closed'))
  }
}

/** One that D1 does not have, or cannot tell of now. */
export function unknownContact(id: string, createdAt: number | null): ContactSummary {
  return { id, name: null, email: null, createdAt }
}

/** What D1 knows of a conversation beside its row: who it is with, and how far the caller has read. */
export interface Surroundings {
  /** Whether D1 answered: then who is not among the contacts has only just written for the first time. */
  complete: boolean
  contacts: Map<string, ContactSummary>
  readers: Map<string, Conversation['reader']>
  /** From when on messages are unread to the caller, where no marker says otherwise. */
  unreadFrom: number
  /** Bans in force, by the contact or device that they are of. */
  bans: Map<string, BanMark>
}

/** While D1 does not answer. */
export const NO_SURROUNDINGS: Surroundings = {
  complete: false,
  contacts: new Map(),
  readers: new Map(),
  unreadFrom: 0,
  bans: new Map(),
}

/** One value however many there are: a statement binds 100 at most, and a busy minute changes more conversations. */
const among = (column: SQLiteColumn, ids: readonly string[]) =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`

/** Of rows that D1 may not have yet; what it does not know is left out. */
export async function surroundings(
  workspace: Workspace,
  rows: ReadonlyArray<Pick<ConversationRow, 'id' | 'contact' | 'device'>>,
): Promise<Surroundings> {
  if (rows.length === 0) return { ...NO_SURROUNDINGS, complete: true }
  const targets = rows.flatMap(({ contact, device }) => [contact, device])
  const [me, people, markers, marks] = await workspace.db.batch([
    workspace.db
      .select({ unreadFrom: members.unreadFrom })
      .from(members)
      .where(eq(members.id, readerOf(workspace))),
    workspace.db
      .select(CONTACT_SUMMARY)
      .from(contacts)
      .where(
        and(
          eq(contacts.workspaceId, workspace.id),
          among(
            contacts.id,
            rows.map((row) => row.contact),
          ),
        ),
      ),
    workspace.db
      .select({
        id: readMarkers.conversationId,
        public: readMarkers.seenPublic,
        visitor: readMarkers.seenVisitor,
        unread: readMarkers.unread,
      })
      .from(readMarkers)
      .where(
        and(
          eq(readMarkers.memberId, readerOf(workspace)),
          among(
            readMarkers.conversationId,
            rows.map((row) => row.id),
          ),
        ),
      ),
    workspace.db
      .select({ target: bans.target, scope: bans.scope, kind: bans.kind, until: bans.expiresAt })
      .from(bans)
      .where(and(eq(bans.workspaceId, workspace.id), among(bans.target, targets), inForce(Date.now()))),
  ])
  return {
    complete: true,
    contacts: new Map(people.map((contact) => [contact.id, contact])),
    readers: new Map(markers.map(({ id, ...reader }) => [id, reader])),
    unreadFrom: me[0]?.unreadFrom ?? 0,
    bans: new Map(marks.map(({ target, ...mark }) => [target, mark])),
  }
}

/** The conversations of one device, as the visitor may see them; newest message first. */
export async function listOfDevice(d1: D1Database, workspace: WorkspaceId, device: DeviceId, limit: number) {
  return database(d1)
    .select({
      id: conversations.id,
      rev: conversations.rev,
      status: conversations.status,
      startedAt: conversations.startedAt,
      lastMessageAt: conversations.lastMessageAt,
      author: conversations.lastMessageAuthor,
      text: conversations.lastMessageText,
    })
    .from(conversations)
    .where(and(living(workspace), eq(conversations.deviceId, device)))
    .orderBy(desc(conversations.lastMessageAt), desc(conversations.id))
    .limit(limit)
}
