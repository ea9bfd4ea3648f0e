import type { ConversationId } from '../../../core/ids.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useSession } from '../session/SessionProvider.tsx'

export interface Collaboration {
  add(member: string): Promise<unknown>
  remove(member: string): Promise<unknown>
}

/** Who follows a conversation (CV10): the change shows in it as an entry; a refusal is told. */
export function createCollaboration(id: ConversationId): Collaboration {
  const session = useSession()
  const { attempt } = createAttempt(useNotify())
  const path = `/api/v1/conversations/${id}/collaborators`
  return {
    add: (member) => attempt(() => session.request('POST', path, { member })),
    remove: (member) => attempt(() => session.request('DELETE', `${path}/${member}`, {})),
  }
}
