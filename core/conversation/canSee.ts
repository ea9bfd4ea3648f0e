/** Who may see a conversation at all: one function for the object, the inbox's fan-out and the lists. */
import type { MemberId, WorkspaceId } from '../ids.ts'
import type { Right } from '../rights.ts'
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
  /** What the member's groups give; ask with `holds`. */
  rights?: readonly Right[]
}

export function canSee(member: Pick<Membership, 'workspace'>, row: Pick<ConversationRow, 'workspace'>): boolean {
  return member.workspace === row.workspace
}
