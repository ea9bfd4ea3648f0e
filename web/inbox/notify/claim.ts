/**
 * Lets one of several tabs announce a message (IB8). Each waits by its rank and then tries to take a lock named after
 * the message; who gets it holds it until the slowest has tried. The tab that shows the conversation takes it first,
 * and keeps silent. Without Web Locks every tab is on its own.
 */

/** Timers of hidden tabs are held back by up to a second. */
const HELD_MS = 5_000

/**
 * Resolves true in the one tab that may announce it.
 * @param rank 0 for the tab that shows the conversation already; higher ones let lower ones go first
 */
export async function claim(key: string, rank: number): Promise<boolean> {
  await pause(rank * 80)
  if (!('locks' in navigator)) return true
  return new Promise((resolve) => {
    const asked = navigator.locks.request(`foyer-news ${key}`, { ifAvailable: true }, async (lock) => {
      resolve(lock !== null)
      if (lock) await pause(HELD_MS)
    })
    // An opaque origin has no locks, and nobody to share with.
    asked.catch(() => resolve(true))
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
