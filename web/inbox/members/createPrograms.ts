import { createMemo, createSignal } from 'solid-js'
import type { ProgramList } from '../../../core/api/keys.ts'
import type { Author } from '../../../core/ids.ts'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'

/** The programs that write by keys, for their names. */
export interface Programs {
  /** What a program is called, also one whose key was revoked; "An integration" until that is known. Reactive. */
  nameOf(author: Author): string
}

const UNKNOWN = 'An integration'

/** Read when the first of them is met, and again for each that is new: most workspaces have none. */
export function createPrograms(request: SessionControl['request']): Programs {
  const [list, setList] = createSignal<ProgramList['list']>([])
  const names = createMemo(() => new Map(list().map(({ id, name }) => [`key:${id}`, name])))
  const asked = new Set<Author>()
  let asking = false

  async function askFor(author: Author): Promise<void> {
    if (asking || asked.has(author)) return
    asking = true
    asked.add(author)
    try {
      setList((await request<ProgramList>('GET', '/api/v1/programs')).list)
    } catch (error) {
      // A name can wait; the next entry of it asks again.
      if (!(error instanceof ApiProblem)) throw error
      asked.delete(author)
    } finally {
      asking = false
    }
  }

  return {
    nameOf: (author) => {
      const name = names().get(author)
      if (name === undefined) queueMicrotask(() => void askFor(author))
      return name ?? UNKNOWN
    },
  }
}
