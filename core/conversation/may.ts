/**
 * What the policies allow an agent (CV4, CV6, CV8): one answer for the rules and for the screens, which say so before
 * somebody types. A right must allow it as well; that is asked elsewhere.
 */
import type { MemberId } from '../ids.ts'
import type { Role } from '../rights.ts'
import type { Policy } from './policy.ts'
import type { TeamState } from './state.ts'

export interface Asking {
  member: MemberId
  role: Role
}

type People = Pick<TeamState, 'assignee' | 'collaborators'>

/** CV8. Where nobody has it anybody may answer: it becomes theirs. */
export function mayWrite(policy: Pick<Policy, 'mayWrite'>, people: People, { member, role }: Asking): boolean {
  if (policy.mayWrite !== 'assignee_and_collaborators' || role !== 'agent') return true
  return people.assignee === null || people.assignee === member || people.collaborators.includes(member)
}

/**
 * CV6. What nobody has anybody may take, for themself.
 * @param to left out: whether there is anybody to whom they may assign it
 */
export function mayAssign(
  policy: Pick<Policy, 'mayAssign'>,
  people: Pick<People, 'assignee'>,
  { member, role }: Asking,
  to: MemberId | null = member,
): boolean {
  if (policy.mayAssign !== 'assignee_and_admins' || role !== 'agent') return true
  return people.assignee === member || (people.assignee === null && to === member)
}
