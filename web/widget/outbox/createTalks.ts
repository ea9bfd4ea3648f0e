import { type Accessor, createEffect, createMemo, mapArray, onCleanup, untrack } from 'solid-js'
import { type ConversationId, isConversationId } from '../../../core/ids.ts'
import { publicAudience } from '../../lib/audience.ts'
import { createConversation, type LiveConversation } from '../../lib/createConversation.ts'
import type { Visitor } from '../createVisitor.ts'
import type { Outbox } from './createOutbox.ts'
import { isSendable, type Unsent } from './unsent.ts'

export interface TalksDeps {
  visitor: Visitor
  outbox: Outbox
  leads: Accessor<boolean>
  /** The one on screen. */
  open: Accessor<string | null>
  /** It is closed for good (CV4), and something waits for it. */
  onFinal(conversation: string): void
}

/**
 * The conversations that need a link: the one on screen, and, in the tab that sends for all, every one for which
 * something was written and is not yet stored.
 */
export function createTalks(deps: TalksDeps): Accessor<LiveConversation[]> {
  const needed = createMemo(() => {
    const sending = deps.leads()
      ? deps.outbox
          .items()
          .filter(isSendable)
          .map(({ to }) => to)
      : []
    return [...new Set([deps.open() ?? '', ...sending])].filter(isConversationId)
  })
  return createMemo(mapArray(needed, (id) => createTalk(id, deps)))
}

function createTalk(id: ConversationId, { visitor, outbox, leads, onFinal }: TalksDeps): LiveConversation {
  const own = (): Unsent[] => outbox.items().filter(({ to }) => to === id)
  const talk = createConversation({
    id,
    url: `/widget/v1/conversations/${id}/socket`,
    protocols: () => ['foyer.v1', `t.${visitor.current() ?? ''}`],
    audience: publicAudience,
    oneAtATime: true,
    on: {
      settled: (stored) => outbox.remove(stored),
      refused: (refused, refusal) => {
        const item = untrack(own).find((unsent) => unsent.id === refused)
        if (!item) return
        if (refusal.code === 'conversation_ended') {
          talk.discard(item.id)
          return onFinal(id)
        }
        void outbox.put({ ...item, refusal })
        // What may go later is sent again by the link itself, what may not stays here, for the visitor to decide.
        if (refusal.retryAt === undefined) talk.discard(item.id)
      },
    },
  })
  createHanding(talk, own, outbox, leads)
  createRenewal(talk, visitor.renew)
  return talk
}

/** Hands one message after the other to the link. Each is marked as tried, and that is kept, before it is. */
function createHanding(talk: LiveConversation, own: () => Unsent[], outbox: Outbox, leads: Accessor<boolean>): void {
  let handing: string | null = null
  const isWithLink = (id: string): boolean => talk.pending.some((pending) => pending.id === id)
  const hand = async ({ refusal: _, ...item }: Unsent): Promise<void> => {
    handing = item.id
    await outbox.put({ ...item, tried: true })
    handing = null
    const { id, text, quote, tried } = item
    if (!leads() || isWithLink(id) || !own().some((unsent) => unsent.id === id)) return
    talk.send({ type: 'send_message', text, ...(quote !== undefined && { quote }) }, { id, tried })
  }
  createEffect(() => {
    if (!leads() || talk.link() !== 'live' || !talk.loaded()) return
    const next = own().find(isSendable)
    if (!next || handing === next.id || untrack(() => isWithLink(next.id))) return
    if (next.begun) outbox.remove(next.id)
    else untrack(() => void hand(next))
  })
  // Another tab goes on with them.
  createEffect(() => {
    if (leads()) return
    for (const { id, command } of untrack(() => [...talk.pending]))
      if (command.type === 'send_message') talk.discard(id)
  })
}

const RENEW_AT_MOST_EVERY_MS = 10_000

/** A token that is no longer taken is shown to the server for a new one, which must not become a loop. */
function createRenewal(talk: LiveConversation, renew: () => Promise<string>): void {
  let notBefore = 0
  createEffect(() => {
    if (talk.link() !== 'unauthorized') return
    const timer = setTimeout(
      () => {
        notBefore = Date.now() + RENEW_AT_MOST_EVERY_MS
        renew().then(talk.reconnect, () => undefined)
      },
      Math.max(0, notBefore - Date.now()),
    )
    onCleanup(() => clearTimeout(timer))
  })
}
