/** Who may edit or delete a message, and until when (MS8). */
import { CAPABILITIES } from '../channelKinds.ts'
import { notAllowed, type Refusal, type RefusalCode, unavailable } from '../refusals.ts'
import { type Agent, authorOf, type Key, type Verdict } from './command.ts'
import type { MessageEntry, PublicEvent } from './entries.ts'
import { mayWrite } from './may.ts'
import type { ConversationRecord } from './record.ts'

type Where = Pick<ConversationRecord, 'policy' | 'team' | 'channelKind'>

/**
 * One's own, in the chat on a website, within the policy's time. Refusals: `not_allowed`, `message_deleted`,
 * `edit_unavailable`, `edit_window_over`.
 */
function ownFault(
  message: MessageEntry,
  writer: Agent | Key,
  { policy, channelKind = 'web' }: Where,
  now: number,
): RefusalCode | Refusal | null {
  if (message.author !== authorOf(writer)) return notAllowed('own_message')
  if (message.body.deletedAt !== undefined) return 'message_deleted'
  // A mail that was sent stands as it was where the visitor reads it.
  if (!CAPABILITIES[channelKind].edits) return unavailable('edit_unavailable', channelKind)
  return now - message.at > policy.editWindowMs ? 'edit_window_over' : null
}

/**
 * Other words for the visitor, so they are for who may write to them (CV8); programs write by their scope alone.
 * @param text normalised and known to be sendable
 */
export function edited(
  message: MessageEntry | null,
  text: string,
  writer: Agent | Key,
  where: Where,
  now: number,
): Verdict<PublicEvent> {
  if (writer.kind === 'agent' && !mayWrite(where.policy, where.team, writer)) return notAllowed('may_write')
  if (!message) return 'message_not_found'
  const fault = ownFault(message, writer, where, now)
  if (fault) return fault
  return message.body.text === text ? 'message_unchanged' : [{ type: 'message.edited', body: { ref: message.n, text } }]
}

/**
 * Taking words back is open to who wrote them, whoever may write by now. Administrators may delete any,
 * a visitor's too, at any time; where it came by another channel it goes from Foyer alone.
 */
export function deleted(
  message: MessageEntry | null,
  writer: Agent | Key,
  where: Where,
  now: number,
): Verdict<PublicEvent> {
  if (!message) return 'message_not_found'
  const mayAny = writer.kind === 'agent' && writer.role !== 'agent'
  const fault = mayAny ? erasedFault(message) : ownFault(message, writer, where, now)
  return fault ?? [{ type: 'message.deleted', body: { ref: message.n } }]
}

function erasedFault({ body }: MessageEntry): RefusalCode | null {
  return body.deletedAt === undefined ? null : 'message_deleted'
}
