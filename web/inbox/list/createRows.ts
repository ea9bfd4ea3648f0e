/**
 * The lists of the inbox: pages read from the index, kept current by the live link. Must never show a list with a
 * hole in it: a view ends where its reading ends, until the next page is there.
 */
import { batch, createSignal, untrack } from 'solid-js'
import { createStore } from 'solid-js/store'
import { VIEWS, type View } from '../../../core/conversation/filter.ts'
import type { ConversationId, MemberId } from '../../../core/ids.ts'
import { ApiProblem } from '../../lib/api.ts'
import type { LinkState } from '../../lib/connection.ts'
import { createInboxFeed } from '../../lib/inboxFeed.ts'
import type { SessionControl } from '../session/createSession.ts'
import { createKnownRows } from './createKnownRows.ts'
import type { Boundary, InboxRow, RowPage } from './rows.ts'

const PAGE = 50
/** The overlay of a welcome reaches back a minute: what was read just before the first one has missed nothing. */
const FRESH_MS = 10_000

/** How far a view has been read from the index. */
export interface Reading {
  /** `stale`: read before, but the link was lost since, so that changes may have been missed. */
  status: 'unread' | 'reading' | 'read' | 'stale' | 'failed'
  /** Whether there is anything to show: from here on `boundary` holds. */
  readOnce: boolean
  boundary: Boundary
  /** Cursor of the next page. */
  next: string | null
  /** Why it could not be read. */
  fault?: string
}

export interface Rows {
  /** The rows of a view in order; reactive. */
  view(view: View): InboxRow[]
  /** How far a view has been read. */
  reading(view: View): Reading
  row(id: string): InboxRow | undefined
  /** Makes a view the current one and reads its first page if that is needed. */
  open(view: View): void
  /** Reads the next page. */
  more(view: View): void
  /** Reads one conversation, also such as no list has shown. Refused like the API's own call. */
  fetch(id: ConversationId): Promise<void>
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
  /** Another source of live rows, for tests. */
  feed?: typeof createInboxFeed
}

export function createRows(options: RowsOptions): Rows {
  const known = createKnownRows(options.me)
  const readings = createReadings(options.request, known.keepPage)
  const [link, setLink] = createSignal<LinkState>('connecting')
  const startedAt = Date.now()
  let livedBefore = false

  function follow(state: LinkState): void {
    setLink(state)
    if (state === 'unauthorized') options.onUnauthorized()
    if (state === 'connecting') known.startOver()
    if (state !== 'live') return
    if (livedBefore || Date.now() - startedAt > FRESH_MS) readings.refresh()
    livedBefore = true
  }

  const feed = (options.feed ?? createInboxFeed)({
    workspace: options.workspace,
    onRows: known.hear,
    onRemoved: known.forget,
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
    open: readings.open,
    more: readings.more,
    fetch: async (id) => known.keep([await options.request<InboxRow>('GET', `/api/v1/conversations/${id}`)]),
    link,
    reconnect: () => feed.reconnect(),
    close: () => feed.close(),
  }
}

type KeepPage = ReturnType<typeof createKnownRows>['keepPage']

/** Reads views page by page, one reading of a view at a time. */
function createReadings(request: SessionControl['request'], keepPage: KeepPage) {
  const [readings, setReadings] = createStore<Record<View, Reading>>({
    all: unread(),
    unresolved: unread(),
    resolved: unread(),
    mine: unread(),
    unassigned: unread(),
  })
  let current: View | null = null
  /** Raised by every loss of the link: an answer asked for before it is not used after it. */
  let epoch = 0

  async function read(view: View, cursor: string | null): Promise<void> {
    const asked = epoch
    const from = cursor === null ? null : readings[view].boundary
    setReadings(view, { status: 'reading' })
    try {
      const query = new URLSearchParams({ view, limit: String(PAGE), ...(cursor && { cursor }) })
      const page = await request<RowPage>('GET', `/api/v1/conversations?${query}`)
      if (asked !== epoch) return
      batch(() => {
        keepPage(view, page.list, from, boundaryOf(page))
        setReadings(view, { status: 'read', readOnce: true, boundary: boundaryOf(page), next: page.next })
      })
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (asked === epoch) setReadings(view, { status: 'failed', fault: error.problem.detail })
    }
  }

  function open(view: View): void {
    current = view
    const { status } = untrack(() => ({ ...readings[view] }))
    if (status === 'unread' || status === 'stale' || status === 'failed') void read(view, null)
  }

  return {
    of: (view: View): Reading => readings[view],
    open,
    more: (view: View): void => {
      const { status, next } = readings[view]
      if (status === 'read' && next !== null) void read(view, next)
    },
    /** Changes may have been missed: reads the current view again, the others when they are opened. */
    refresh: (): void => {
      epoch += 1
      batch(() => {
        for (const view of VIEWS) if (readings[view].status !== 'unread') setReadings(view, { status: 'stale' })
      })
      if (current) open(current)
    },
  }
}

function unread(): Reading {
  return { status: 'unread', readOnce: false, boundary: null, next: null }
}

function boundaryOf(page: RowPage): Boundary {
  const last = page.list.at(-1)
  return page.next !== null && last ? { lastMessageAt: last.lastMessageAt, id: last.id } : null
}
