/** Who may see a conversation at all: one function for the object, the inbox's fan-out and the lists. */
import type { MemberId, WorkspaceId } from '../ids.ts'
import { type Holder, holds, type Right } from '../rights.ts'
import { DEFAULT_POLICIES, type HistoryPolicy, type Policies } from './policy.ts'
import type { ConversationRow } from './row.ts'

export type Role = 'owner' | 'admin' | 'agent'

export interface Membership {
  workspace: WorkspaceId
  member: MemberId
  /** The name visitors and colleagues see. */
  name: string
  role: Role
  /** The member's switch; true unless they turned it off. */
  available?: boolean
  /** What was decided in the workspace when the membership was read. */
  policies?: Policies
  /** What the member's groups give; ask with `holds`. */
  rights?: readonly Right[]
}

/** What was decided about history when the membership was read (CV7). */
export function historyOf({ policies }: Pick<Membership, 'policies'>): HistoryPolicy {
  return policies?.workspace.history ?? DEFAULT_POLICIES.history
}

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
