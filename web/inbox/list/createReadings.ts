/** Reads the views of the inbox from the index, page by page, one reading of a view at a time. */
import { batch, untrack } from 'solid-js'
import { createStore } from 'solid-js/store'
import { VIEWS, type View } from '../../../core/conversation/filter.ts'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'
import type { KnownRows } from './createKnownRows.ts'
import type { Boundary, RowPage } from './rows.ts'

const PAGE = 50
/** Unread conversations are counted here: one page is as many as a count ever names. */
const UNREAD_PAGE = 100

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

export function createReadings(request: SessionControl['request'], keepPage: KnownRows['keepPage']) {
  const [readings, setReadings] = createStore<Record<View, Reading>>({
    all: unread(),
    unread: unread(),
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
      const limit = String(view === 'unread' ? UNREAD_PAGE : PAGE)
      const query = new URLSearchParams({ view, limit, ...(cursor && { cursor }) })
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

  function ensure(view: View): void {
    const { status } = untrack(() => ({ ...readings[view] }))
    if (status === 'unread' || status === 'stale' || status === 'failed') void read(view, null)
  }

  // What is unread is counted on every page, also where no list is shown.
  ensure('unread')
  return {
    of: (view: View): Reading => readings[view],
    open: (view: View): void => {
      current = view
      ensure(view)
    },
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
      if (current) ensure(current)
      ensure('unread')
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
