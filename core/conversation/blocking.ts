/**
 * BN2, BN3: what a ban or a block of the visitor leaves of a conversation.
 * Asked before any other rule of a command.
 */
import { type BanKind, strongest } from '../bans/ban.ts'
import { type Refusal, refusal } from '../refusals.ts'
import type { Actor, Command } from './command.ts'
import type { ConversationRecord } from './record.ts'

/**
 * What brings words of the team to the visitor.
 * Taking some back stays possible, and so is whatever is the team's alone.
 */
const REACHES_VISITOR: ReadonlyArray<Command['type']> = ['send_message', 'edit_message', 'request_rating']

/** What shuts the visitor out of this conversation or of new ones, if anything does. */
export function banOf({ bans }: Pick<ConversationRecord, 'bans'>, now: number): BanKind | null {
  return bans ? strongest(bans, now) : null
}

/**
 * Whether a ban stands in the way of a command. Refusals: `banned` (a visitor, of what begins a new conversation),
 * `blocked` (a visitor, of everything), `contact_blocked` (the team, of what the visitor would see).
 */
export function banFault(
  record: Pick<ConversationRecord, 'bans'>,
  actor: Actor,
  { type }: Command,
  now: number,
): Refusal | null {
  const ban = banOf(record, now)
  if (ban === null || actor.kind === 'system') return null
  if (actor.kind !== 'visitor')
    return ban === 'block' && REACHES_VISITOR.includes(type) ? refusal('contact_blocked') : null
  if (ban === 'block') return refusal('blocked')
  return type === 'start' || type === 'continue_in' ? refusal('banned') : null
}
