/** What the parts of the inbox find around them, for tests that show one part alone. */
import type { ParentProps } from 'solid-js'
import type { Session } from '../../core/api/accounts.ts'
import type { Conversation } from '../../core/api/conversations.ts'
import { NO_SOURCE } from '../../core/conversation/record.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { ChannelId, ContactId, ConversationId, DeviceId, MemberId, WorkspaceId } from '../../core/ids.ts'
import { type Right, rightsOf } from '../../core/rights.ts'
import { createPreferences } from '../../web/inbox/app/createPreferences.ts'
import { InboxProvider, type InboxState } from '../../web/inbox/app/InboxContext.tsx'
import { createDrafts } from '../../web/inbox/composer/createDrafts.ts'
import type { Rows } from '../../web/inbox/list/createRows.ts'
import { type InboxRow, withContact } from '../../web/inbox/list/rows.ts'
import type { Members } from '../../web/inbox/members/createMembers.ts'
import { createSession, type SessionControl } from '../../web/inbox/session/createSession.ts'
import { SessionProvider, WithMe } from '../../web/inbox/session/SessionProvider.tsx'
import { NoticesProvider } from '../../web/ui/Notices.tsx'

export const ME = 'ana' as MemberId
const NAMES: Record<string, string> = { ana: 'Ana', ben: 'Ben' }

export function liveRow(id: string, change: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: id as ConversationId,
    workspace: 'w' as WorkspaceId,
    rev: 1,
    channel: 'ch' as ChannelId,
    contact: `p-${id}` as ContactId,
    device: 'd' as DeviceId,
    status: 'waiting_human',
    assignee: null,
    priority: 'medium',
    collaborators: [],
    formerAssignees: [],
    startedAt: 1,
    lastMessageAt: 1,
    lastMessage: null,
    visitorMessages: 1,
    head: 1,
    source: NO_SOURCE,
    deletedAt: null,
    ...change,
  }
}

export const inboxRow = (id: string, change: Partial<ConversationRow> = {}): InboxRow =>
  withContact(liveRow(id, change), undefined)

export const UNREAD: Conversation['reader'] = { public: 0, visitor: 0, unread: false }

export const members = (change: Partial<Members> = {}): Members => ({
  list: () => [],
  nameOf: (id) => NAMES[id] ?? '?',
  availability: () => 'offline',
  hear: () => {},
  refresh: async () => {},
  ...change,
})

/** Rows of which nothing is known; a test gives what it is about. */
export const rows = (change: Partial<Rows> = {}): Rows => ({
  view: () => [],
  reading: () => ({ status: 'read', readOnce: true, boundary: null, next: null }),
  row: () => undefined,
  count: () => null,
  unread: () => 0,
  reader: () => undefined,
  read: () => {},
  markUnread: () => {},
  open: () => {},
  more: () => {},
  fetch: async () => {},
  hearContact: () => {},
  presence: () => {},
  link: () => 'live',
  reconnect: () => {},
  close: () => {},
  ...change,
})

export function inboxState(change: Partial<InboxState> = {}): InboxState {
  return {
    me: ME,
    role: () => 'agent',
    rights: () => [],
    rows: rows(),
    members: members(),
    programs: { nameOf: () => 'An integration' },
    drafts: createDrafts(),
    conversations: {
      open: () => {
        throw new Error('nothing is opened here')
      },
      leave: () => {},
    },
    channels: { list: () => [], kindOf: () => 'web', refresh: async () => {} },
    preferences: createPreferences(ME),
    awayAfterMs: () => 600_000,
    places: new Map(),
    show: () => {},
    ...change,
  }
}

export function sessionOf(member: {
  id: string
  name: string
  email: string
  role: 'owner' | 'admin' | 'agent'
  rights?: readonly Right[]
}): Session {
  const workspace = { id: 'w', name: 'Lamps', timeZone: 'UTC' }
  return {
    user: { id: `u-${member.id}`, name: member.name, email: member.email },
    memberships: [
      {
        workspace,
        member: member.id,
        name: member.name,
        role: member.role,
        rights: [...(member.rights ?? rightsOf({ role: member.role }))],
      },
    ],
    expiresAt: 1,
  }
}

/** Somebody signed in, with the API played by a table of answers; `calls` keeps what was asked. */
export function signedIn(session: Session, answers: Record<string, (body: object | undefined) => unknown> = {}) {
  const calls: string[] = []
  const control: SessionControl = {
    ...createSession(),
    state: () => ({ status: 'signed_in', session }),
    membership: () => session.memberships[0] ?? null,
    load: async () => {},
    request: async <T,>(method: string, path: string, body?: object) => {
      calls.push(`${method} ${path}${body && Object.keys(body).length > 0 ? ` ${JSON.stringify(body)}` : ''}`)
      return (await answers[`${method} ${path}`]?.(body)) as T
    },
    file: async (path) => {
      calls.push(`GET ${path}`)
      return (await answers[`GET ${path}`]?.(undefined)) as Blob
    },
  }
  return { control, calls }
}

/** All that stands above a part of the dashboard: notices, somebody signed in, and what the signed-in pages share. */
export function Stage(props: ParentProps<{ control: SessionControl; state?: InboxState }>) {
  return (
    <NoticesProvider>
      <SessionProvider control={props.control}>
        <WithMe fallback={null}>
          <InboxProvider state={props.state ?? inboxState()}>{props.children}</InboxProvider>
        </WithMe>
      </SessionProvider>
    </NoticesProvider>
  )
}
