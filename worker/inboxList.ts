/**
 * Lists as they are this second: a keyset page of D1,
 * with the rows and markers that D1 may not have yet laid over it.
 */
import type { Conversation, ConversationList } from '../core/api/conversations.ts'
import { canSee } from '../core/conversation/canSee.ts'
import { compareRows, type Filter, matches, movedOn, type View } from '../core/conversation/filter.ts'
import { type ConversationRow, completed } from '../core/conversation/row.ts'
import type { ConversationId, MemberId, WorkspaceId } from '../core/ids.ts'
import { historyOf } from '../core/membership.ts'
import type { Marker } from '../core/protocol/inboxFrames.ts'
import { mayRead } from './auth/authorize.ts'
import type { Caller } from './auth/principal.ts'
import {
  conversationsById,
  listConversations,
  NO_SURROUNDINGS,
  type Surroundings,
  surroundings,
  unknownContact,
} from './db/conversations.ts'
import { type Cursor, pageOf } from './db/keyset.ts'
import { openFor, openWorkspace, readerOf, type Workspace } from './db/workspace.ts'

/** One page of a view, newest message first. */
export async function listWithOverlay(
  env: Env,
  workspace: Workspace,
  view: View,
  after: Cursor | null,
  limit: number,
): Promise<ConversationList> {
  const filter: Filter = { view, me: readerOf(workspace) }
  // First the overlay, then D1: what left the overlay in between is in D1 already.
  const { rows: changed, markers } = await env.INBOX.getByName(workspace.id).overlay(filter.me)
  const stored = await listConversations(workspace, filter, after, limit + 1)
  const rows = changed.filter((row) => !isDeleted(row))
  const deleted = new Set<string>(changed.filter(isDeleted).map(({ id }) => id))
  const { list: page, next } = pageOf(stored, limit, cursorOf)
  const around = await surroundings(workspace, rows)
  // One that was just marked unread by hand may be neither in the page nor among the changed rows.
  const marked = view === 'unread' ? markers.filter((marker) => marker.unread).map((marker) => marker.id) : []
  const live = [...(await conversationsById(workspace, marked)), ...rows.map((row) => present(row, around))]
  const list = layOver({ page, live, markers, filter, after, isLast: next === null })
    .filter(({ id }) => !deleted.has(id))
    // A row that D1 still shows may have been taken from who looks a second ago (CV7).
    .filter((row) => !workspace.me || canSee(workspace.me, asRow(row), historyOf(workspace.me)))
  // What D1 does not have yet may be more than a page: the rest of it begins the next.
  const shown = pageOf(list, limit, cursorOf)
  return { list: shown.list, next: shown.next ?? next }
}

const cursorOf = ({ lastMessageAt, id }: Conversation): Cursor => ({ at: lastMessageAt, id })

/** Conversations that were deleted, or are being so, and may stand in D1 as if they were not (CV12). */
export async function deletedJustNow(env: Env, workspace: WorkspaceId): Promise<ReadonlySet<string>> {
  const { rows } = await env.INBOX.getByName(workspace).overlay()
  return new Set(rows.filter(isDeleted).map(({ id }) => id))
}

/** CV12: in no list from the first moment on. */
const isDeleted = (row: ConversationRow) => completed(row).deletedAt !== null

interface Layers {
  page: readonly Conversation[]
  live: readonly Conversation[]
  markers: readonly Marker[]
  filter: Filter
  after: Cursor | null
  /** Whether nothing follows the page. */
  isLast: boolean
}

/** Overlay rows replace, add or remove; those outside this page's range belong to another. */
export function layOver({ page, live, markers, filter, after, isLast }: Layers): Conversation[] {
  const [from, to] = [after && { lastMessageAt: after.at, id: after.id }, isLast ? undefined : page.at(-1)]
  const moved = new Map(markers.map((marker) => [marker.id, marker]))
  const newer = new Map(live.map((row) => [row.id, row]))
  for (const row of page) if (row.rev >= (newer.get(row.id)?.rev ?? 0)) newer.delete(row.id)
  const kept = page.filter((row) => !newer.has(row.id))
  const added = [...newer.values()].filter(
    (row) => (!from || compareRows(from, row) < 0) && (!to || compareRows(to, row) >= 0),
  )
  return [...kept, ...added]
    .map((row) => ({ ...row, reader: movedOn(row.reader, moved.get(row.id) ?? row.reader) }))
    .filter((row) => matches(asRow(row), filter, row.reader))
    .sort(compareRows)
}

/** One conversation with what is known around it; nameless and unread while D1 is out of reach. */
export async function withSurroundings(env: Env, caller: Caller, row: ConversationRow): Promise<Conversation> {
  const workspace = openedBy(env, caller, row.workspace)
  if (!workspace) return present(row, NO_SURROUNDINGS)
  const [{ markers }, around] = await Promise.all([
    env.INBOX.getByName(row.workspace).overlay(readerOf(workspace)),
    surroundings(workspace, [row]).catch(() => NO_SURROUNDINGS),
  ])
  const conversation = present(row, around)
  const marker = markers.find(({ id }) => id === row.id)
  return marker ? { ...conversation, reader: movedOn(conversation.reader, marker) } : conversation
}

function openedBy(env: Env, caller: Caller, id: WorkspaceId): Workspace | null {
  if (caller.kind === 'key') return caller.workspace === id ? openFor(env.DB, id, `key:${caller.id}`) : null
  const me = caller.memberships.find((m) => m.workspace === id)
  return me ? openWorkspace(env.DB, me) : null
}

/**
 * What a caller may know of a conversation: a program needs the scope for names and addresses, and for a score that the
 * team gave itself.
 */
export function forCaller(caller: Caller, conversation: Conversation): Conversation {
  const { rating, ...unrated } = conversation
  const told = rating?.source === 'agent' && !mayRead(caller, 'ratings:read') ? unrated : conversation
  if (mayRead(caller, 'contacts:read')) return told
  const { id, createdAt } = told.contact
  return { ...told, contact: { id, createdAt, name: null, email: null } }
}

function present(row: ConversationRow, around: Surroundings): Conversation {
  const reader = around.readers.get(row.id) ?? { public: 0, visitor: 0, unread: false }
  // What was said before the member joined is read.
  const from = row.lastMessageAt <= around.unreadFrom ? { public: row.head, visitor: row.visitorMessages } : reader
  // An object that still runs the version before may say less.
  const { deletedAt: _, asks: __, teamScore: ___, ...known } = completed(row)
  const bans = [row.contact, row.device].flatMap((target) => around.bans.get(target) ?? [])
  return {
    ...known,
    ...(bans.length > 0 && { bans }),
    contact: around.contacts.get(row.contact) ?? unknownContact(row.contact, around.complete ? row.startedAt : null),
    reader: movedOn(reader, { ...from, unread: reader.unread }),
  }
}

// The same fields; the API's are plain text where core brands its ids.
function asRow({ id, workspace, assignee, collaborators, formerAssignees, ...row }: Conversation) {
  return {
    ...row,
    id: id as ConversationId,
    workspace: workspace as WorkspaceId,
    assignee: assignee as MemberId | null,
    collaborators: collaborators as MemberId[],
    formerAssignees: formerAssignees as MemberId[],
  }
}
