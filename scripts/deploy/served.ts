/** Whether an address answers yet: a new one is known everywhere only after a while. */
import { setTimeout as pause } from 'node:timers/promises'

const ONE_ANSWER_MS = 5_000

/** Asks until it is answered well, or the time is over. */
export async function isServed(url: string, withinMs: number, pauseMs = 2_000): Promise<boolean> {
  const until = Date.now() + withinMs
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ONE_ANSWER_MS) }).catch(() => null)
    if (answer?.ok) return true
    if (Date.now() + pauseMs > until) return false
    await pause(pauseMs)
  }
}
