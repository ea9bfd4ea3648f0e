import { createEffect, untrack } from 'solid-js'
import type { LiveConversation } from '../../lib/createConversation.ts'

/** A conversation whose deletion was undone, wherever that was, is back in the list: then it is opened again (CV12). */
export function createComeback(live: Pick<LiveConversation, 'link' | 'reconnect'>, isListed: () => boolean): void {
  createEffect<boolean>((was) => {
    const is = isListed()
    if (is && !was && untrack(live.link) === 'deleting') live.reconnect()
    return is
  }, true)
}
