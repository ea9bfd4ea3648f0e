/** The list of conversations, as D1 has it. What is newer lies in the inbox object and is laid over it by the route. */
import { and, desc, eq, inArray, isNull, lt, ne, or, type SQL } from 'drizzle-orm'
import type { ContactSummary, Conversation } from '../../core/api/conversations.ts'
import type { Filter } from '../../core/conversation/filter.ts'
import { contacts, conversations } from './schema.ts'
import type { Workspace } from './workspace.ts'

/** Where a page ended: the sort key of its last row. */
export interface Cursor {
  lastMessageAt: number
  id: string
}

export function encodeCursor(cursor: Cursor): string {
  return `${cursor.lastMessageAt}.${cursor.id}`
}

/** Null for a text that is no cursor of ours. */
export function decodeCursor(text: string): Cursor | null {
  const match = /^(\d{1,15})\.([a-z2-7]{32})$/.exec(text)
  return match?.[1] && match[2] ? { lastMessageAt: Number(match[1]), id: match[2] } : null
}

/** One keyset page, newest message first; must agree with `matches` and `compareRows` of core. */
export async function listConversations(
  workspace: Workspace,
  filter: Filter,
  after: Cursor | null,
  limit: number,
): Promise<Conversation[]> {
  const rows = await workspace.db
    .select({ row: conversations, contactName: contacts.name, contactEmail: contacts.email })
    .from(conversations)
    .leftJoin(
      contacts,
      and(eq(contacts.id, conversations.contactId), eq(contacts.workspaceId, conversations.workspaceId)),
    )
    .where(and(eq(conversations.workspaceId, workspace.id), condition(filter), after ? beyond(after) : undefined))
    .orderBy(desc(conversations.lastMessageAt), desc(conversations.id))
    .limit(limit)
  return rows.map(({ row, contactName, contactEmail }) => ({
    id: row.id,
    workspace: row.workspaceId,
    rev: row.rev,
    channel: row.channelId,
    contact: { id: row.contactId, name: contactName, email: contactEmail },
    device: row.deviceId,
    status: row.status,
    assignee: row.assigneeId,
    startedAt: row.startedAt,
    lastMessageAt: row.lastMessageAt,
    lastMessage:
      row.lastMessageAuthor !== null && row.lastMessageText !== null
        ? { author: row.lastMessageAuthor, text: row.lastMessageText, at: row.lastMessageAt }
        : null,
    visitorMessages: row.visitorMessages,
    head: row.head,
    source: row.source as Conversation['source'],
  }))
}

function condition(filter: Filter): SQL | undefined {
  switch (filter.view) {
    case 'all':
      return undefined
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

function beyond(cursor: Cursor): SQL | undefined {
  return or(
    lt(conversations.lastMessageAt, cursor.lastMessageAt),
    and(eq(conversations.lastMessageAt, cursor.lastMessageAt), lt(conversations.id, cursor.id)),
  )
}

/** At most this many contacts are looked up for one page: a statement binds 100 values, the workspace is one. */
const CONTACTS_MAX = 90

/** What is known of these contacts; those without a row yet are nameless. */
export async function contactSummaries(
  workspace: Workspace,
  ids: readonly string[],
): Promise<Map<string, ContactSummary>> {
  if (ids.length === 0) return new Map()
  const rows = await workspace.db
    .select({ id: contacts.id, name: contacts.name, email: contacts.email })
    .from(contacts)
    .where(and(eq(contacts.workspaceId, workspace.id), inArray(contacts.id, ids.slice(0, CONTACTS_MAX))))
  return new Map(rows.map((row) => [row.id, row]))
}
