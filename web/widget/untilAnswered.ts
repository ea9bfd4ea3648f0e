import { ApiProblem } from '../lib/api.ts'

const PAUSE_UNIT_MS = 1_000
const PAUSE_MAX_MS = 30_000

export interface Patience {
  /** Called before each pause. */
  onWait?: (problem: ApiProblem) => void
  /** Also waits where the server says "later": then exactly as long as it says. */
  whenLimited?: boolean
}

/**
 * Asks again while no answer comes (no network, no server), with growing jittered pauses and at once when the device
 * is online again. For requests that may be repeated without harm only.
 * @throws {ApiProblem} for every answer that asking again would not change
 */
export async function untilAnswered<T>(ask: () => Promise<T>, patience: Patience = {}): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      const pause = pauseAfter(error, attempt, patience.whenLimited ?? false)
      if (pause === null) throw error
      patience.onWait?.(error)
      await pauseOrOnline(pause)
    }
  }
}

function pauseAfter({ problem }: ApiProblem, attempt: number, whenLimited: boolean): number | null {
  if (problem.status === 429 && whenLimited) return Math.max(PAUSE_UNIT_MS, (problem.retryAt ?? 0) - Date.now())
  if (problem.status !== 0 && problem.status < 500) return null
  return Math.random() * Math.min(PAUSE_MAX_MS, PAUSE_UNIT_MS * 2 ** attempt)
}

function pauseOrOnline(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      removeEventListener('online', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    addEventListener('online', end)
  })
}
