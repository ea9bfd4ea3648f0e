/** Lists as they are this second: a keyset page of D1, with the rows that D1 may not have yet laid over it. */
import type { Conversation, ConversationList } from '../core/api/conversations.ts'
import { compareRows, type Filter, matches, type View } from '../core/conversation/filter.ts'
import type { ConversationRow } from '../core/conversation/row.ts'
import type { Principal } from './auth/principal.ts'
import { type Cursor, contactSummaries, encodeCursor, listConversations } from './db/conversations.ts'
import { openWorkspace, type Workspace } from './db/workspace.ts'

/** One page of a view, newest message first. */
export async function listWithOverlay(
  env: Env,
  workspace: Workspace,
  view: View,
  after: Cursor | null,
  limit: number,
): Promise<ConversationList> {
  const filter: Filter = { view, me: workspace.me.member }
  // First the overlay, then D1: a row that left the overlay in between is in D1 already.
  const overlay = await env.INBOX.getByName(workspace.id).overlay()
  const stored = await listConversations(workspace, filter, after, limit + 1)
  const page = stored.slice(0, limit)
  const last = stored.length > limit ? page.at(-1) : undefined
  const contacts = await contactSummaries(
    workspace,
    overlay.map((row) => row.contact),
  )
  const live = overlay.map((row) => present(row, contacts.get(row.contact)))
  return { list: layOver(page, live, filter, after, last), next: last ? encodeCursor(last) : null }
}

/** Overlay rows replace, add or remove; those outside this page's range belong to another. */
export function layOver(
  page: readonly Conversation[],
  live: readonly Conversation[],
  filter: Filter,
  after: Cursor | null,
  last: Cursor | undefined,
): Conversation[] {
  const newer = new Map(live.map((row) => [row.id, row]))
  for (const row of page) if (row.rev >= (newer.get(row.id)?.rev ?? 0)) newer.delete(row.id)
  const kept = page.filter((row) => !newer.has(row.id))
  const added = [...newer.values()].filter(
    (row) => matches(asRow(row), filter) && (!after || isBefore(after, row)) && (!last || !isBefore(last, row)),
  )
  return [...kept, ...added].sort((a, b) => compareRows(asRow(a), asRow(b)))
}

function isBefore(a: Cursor, b: Cursor): boolean {
  return a.lastMessageAt > b.lastMessageAt || (a.lastMessageAt === b.lastMessageAt && a.id > b.id)
}

/** One conversation with what is known of its contact; nameless while D1 is out of reach. */
export async function withContact(
  env: Env,
  principal: Extract<Principal, { kind: 'agent' }>,
  row: ConversationRow,
): Promise<Conversation> {
  const me = principal.memberships.find((m) => m.workspace === row.workspace)
  const contacts = me
    ? await contactSummaries(openWorkspace(env.DB, me), [row.contact]).catch(() => new Map())
    : new Map()
  return present(row, contacts.get(row.contact))
}

function present(row: ConversationRow, contact: Conversation['contact'] | undefined): Conversation {
  return { ...row, contact: contact ?? { id: row.contact, name: null, email: null } }
}

// The same fields; the API's are plain text where core brands its ids.
function asRow(row: Conversation): ConversationRow {
  return row as unknown as ConversationRow
}
