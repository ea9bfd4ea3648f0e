/** The conversation's calls to its workspace's inbox object, each with an end to its patience. */
import { nameOf } from '../../core/bans/ban.ts'
import type { Receipt, Tombstone } from '../../core/conversation/deletion.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { MemberId } from '../../core/ids.ts'
import type { Awaited, Standing } from '../../core/protocol/inboxCalls.ts'
import { within } from '../within.ts'

/** How long an answer is waited for before the inbox counts as out of reach. */
const TELL_MS = 5_000

type Kept = ConversationRecord | Tombstone | null

export function inboxLink(inboxes: () => Env['INBOX'], conversation: string, kept: () => Kept) {
  // A stub is of no more use once its object has failed: a new one for every call.
  const inbox = (of: Kept = kept()) => inboxes().getByName(of?.workspace ?? '')
  return {
    tell: (row: ConversationRow, urgent: boolean, awaited?: Awaited) => {
      const known = kept()
      const answer = async () => inbox(known).update(row, urgent, versionOf(known), standingOf(known)?.bans, awaited)
      return within(TELL_MS, answer())
    },
    opened: (who: { member: MemberId; asOf: number } | null, ip?: string) => {
      const known = kept()
      const standing = standingOf(known, ip)
      return within(TELL_MS, inbox(known).opened(conversation, who, versionOf(known), Date.now(), standing))
    },
    /** CV12: resolves once the index has taken it. */
    purgeIndex: async (receipt: Receipt) => taken(await within(TELL_MS, inbox().purge(conversation, receipt))),
    forget: async () => taken(await within(TELL_MS, inbox().forget(conversation))),
    left: (member: MemberId | null, at: number, empty: boolean) =>
      within(TELL_MS, inbox().left(conversation, member, at, empty)),
  }
}

/** Of the policies that the conversation has. */
function versionOf(kept: Kept): number {
  return kept && 'policy' in kept ? kept.policy.version : 0
}

/** @param ip where a socket was opened from */
function standingOf(kept: Kept, ip?: string): Standing | undefined {
  if (!kept || !('policy' in kept)) return undefined
  const { contact, device, bans } = kept
  return { contact, device, bans: nameOf(bans), ...(ip !== undefined && { ip }) }
}

function taken(answer: boolean): void {
  if (!answer) throw new Error('the index is out of reach')
}
