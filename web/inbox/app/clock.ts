import { createSignal } from 'solid-js'

const TICK_MS = 30_000

const [now, setNow] = createSignal(Date.now())

// One for the whole page, which lives as long as this module.
setInterval(() => setNow(Date.now()), TICK_MS)

/** Epoch milliseconds, moving every half minute: for texts like "5m ago". */
export const clock = now
