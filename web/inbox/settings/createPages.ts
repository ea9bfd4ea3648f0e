import { createSignal } from 'solid-js'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'
import type { Listing } from './createListing.ts'

interface Page<Item> {
  list: Item[]
  next: string | null
}

/** A long list of the workspace, read a page at a time; another filter begins it anew. */
export function createPages<Item>(request: SessionControl['request'], path: string) {
  const [listing, setListing] = createSignal<Listing<Item>>({ status: 'loading' })
  const [next, setNext] = createSignal<string | null>(null)
  const [busy, setBusy] = createSignal(false)
  let filter = ''
  let asked = 0

  async function read(before: readonly Item[], cursor: string | null): Promise<void> {
    asked += 1
    const mine = asked
    setBusy(true)
    const query = [filter, cursor && `cursor=${encodeURIComponent(cursor)}`].filter(Boolean).join('&')
    try {
      const page = await request<Page<Item>>('GET', query ? `${path}?${query}` : path)
      // Answered after another filter was chosen: it is no longer what was asked for.
      if (mine !== asked) return
      setListing({ status: 'ready', list: [...before, ...page.list] })
      setNext(page.next)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (mine === asked) setListing({ status: 'failed', fault: error.problem.detail })
    } finally {
      if (mine === asked) setBusy(false)
    }
  }

  void read([], null)
  return {
    listing,
    busy,
    /** Whether there is more to read. */
    hasMore: () => next() !== null,
    more: () => {
      const now = listing()
      return now.status === 'ready' && !busy() ? read(now.list, next()) : Promise.resolve()
    },
    /** Reads the first page, of what the query says from now on. */
    show: (query: string = filter) => {
      filter = query
      return read([], null)
    },
  }
}
