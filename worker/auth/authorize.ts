/**
 * The one place that says who may do what: for pages, API and sockets alike. The conversation object checks its own
 * workspace, and a visitor's own conversation, once more.
 */
import type { Membership, Role } from '../../core/conversation/canSee.ts'
import type { WorkspaceId } from '../../core/ids.ts'
import { problem } from '../problem.ts'
import type { Principal } from './principal.ts'

const AGENTS: readonly Role[] = ['owner', 'admin', 'agent']
const ADMINS: readonly Role[] = ['owner', 'admin']

/** Every action on a workspace, and the roles that may. A route names its action; one that is missing does not compile. */
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
  'channels.list': AGENTS,
  'channels.create': ADMINS,
  'channels.change': ADMINS,
  'contacts.change': AGENTS,
  'audit.list': ADMINS,
} as const satisfies Record<string, readonly Role[]>

export type WorkspaceAction = keyof typeof WORKSPACE_ACTIONS

/**
 * The membership through which a principal may do something in a workspace.
 * @throws Problem `forbidden`, also for a workspace that does not exist: the two look alike from outside
 */
export function authorize(principal: Principal, action: WorkspaceAction, workspace: WorkspaceId): Membership {
  const membership =
    principal.kind === 'agent' ? principal.memberships.find((m) => m.workspace === workspace) : undefined
  const allowed: readonly Role[] = WORKSPACE_ACTIONS[action]
  if (!membership || !allowed.includes(membership.role)) throw problem('forbidden')
  return membership
}
