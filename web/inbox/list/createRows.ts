/**
 * The lists of the inbox: pages read from the index, kept current by the live link. Must never show a list with a
 * hole in it: a view ends where its reading ends, until the next page is there.
 */
import { createMemo, createSignal } from 'solid-js'
import type { ContactSummary } from '../../../core/api/conversations.ts'
import type { View } from '../../../core/conversation/filter.ts'
import type { ConversationId, MemberId } from '../../../core/ids.ts'
import type { DashboardPolicy, InboxFrame, MemberPresence, ViewCounts } from '../../../core/protocol/inboxFrames.ts'
import type { Right } from '../../../core/rights.ts'
import { ignoreProblem } from '../../lib/api.ts'
import type { LinkState } from '../../lib/connection.ts'
import { createInboxFeed } from '../../lib/inboxFeed.ts'
import { COUNT_MAX } from '../app/countText.ts'
import type { SessionControl } from '../session/createSession.ts'
import { createKnownRows } from './createKnownRows.ts'
import { createLiveRows } from './createLiveRows.ts'
import { createLookups } from './createLookups.ts'
import { createMarkers, type Reader } from './createMarkers.ts'
import { createReadings, type Reading } from './createReadings.ts'
import type { InboxRow, ReadRow } from './rows.ts'

export type { Reading } from './createReadings.ts'

/** The overlay of a welcome reaches back a minute: what was read just before the first one has missed nothing. */
const FRESH_MS = 10_000

export interface Rows {
  /** The rows of a view in order; reactive. */
  view(view: View): InboxRow[]
  /** How far a view has been read. */
  reading(view: View): Reading
  row(id: string): InboxRow | undefined
  /** IB2: conversations in a view, at most `COUNT_MAX`; null until that is known. */
  count(view: View): number | null
  /** IB9: the visitor's messages that one has not read. */
  unread(id: string): number
  /** How far one has read; undefined until that is known. */
  reader(id: string): Reader | undefined
  /** The end was on the screen: moves one's marker. */
  read(id: string, head: number, visitorMessages: number): void
  /** For oneself alone, until it is opened again. */
  markUnread(id: string): void
  /** Makes a view the current one and reads its first page if that is needed. */
  open(view: View): void
  /** Reads the next page. */
  more(view: View): void
  /** Reads one conversation, also such as no list has shown. Refused like the API's own call. */
  fetch(id: ConversationId): Promise<void>
  /** A contact was given another name or email. */
  hearContact(contact: ContactSummary): void
  /** Whether this dashboard is being looked at. */
  presence(state: 'here' | 'away'): void
  link(): LinkState
  reconnect(): void
  close(): void
}

export interface RowsOptions {
  workspace: string
  me: MemberId
  request: SessionControl['request']
  /** The live socket has been refused: the session is over. */
  onUnauthorized(): void
  /** One's right to be here was taken: disabled, or no longer a member. */
  onForbidden?(): void
  /** The rights one holds, told at each connect. */
  onRights?(rights: readonly Right[]): void
  /** Who is there, whenever that changes. */
  onMembers?(list: readonly MemberPresence[]): void
  onPolicy?(policy: DashboardPolicy): void
  /** Settings that somebody else changed. */
  onChanged?(what: Extract<InboxFrame, { type: 'changed' }>['what']): void
  /** IB8: a visitor wrote just now. */
  onNews?(row: InboxRow): void
  /** Another source of live rows, for tests. */
  feed?: typeof createInboxFeed
}

export function createRows(options: RowsOptions): Rows {
  const markers = createMarkers()
  const known = createKnownRows(options.me, markers)
  const readings = createReadings(options.request, known.keepPage)
  const [link, setLink] = createSignal<LinkState>('connecting')
  const [counts, setCounts] = createSignal<ViewCounts | null>(null)
  const unreadTotal = createMemo(() => known.listed('unread', null).length)
  const fetch = async (id: string) => known.keep([await options.request<ReadRow>('GET', `/api/v1/conversations/${id}`)])
  // What cannot be looked up stays as the live row told it.
  const lookUp = createLookups((id) => fetch(id).catch(ignoreProblem))
  const hearing = createLiveRows({ known, markers, lookUp, onNews: (row) => options.onNews?.(row) })
  const startedAt = Date.now()
  let livedBefore = false
  let ended = false

  function follow(state: LinkState): void {
    setLink(state)
    if (state === 'unauthorized') options.onUnauthorized()
    if (state === 'closed' && !ended) options.onForbidden?.()
    if (state === 'connecting') {
      known.startOver()
      markers.startOver()
    }
    if (state !== 'live') return
    if (livedBefore || Date.now() - startedAt > FRESH_MS) readings.refresh()
    livedBefore = true
  }

  const feed = (options.feed ?? createInboxFeed)({
    workspace: options.workspace,
    onWelcome: hearing.welcome,
    ...passedOn(options),
    onRows: hearing.hear,
    onRemoved: known.remove,
    onMarkers: markers.hear,
    onCounts: setCounts,
    onContact: known.hearContact,
    onBan: known.hearBan,
    onState: follow,
  })

  return {
    view: (view) => {
      // Above the boundary of "All" every view is complete: it can be shown before it is read itself.
      const complete = [readings.of(view), readings.of('all')].find((reading) => reading.readOnce)
      return complete ? known.listed(view, complete.boundary) : []
    },
    reading: readings.of,
    row: known.row,
    count: (view) => {
      if (view !== 'unread') return counts()?.[view] ?? null
      return readings.of('unread').readOnce ? Math.min(unreadTotal(), COUNT_MAX) : null
    },
    unread: known.unread,
    reader: markers.of,
    read: (id, head, visitorMessages) => {
      if (markers.read(id, head, visitorMessages)) feed.read(id, { public: head, visitor: visitorMessages })
    },
    markUnread: (id) => {
      markers.markUnread(id)
      feed.markUnread(id)
    },
    open: readings.open,
    more: readings.more,
    fetch,
    hearContact: known.hearContact,
    presence: (state) => feed.presence(state),
    link,
    reconnect: () => feed.reconnect(),
    close: () => {
      ended = true
      feed.close()
    },
  }
}

/** What the link tells of others than conversations. */
function passedOn(options: RowsOptions) {
  return {
    onRights: (rights: readonly Right[]) => options.onRights?.(rights),
    onMembers: (list: readonly MemberPresence[]) => options.onMembers?.(list),
    onPolicy: (policy: DashboardPolicy) => options.onPolicy?.(policy),
    onChanged: (what: Extract<InboxFrame, { type: 'changed' }>['what']) => options.onChanged?.(what),
  }
}
