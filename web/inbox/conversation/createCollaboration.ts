import type { ConversationId } from '../../../core/ids.ts'
import { ApiProblem } from '../../lib/api.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { useSession } from '../session/SessionProvider.tsx'

export interface Collaboration {
  add(member: string): Promise<void>
  remove(member: string): Promise<void>
}

/** Who follows a conversation (CV10): the change shows in it as an entry; a refusal is told. */
export function createCollaboration(id: ConversationId): Collaboration {
  const session = useSession()
  const notify = useNotify()

  async function ask(method: 'POST' | 'DELETE', path: string, body: object): Promise<void> {
    try {
      await session.request(method, `/api/v1/conversations/${id}/collaborators${path}`, body)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      notify(error.problem.detail, 'bad')
    }
  }

  return {
    add: (member) => ask('POST', '', { member }),
    remove: (member) => ask('DELETE', `/${member}`, {}),
  }
}
