/**
 * What a closed conversation still allows (CV4):
 * when it is closed for good, where it goes on, and who may answer in it.
 */
import type { ConversationId } from '../ids.ts'
import { ended, notAllowed, type Refusal, type RefusalCode } from '../refusals.ts'
import type { Command, Verdict } from './command.ts'
import type { PublicEvent } from './entries.ts'
import { type Asking, mayWrite } from './may.ts'
import type { ConversationRecord } from './record.ts'

/** Closed for good, for everybody. */
export function isEnded({ public: { status }, policy }: ConversationRecord): boolean {
  return status === 'closed' && policy.reopen === 'never'
}

export function endedFor(record: ConversationRecord): Refusal {
  return ended(record.public.continuedIn)
}

/** The visitor goes on elsewhere, once; asked again, the refusal says where. */
export function continued(record: ConversationRecord, conversation: ConversationId): Verdict<PublicEvent> {
  if (!isEnded(record)) return 'conversation_not_ended'
  if (record.public.continuedIn) return endedFor(record)
  return [{ type: 'conversation.continued', body: { in: conversation } }]
}

/**
 * Why the visitor cannot be answered as things are, or null (CV4, CV8).
 * @param agent null: a program, which its key lets write or not
 */
export function answerFault(
  record: ConversationRecord,
  agent: Asking | null,
  { reopen }: Extract<Command, { type: 'send_message' }>,
): RefusalCode | Refusal | null {
  if (isEnded(record)) return endedFor(record)
  if (agent && !mayWrite(record.policy, record.team, agent)) return notAllowed('may_write')
  const opens = record.policy.reopen === 'any_message' || reopen === true
  return record.public.status === 'closed' && !opens ? 'conversation_closed' : null
}
