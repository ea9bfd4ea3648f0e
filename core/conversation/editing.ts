/** Who may edit or delete a message, and until when (MS8). */
import type { RefusalCode } from '../refusals.ts'
import type { Actor } from './command.ts'
import { authorOf } from './command.ts'
import type { MessageEntry, PublicEvent } from './entries.ts'
import type { Policy } from './policy.ts'

type Writer = Extract<Actor, { kind: 'agent' | 'key' }>

/** One's own, within the policy's time. Refusals: `message_not_found`, `not_allowed`, `message_deleted`, `edit_window_over`. */
function ownFault(message: MessageEntry | null, writer: Writer, policy: Policy, now: number): RefusalCode | null {
  if (!message) return 'message_not_found'
  if (message.author !== authorOf(writer)) return 'not_allowed'
  if (message.body.deletedAt !== undefined) return 'message_deleted'
  return now - message.at > policy.editWindowMs ? 'edit_window_over' : null
}

/** @param text normalised and known to be sendable */
export function edited(
  message: MessageEntry | null,
  text: string,
  writer: Writer,
  policy: Policy,
  now: number,
): PublicEvent[] | RefusalCode {
  const fault = ownFault(message, writer, policy, now)
  if (fault || !message) return fault ?? 'message_not_found'
  return message.body.text === text ? 'message_unchanged' : [{ type: 'message.edited', body: { ref: message.n, text } }]
}

/** Administrators may delete any message, a visitor's too, at any time. */
export function deleted(
  message: MessageEntry | null,
  writer: Writer,
  policy: Policy,
  now: number,
): PublicEvent[] | RefusalCode {
  const mayAny = writer.kind === 'agent' && writer.role !== 'agent'
  const fault = mayAny ? anyFault(message) : ownFault(message, writer, policy, now)
  if (fault || !message) return fault ?? 'message_not_found'
  return [{ type: 'message.deleted', body: { ref: message.n } }]
}

function anyFault(message: MessageEntry | null): RefusalCode | null {
  if (!message) return 'message_not_found'
  return message.body.deletedAt === undefined ? null : 'message_deleted'
}
