/** Addressing conversation objects: only an id that was made here ever reaches one. */
import type { ConversationId } from '../core/ids.ts'
import type { Identity } from '../core/protocol/identity.ts'
import { refusal } from '../core/refusals.ts'
import type { Principal } from './auth/principal.ts'
import { isOwnConversationId } from './ids.ts'
import { refused } from './problem.ts'

/**
 * @throws Problem `not_found` for an id that was not made here,
 * without waking anything; worded like the object's own
 */
export function conversationObject(env: Env, id: string) {
  if (!isOwnConversationId(env.ID_SECRET, id)) throw refused(refusal('not_found'))
  return env.CONVERSATION.getByName(id as ConversationId)
}

/** A principal as the objects know them. The conversation picks the membership of its own workspace. */
export function identityOf(principal: Principal): Identity {
  if (principal.kind === 'key') return principal
  return principal.kind === 'agent'
    ? { kind: 'agent', memberships: principal.memberships, sessionExpiresAt: principal.expiresAt, asOf: principal.asOf }
    : { kind: 'visitor', workspace: principal.workspace, device: principal.device }
}
