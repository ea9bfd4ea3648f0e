import { createEffect, createSignal, onCleanup } from 'solid-js'

/** The longest that a timer of the browser can be set to; a later moment is looked at again then. */
const TIMER_MAX_MS = 2 ** 31 - 1

/**
 * Whether a moment (epoch milliseconds) is still to come;
 * turns false by itself when it is there. Null is no moment.
 */
export function createWait(until: () => number | null): () => boolean {
  const [now, setNow] = createSignal(Date.now())
  const waits = () => (until() ?? 0) > now()
  createEffect(() => {
    if (!waits()) return
    const left = (until() ?? 0) - Date.now()
    const timer = setTimeout(() => setNow(Date.now()), Math.min(Math.max(left, 0), TIMER_MAX_MS))
    onCleanup(() => clearTimeout(timer))
  })
  return waits
}
