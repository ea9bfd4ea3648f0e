import type { Priority, StatusByHand } from '../../../core/conversation/entries.ts'
import type { Score } from '../../../core/conversation/score.ts'
import type { ConversationId } from '../../../core/ids.ts'
import { ApiProblem } from '../../lib/api.ts'
import { nextClientId } from '../../lib/clientIds.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { useSession } from '../session/SessionProvider.tsx'

/** Changes one thing about a conversation; a refusal is told in passing, and what is shown stays as it is. */
export function createChange(id: ConversationId) {
  const session = useSession()
  const notify = useNotify()
  async function ask(method: 'PATCH' | 'PUT', path: string, body: object): Promise<void> {
    try {
      await session.request(method, path, body)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      notify(error.problem.detail, 'bad')
    }
  }
  const one = `/api/v1/conversations/${id}`
  return {
    to: (change: { status: StatusByHand } | { priority: Priority }) =>
      ask('PATCH', one, { ...change, clientId: nextClientId() }),
    /** RT8: null takes it back. */
    score: (score: Score | null) => ask('PUT', `${one}/score`, { score }),
  }
}
