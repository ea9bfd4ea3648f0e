/** The conversation's calls to its workspace's inbox object, each with an end to its patience. */
import type { Receipt } from '../../core/conversation/deletion.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { MemberId } from '../../core/ids.ts'
import { within } from '../within.ts'

/** How long an answer is waited for before the inbox counts as out of reach. */
const TELL_MS = 5_000

export function inboxLink(inboxes: () => Env['INBOX'], conversation: string, workspace: () => string) {
  // A stub is of no more use once its object has failed: a new one for every call.
  const inbox = () => inboxes().getByName(workspace())
  return {
    tell: (row: ConversationRow, urgent: boolean) => within(TELL_MS, inbox().update(row, urgent)),
    viewing: (member: MemberId, asOf: number) => within(TELL_MS, inbox().viewing(conversation, member, asOf)),
    /** CV12: resolves once the index has taken it. */
    purgeIndex: async (receipt: Receipt) => taken(await within(TELL_MS, inbox().purge(conversation, receipt))),
    forget: async () => taken(await within(TELL_MS, inbox().forget(conversation))),
    left: (member: MemberId, at: number) => within(TELL_MS, inbox().left(conversation, member, at)),
  }
}

function taken(answer: boolean): void {
  if (!answer) throw new Error('the index is out of reach')
}
