/** A member in a workspace, as whoever asks in their name brings it along: read once, with what was decided by then. */
import { DEFAULT_POLICIES, type HistoryPolicy, type Policies } from './conversation/policy.ts'
import type { MemberId, WorkspaceId } from './ids.ts'
import type { Right, Role } from './rights.ts'

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
