/** Who may change whose a conversation is (PR1). What the policy says of it is asked beside this: both must allow. */
import type { MemberId } from '../ids.ts'
import { type Holder, holds } from '../rights.ts'

/** Taking what is nobody's is answering; everything else needs the right. */
export function mayReassign(
  agent: Holder & { member: MemberId },
  assignee: MemberId | null,
  to: MemberId | null,
): boolean {
  if (assignee === to || (assignee === null && to === agent.member)) return true
  return holds(agent, 'reassign')
}
