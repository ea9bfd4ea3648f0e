import { createEffect } from 'solid-js'
import { api } from '../lib/api.ts'
import type { LiveConversation } from '../lib/createConversation.ts'
import type { Visit } from './createVisit.ts'
import type { HostLink } from './hostLink.ts'
import type { Keep } from './keep.ts'

/** What the team has written, or asks (RT1), and the visitor has not seen. */
export function unreadIn(talk: LiveConversation): number {
  return talk.entries.filter(
    ({ type, n, author, body }) =>
      (type === 'rating.prompted' || (type === 'message.created' && body.deletedAt === undefined)) &&
      n > talk.cursors.visitor &&
      author !== talk.you(),
  ).length
}

/**
 * Tells the launcher what it shows without us: the number of new messages while the window is closed, the colour, and a
 * token that reads that number and nothing else, for the next page (VW1).
 */
export function createBadge(visit: Visit, host: HostLink, keep: Keep): void {
  let asked: string | null = null
  createEffect(() => {
    const talk = visit.talk()
    if (talk?.loaded()) host.unread(unreadIn(talk))
  })
  createEffect(() => {
    const colour = visit.visitor.colour()
    if (host.kept() && colour && host.kept()?.['colour'] !== colour) host.keep('colour', colour)
  })
  createEffect(() => {
    const talk = visit.talk()
    const token = visit.visitor.current()
    const kept = host.kept()
    if (!talk?.loaded() || token === undefined || !kept) return
    const conversation = talk.state.public.id
    if (asked === conversation || (kept['badge'] && keep.read().badge === conversation)) return
    asked = conversation
    api<{ badge: string }>('POST', '/widget/v1/badge-tokens', { token, body: { conversation } }).then(
      ({ badge }) => {
        keep.write({ badge: conversation })
        host.keep('badge', badge)
      },
      // Without it the launcher shows no number; the next opening asks again.
      () => undefined,
    )
  })
}
