/**
 * The assistant as an author (AI1–AI3): it answers while it is its turn, may ask for a person to take over, and can do
 * nothing else. Each of its commands names the handler epoch that it saw with the page it read, so that what it thought
 * of while somebody stepped in, and perhaps gave the conversation back, is never said.
 */
import type { Assistant, Command, Verdict } from './command.ts'
import type { Entry } from './entries.ts'
import { joined, status } from './moves.ts'
import type { ConversationRecord } from './record.ts'
import { saying } from './writing.ts'

/**
 * Refusals: `not_allowed`, `superseded`, and those of a text and its quote.
 * That it is the channel's own was checked before.
 */
export function byAssistant(record: ConversationRecord, assistant: Assistant, command: Command): Verdict {
  if (command.type !== 'send_message' && command.type !== 'hand_off') return 'not_allowed'
  if (record.public.status !== 'active_ai' || command.epoch !== record.epoch) return 'superseded'
  if (command.type === 'hand_off') return [status('active_ai', 'waiting_human')]
  return saying(record, command, () => joined(record, assistant))
}

/** The epoch after these entries: whoever begins or ceases to handle a conversation, its status tells. */
export function epochAfter({ epoch }: ConversationRecord, entries: readonly Entry[]): number {
  return epoch + Number(entries.some(({ type }) => type === 'conversation.status_changed'))
}
