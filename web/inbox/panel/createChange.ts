import type { Priority, StatusByHand } from '../../../core/conversation/entries.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { ApiProblem } from '../../lib/api.ts'
import { nextClientId } from '../../lib/clientIds.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { useSession } from '../session/SessionProvider.tsx'

/** Changes one thing about a conversation; a refusal is told in passing, and what is shown stays as it is. */
export function createChange(id: ConversationId) {
  const session = useSession()
  const notify = useNotify()
  return async (change: { status: StatusByHand } | { priority: Priority }): Promise<void> => {
    try {
      await session.request('PATCH', `/api/v1/conversations/${id}`, { ...change, clientId: nextClientId() })
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      notify(error.problem.detail, 'bad')
    }
  }
}
