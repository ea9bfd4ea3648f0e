/** The conversation's calls to its workspace's inbox object, each with an end to its patience. */
import type { Receipt, Tombstone } from '../../core/conversation/deletion.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { MemberId } from '../../core/ids.ts'
import { within } from '../within.ts'

/** How long an answer is waited for before the inbox counts as out of reach. */
const TELL_MS = 5_000

export function inboxLink(
  inboxes: () => Env['INBOX'],
  conversation: string,
  kept: () => ConversationRecord | Tombstone | null,
) {
  // A stub is of no more use once its object has failed: a new one for every call.
  const inbox = () => inboxes().getByName(kept()?.workspace ?? '')
  const version = () => {
    const record = kept()
    return record && 'policy' in record ? record.policy.version : 0
  }
  return {
    tell: (row: ConversationRow, urgent: boolean) => within(TELL_MS, inbox().update(row, urgent, version())),
    opened: (who: { member: MemberId; asOf: number } | null) =>
      within(TELL_MS, inbox().opened(conversation, who, version(), Date.now())),
    /** CV12: resolves once the index has taken it. */
    purgeIndex: async (receipt: Receipt) => taken(await within(TELL_MS, inbox().purge(conversation, receipt))),
    forget: async () => taken(await within(TELL_MS, inbox().forget(conversation))),
    left: (member: MemberId | null, at: number, empty: boolean) =>
      within(TELL_MS, inbox().left(conversation, member, at, empty)),
  }
}

function taken(answer: boolean): void {
  if (!answer) throw new Error('the index is out of reach')
}
