import { type Accessor, createSignal } from 'solid-js'
import { ApiProblem } from '../../lib/api.ts'
import type { Notify } from '../../ui/Notices.tsx'

export interface Attempts {
  /**
   * Does what the server may refuse, and tells a refusal in passing, in its own words.
   * @param passOver the code of a refusal that is not told: somebody else was faster, and it is as it was meant to be
   * @returns whether it was done
   */
  attempt(act: () => Promise<unknown>, passOver?: string): Promise<boolean>
  /** Whether one is under way. */
  busy: Accessor<boolean>
}

/**
 * For what a button does. What is typed belongs into a form (`createForm`), which keeps it and tells at its fields.
 * @param notify given and not asked for: a room of pages that are loaded late imports nothing of the first one's looks,
 *   or what both need would become requests of their own
 */
export function createAttempt(notify: Notify): Attempts {
  const [busy, setBusy] = createSignal(false)
  return {
    busy,
    attempt: async (act, passOver) => {
      setBusy(true)
      try {
        await act()
        return true
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error
        if (error.problem.code !== passOver) notify(error.problem.detail, 'bad')
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
