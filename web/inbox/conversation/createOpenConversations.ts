/**
 * The conversations that have a socket: the one on the screen, and those that were left while something was still on
 * its way. What somebody sent is never dropped because they looked at something else meanwhile.
 */
import { createEffect, createRoot, onCleanup } from 'solid-js'
import type { ConversationId } from '../../../core/ids.ts'
import { teamAudience } from '../../lib/audience.ts'
import { createConversation, type LiveConversation } from '../../lib/createConversation.ts'
import type { SessionControl } from '../session/createSession.ts'

export interface OpenConversations {
  /** Opens a conversation, or takes up the one that was left. */
  open(id: ConversationId): LiveConversation
  /** It is no longer on the screen: closes it, now or once nothing is pending. */
  leave(id: ConversationId): void
}

interface Kept {
  live: LiveConversation
  /** Whether it is on the screen. */
  shown: boolean
  dispose(): void
}

export function createOpenConversations(session: Pick<SessionControl, 'expire' | 'onRenewed'>): OpenConversations {
  const kept = new Map<ConversationId, Kept>()

  function make(id: ConversationId): Kept {
    return createRoot((dispose) => {
      const live = createConversation({ id, url: `/api/v1/conversations/${id}/socket`, audience: teamAudience })
      const item: Kept = { live, shown: true, dispose }
      createEffect(() => {
        if (live.link() === 'unauthorized') session.expire()
      })
      createEffect(() => {
        // What waits for one that is gone waits for nothing.
        if ((live.pending.length === 0 || live.link() === 'gone') && !item.shown) end(id, item)
      })
      return item
    })
  }

  function end(id: ConversationId, item: Kept): void {
    kept.delete(id)
    item.dispose()
  }

  function warn(event: BeforeUnloadEvent): void {
    const unsent = [...kept.values()].some(({ live }) => live.pending.some(({ status }) => status === 'sending'))
    if (unsent) event.preventDefault()
  }

  const endRenewals = session.onRenewed(() => {
    for (const { live } of kept.values()) live.reconnect()
  })
  addEventListener('beforeunload', warn)
  onCleanup(() => {
    endRenewals()
    removeEventListener('beforeunload', warn)
    for (const [id, item] of [...kept]) end(id, item)
  })

  return {
    open: (id) => {
      const item = kept.get(id) ?? make(id)
      item.shown = true
      kept.set(id, item)
      return item.live
    },
    leave: (id) => {
      const item = kept.get(id)
      if (!item) return
      item.shown = false
      if (item.live.pending.length === 0) end(id, item)
    },
  }
}
