import type { Priority, StatusByHand } from '../../../core/conversation/entries.ts'
import type { Score } from '../../../core/conversation/score.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { nextClientId } from '../../lib/clientIds.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useSession } from '../session/SessionProvider.tsx'

/** Changes one thing about a conversation; a refusal is told in passing, and what is shown stays as it is. */
export function createChange(id: ConversationId) {
  const session = useSession()
  const { attempt } = createAttempt(useNotify())
  const path = `/api/v1/conversations/${id}`
  return {
    to: (change: { status: StatusByHand } | { priority: Priority }) =>
      attempt(() => session.request('PATCH', path, { ...change, clientId: nextClientId() })),
    /** RT8: null takes it back. */
    score: (score: Score | null) => attempt(() => session.request('PUT', `${path}/score`, { score })),
  }
}
