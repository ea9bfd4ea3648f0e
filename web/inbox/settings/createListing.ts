import { createSignal } from 'solid-js'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'

export type Listing<Item> =
  | { status: 'loading' }
  | { status: 'ready'; list: Item[] }
  | { status: 'failed'; fault: string }

/** A short list of the workspace, read when its page opens; what is shown stays while it is read again. */
export function createListing<Item>(request: SessionControl['request'], path: string) {
  const [listing, setListing] = createSignal<Listing<Item>>({ status: 'loading' })

  async function refresh(): Promise<void> {
    try {
      const { list } = await request<{ list: Item[] }>('GET', path)
      setListing({ status: 'ready', list })
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      setListing({ status: 'failed', fault: error.problem.detail })
    }
  }

  void refresh()
  return { listing, refresh }
}
