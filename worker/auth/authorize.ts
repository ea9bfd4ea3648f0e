/**
 * The one place that says who may do what: for pages, API and sockets alike. The conversation object checks its own
 * workspace, and a visitor's own conversation, once more.
 */
import type { WorkspaceId } from '../../core/ids.ts'
import type { Membership } from '../../core/membership.ts'
import { scopeMissing } from '../../core/refusals.ts'
import { holds, type Right, type Role } from '../../core/rights.ts'
import type { Scope } from '../../core/scopes.ts'
import { problem, refused } from '../problem.ts'
import type { Caller, Principal } from './principal.ts'

/** Some roles, or whoever holds a right, or each of several: owners and administrators hold all of them. */
type Rule = readonly Role[] | Right | { rights: readonly Right[] }

const AGENTS: readonly Role[] = ['owner', 'admin', 'agent']
const ADMINS: readonly Role[] = ['owner', 'admin']

/** Every action on a workspace, and who may. A route names its action; one that is missing does not compile. */
const WORKSPACE_ACTIONS = {
  'inbox.watch': AGENTS,
  'conversations.list': AGENTS,
  'conversations.start': AGENTS,
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
  'bans.list': 'ban',
  'bans.change': 'ban',
  // Whoever sends a transcript chooses one.
  'senders.list': AGENTS,
  'senders.change': 'settings',
  'smtp.read': 'settings',
  'smtp.change': 'settings',
  // It tells of every conversation, of those too that are hidden from former assignees (CV7).
  'reports.read': 'see_all',
  // A file that leaves Foyer takes it out of reach of every right.
  'reports.export': { rights: ['see_all', 'export'] },
  'policies.read': 'settings',
  'policies.change': 'settings',
  'audit.list': ADMINS,
  'index.rebuild': ADMINS,
  // Keys, too: who could make one could give it what they do not have.
  'keys.list': ADMINS,
  'keys.change': ADMINS,
  // But what a program is called is read beside what it wrote.
  'programs.list': AGENTS,
} as const satisfies Record<string, Rule>

export type WorkspaceAction = keyof typeof WORKSPACE_ACTIONS

/** What programs may do, and the scope it takes; everything else is for people. */
const KEY_ACTIONS: Partial<Record<WorkspaceAction, Scope>> = {
  'reports.read': 'ratings:read',
  'reports.export': 'ratings:read',
  'conversations.list': 'conversations:read',
  'conversations.start': 'conversations:write',
  'members.list': 'members:read',
  'programs.list': 'members:read',
  'channels.list': 'channels:read',
  'channels.create': 'channels:write',
  'channels.change': 'channels:write',
  'contacts.change': 'contacts:write',
  'bans.list': 'bans:read',
  'bans.change': 'bans:write',
  'senders.list': 'senders:read',
  'senders.change': 'senders:write',
}

type Key = Extract<Principal, { kind: 'key' }>

/**
 * Whether a key may do something in a workspace.
 * @throws Problem `forbidden` for what no key may and for another workspace, `scope_missing`
 */
export function authorizeKey(key: Key, action: WorkspaceAction, workspace: WorkspaceId): void {
  const scope = KEY_ACTIONS[action]
  if (key.workspace !== workspace || scope === undefined) throw problem('forbidden')
  if (!key.scopes.includes(scope)) throw refused(scopeMissing(scope))
}

/** Whether a caller may be told what a program needs a scope for. */
export function mayRead(caller: Caller, scope: Scope): boolean {
  return caller.kind !== 'key' || caller.scopes.includes(scope)
}

/**
 * Reading one conversation. Whether it exists for the caller at all is the object's to say, and so is what a command
 * takes. @throws Problem `scope_missing`
 */
export function authorizeReading(caller: Caller, scope: Scope = 'conversations:read'): void {
  if (!mayRead(caller, scope)) throw refused(scopeMissing(scope))
}

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
  if (typeof rule === 'string') return holds(membership, rule)
  return 'rights' in rule ? rule.rights.every((right) => holds(membership, right)) : rule.includes(membership.role)
}
