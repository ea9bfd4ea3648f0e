/** Who may see a conversation at all: one function for the object, the inbox's fan-out and the lists. */
import type { MemberId } from '../ids.ts'
import type { Membership } from '../membership.ts'
import { type Holder, holds } from '../rights.ts'
import type { HistoryPolicy } from './policy.ts'
import type { ConversationRow } from './row.ts'

/** Who sees every conversation of the workspace, whatever the policy hides. */
export function seesAll(member: Holder): boolean {
  return holds(member, 'see_all')
}

/**
 * CV7: where history is hidden, who had a conversation and neither has it now nor follows it does not see it any more.
 * The SQL of `worker/db/conversations.ts` says the same; a test compares the two.
 */
export function canSee(
  member: Pick<Membership, 'workspace' | 'member'> & Holder,
  row: Pick<ConversationRow, 'workspace' | 'assignee' | 'collaborators' | 'formerAssignees'>,
  history: HistoryPolicy,
): boolean {
  if (member.workspace !== row.workspace) return false
  return history === 'keep' || seesAll(member) || !withdrawnFrom(row).includes(member.member)
}

/** Whom a conversation was taken from: they had it, and neither have it now nor follow it. */
export function withdrawnFrom(
  row: Pick<ConversationRow, 'assignee' | 'collaborators' | 'formerAssignees'>,
): MemberId[] {
  return row.formerAssignees.filter((member) => member !== row.assignee && !row.collaborators.includes(member))
}
