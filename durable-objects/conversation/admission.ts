/**
 * Who a caller is to this conversation. The edge has established the identity; the object checks again that it is of
 * its own workspace, and a visitor of their own conversation, and what is hidden from an agent (CV7). Null means: it
 * does not exist for this caller.
 */
import { canSee } from '../../core/conversation/canSee.ts'
import type { Actor } from '../../core/conversation/command.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { Identity } from '../../core/protocol/identity.ts'
import type { Attachment, Sockets } from './sockets.ts'

export function actorFor(identity: Identity, conversation: ConversationRecord): Actor | null {
  if (identity.kind === 'system') return identity.workspace === conversation.workspace ? { kind: 'system' } : null
  if (identity.kind === 'visitor') {
    const own = identity.workspace === conversation.workspace && identity.device === conversation.device
    return own ? { kind: 'visitor', device: identity.device } : null
  }
  if (identity.kind === 'key') {
    const { workspace, policies: _, ...key } = identity
    return workspace === conversation.workspace ? key : null
  }
  if (identity.kind === 'assistant') {
    const { workspace, policy: _, ...assistant } = identity
    // AI1: of its own channel. One that was taken away from it is not let in any more, also not to what it served.
    return workspace === conversation.workspace && assistant.id === conversation.policy.assistant ? assistant : null
  }
  const membership = identity.memberships.find((m) => m.workspace === conversation.workspace)
  if (!membership) return null
  const { member, name, role, rights } = membership
  const actor: Actor = { kind: 'agent', member, name, role, ...(rights ? { rights } : {}) }
  return mayStay(actor, conversation) ? actor : null
}

/** Programs and assistants ask; only people stay on the line. */
export function opensSockets({ kind }: Actor): boolean {
  return kind === 'visitor' || kind === 'agent'
}

/** What is kept of who opens a socket. */
export function attachmentFor(identity: Identity, actor: Actor): Attachment {
  const agent = identity.kind === 'agent' ? identity : null
  const { ip } = identity.kind === 'visitor' ? identity : {}
  return {
    actor,
    seen: 0,
    expiresAt: agent?.sessionExpiresAt ?? null,
    asOf: agent?.asOf ?? 0,
    registered: false,
    ...(ip !== undefined && { ip }),
  }
}

/** Whether a caller may know how the conversation stands within the team: its revision, whose it is, who follows. */
export function knowsRow({ kind }: Actor): boolean {
  return kind !== 'visitor' && kind !== 'assistant'
}

/** CV7: whether who was let in may still see the conversation, as it is now. */
export function mayStay(actor: Actor, { workspace, team, policy }: ConversationRecord): boolean {
  return actor.kind !== 'agent' || canSee({ ...actor, workspace }, { ...team, workspace }, policy.history)
}

/** Whether somebody may no longer see the conversation after these (CV7, CV12). */
export function hides({ team, policy }: ConversationRecord, entries: readonly Entry[]): boolean {
  if (team.deletion) return true
  return policy.history === 'hide' && entries.some(({ type }) => TAKE_AWAY.includes(type))
}

const TAKE_AWAY: ReadonlyArray<Entry['type']> = ['conversation.assigned', 'collaborator.removed']

/** Closes the sockets of those who may no longer see the conversation; to them it does not exist. */
export function expel(sockets: Sockets, record: ConversationRecord): void {
  for (const socket of sockets.all('team')) {
    const attachment = sockets.of(socket)
    if (attachment && !mayStay(attachment.actor, record)) socket.close(CLOSE.gone, 'no longer visible')
  }
}
