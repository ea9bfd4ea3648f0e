import { mayAssign, mayWrite } from '../../../core/conversation/may.ts'
import { DEFAULT_POLICY, policyView, ratingPolicy } from '../../../core/conversation/policy.ts'
import { asksAgainAt } from '../../../core/conversation/rating.ts'
import { mayReassign } from '../../../core/conversation/reassigning.ts'
import type { MemberId } from '../../../core/ids.ts'
import { notAllowed, refusal } from '../../../core/refusals.ts'
import type { Right, Role } from '../../../core/rights.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import type { Standing } from './createStanding.ts'

export interface Permissions {
  /** Why one cannot answer the visitor here, as a sentence, or null (CV4, CV8, BN3). */
  answerFault(): string | null
  /** Whether an answer has to say that it opens the conversation as well (CV4). */
  mustReopen(): boolean
  /** Whether the conversation can be opened again at all. */
  mayReopen(): boolean
  /** Whether nobody could open it again once it is closed (CV4). */
  closesForGood(): boolean
  /** Why one cannot give the conversation to this member, or to anybody where none is named, or null (CV6). */
  assignFault(to?: MemberId | null): string | null
  /** Why one cannot put other words into what one said to the visitor, as a sentence, or null (CV8, BN3). */
  editFault(): string | null
  /** Why one cannot ask for a rating, as a sentence, or null (CV8). */
  askFault(): string | null
  /** The moment from which one may ask for a rating again, or null where one has not asked (RT3). */
  asksAgainAt(): number | null
  /** Whether the channel has an assistant to which one can give the conversation (AI1). */
  hasAssistant(): boolean
}

interface PermissionsDeps {
  me: MemberId
  role(): Role
  rights(): readonly Right[]
  live: Pick<LiveConversation, 'policy'>
  standing: Standing
}

/** What the policies let one do in a conversation: the rules' own answer, asked before one types. */
export function createPermissions({ me, role, rights, live, standing }: PermissionsDeps): Permissions {
  const policy = () => {
    const { reopen, writers, assigners } = live.policy() ?? policyView('team', DEFAULT_POLICY)
    return { reopen, mayWrite: writers ?? DEFAULT_POLICY.mayWrite, mayAssign: assigners ?? DEFAULT_POLICY.mayAssign }
  }
  const closed = () => standing.status() === 'closed'
  const people = () => ({ assignee: standing.assignee(), collaborators: [...standing.collaborators()] })
  const final = () => closed() && policy().reopen === 'never'
  const blocked = () => (live.policy()?.ban === 'block' ? refusal('contact_blocked').message : null)
  const barred = (reason: 'may_write' | 'may_ask') =>
    blocked() ?? (mayWrite(policy(), people(), { member: me, role: role() }) ? null : notAllowed(reason).message)
  return {
    answerFault: () => blocked() ?? (final() ? refusal('conversation_ended').message : barred('may_write')),
    editFault: () => barred('may_write'),
    mustReopen: () => closed() && policy().reopen === 'visitor_message',
    mayReopen: () => closed() && !final(),
    closesForGood: () => policy().reopen === 'never',
    askFault: () => barred('may_ask'),
    asksAgainAt: () => {
      const { ratingEveryMs } = ratingPolicy(live.policy() ?? {})
      return asksAgainAt(standing.asks(), `agent:${me}`, ratingEveryMs)
    },
    hasAssistant: () => Boolean(live.policy()?.assistant),
    assignFault: (to = me) => {
      const asking = { member: me, role: role(), rights: rights() }
      if (!mayReassign(asking, standing.assignee(), to)) return refusal('not_allowed').message
      return mayAssign(policy(), people(), asking, to) ? null : notAllowed('may_assign').message
    },
  }
}
