/**
 * The one place that says who may do what: for pages, API and sockets alike. The conversation object checks its own
 * workspace, and a visitor's own conversation, once more.
 */
import type { Membership, Role } from '../../core/conversation/canSee.ts'
import type { WorkspaceId } from '../../core/ids.ts'
import { holds, type Right } from '../../core/rights.ts'
import { problem } from '../problem.ts'
import type { Principal } from './principal.ts'

/** Some roles, or whoever holds a right: owners and administrators hold all of them. */
type Rule = readonly Role[] | Right

const AGENTS: readonly Role[] = ['owner', 'admin', 'agent']
const ADMINS: readonly Role[] = ['owner', 'admin']

/** Every action on a workspace, and who may. A route names its action; one that is missing does not compile. */
const WORKSPACE_ACTIONS = {
  'inbox.watch': AGENTS,
  'conversations.list': AGENTS,
  'members.list': AGENTS,
  'members.reset_password': ADMINS,
  'members.change': ADMINS,
  'profile.change': AGENTS,
  'invitations.list': ADMINS,
  'invitations.create': ADMINS,
  'invitations.revoke': ADMINS,
  // Not `settings`: who could change groups could give themself every right.
  'groups.list': ADMINS,
  'groups.change': ADMINS,
  'channels.list': AGENTS,
  'channels.create': 'settings',
  'channels.change': 'settings',
  'contacts.change': AGENTS,
  'audit.list': ADMINS,
} as const satisfies Record<string, Rule>

export type WorkspaceAction = keyof typeof WORKSPACE_ACTIONS

/**
 * The membership through which a principal may do something in a workspace.
 * @throws Problem `forbidden`, also for a workspace that does not exist: the two look alike from outside
 */
export function authorize(principal: Principal, action: WorkspaceAction, workspace: WorkspaceId): Membership {
  const membership =
    principal.kind === 'agent' ? principal.memberships.find((m) => m.workspace === workspace) : undefined
  if (!membership || !may(membership, WORKSPACE_ACTIONS[action])) throw problem('forbidden')
  return membership
}

function may(membership: Membership, rule: Rule): boolean {
  return typeof rule === 'string' ? holds(membership, rule) : rule.includes(membership.role)
}
