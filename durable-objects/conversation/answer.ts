/** What a caller over RPC is answered: cut to their audience, with the row for those who may know it. */
import { entriesFor } from '../../core/conversation/audience.ts'
import type { Actor } from '../../core/conversation/command.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { rowOf } from '../../core/conversation/row.ts'
import type { DispatchAnswer } from '../../core/protocol/conversationCalls.ts'
import { knowsRow } from './admission.ts'
import type { Outcome } from './execute.ts'
import { audienceOf } from './sockets.ts'

/** @param before the record as the command found it */
export function answerOf(outcome: Outcome, before: ConversationRecord, actor: Actor): DispatchAnswer {
  if (outcome.kind === 'refused') {
    const row = knowsRow(actor) && !before.team.deletion ? rowOf(before) : null
    return { ok: false, refusal: outcome.refusal, row }
  }
  return {
    ok: true,
    repeated: outcome.kind === 'repeated',
    entries: entriesFor(audienceOf(actor), outcome.entries),
    row: knowsRow(actor) ? rowOf(outcome.record) : null,
  }
}
