import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'
import type { LiveConversation } from '../../lib/createConversation.ts'

/** How long after a page came in a screen reader may still be looking at what is new. */
const SETTLED_MS = 500

/** Whether a page of what was said before comes in: it is there to be read, and is not read out like what is new. */
export function createFilling(live: Pick<LiveConversation, 'loaded' | 'loadingOlder'>): Accessor<boolean> {
  const [filling, setFilling] = createSignal(true)
  createEffect(() => {
    if (!live.loaded() || live.loadingOlder()) return setFilling(true)
    const timer = setTimeout(() => setFilling(false), SETTLED_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return filling
}
