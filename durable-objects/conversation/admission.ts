/**
 * Who a caller is to this conversation. The edge has established the identity; the object checks again that it is of
 * its own workspace, and a visitor of their own conversation. Null means: it does not exist for this caller.
 */
import type { Actor } from '../../core/conversation/command.ts'
import type { Origin } from '../../core/conversation/record.ts'
import type { Identity } from '../../core/protocol/identity.ts'

export function actorFor(identity: Identity, conversation: Pick<Origin, 'workspace' | 'device'>): Actor | null {
  if (identity.kind === 'system') return identity.workspace === conversation.workspace ? { kind: 'system' } : null
  if (identity.kind === 'visitor') {
    const own = identity.workspace === conversation.workspace && identity.device === conversation.device
    return own ? { kind: 'visitor', device: identity.device } : null
  }
  if (identity.kind === 'key') {
    const { workspace, ...key } = identity
    return workspace === conversation.workspace ? key : null
  }
  const membership = identity.memberships.find((m) => m.workspace === conversation.workspace)
  if (!membership) return null
  const { member, name, role, rights } = membership
  return { kind: 'agent', member, name, role, ...(rights ? { rights } : {}) }
}
