/**
 * The rights that a group can give to agents (PR1): one closed list. Owners and administrators hold all of them.
 * A right never outweighs a policy, nor a policy a right: both must allow.
 */

/** What a member is in a workspace. */
export type Role = 'owner' | 'admin' | 'agent'

export const RIGHTS = ['delete_conversations', 'reassign', 'see_all', 'ban', 'export', 'settings'] as const
export type Right = (typeof RIGHTS)[number]

/** Each right as people read it. */
export const RIGHT_WORDS: Readonly<Record<Right, { name: string; can: string }>> = {
  delete_conversations: { name: 'Delete conversations', can: 'For good, with everything in them.' },
  reassign: {
    name: 'Reassign',
    can: 'Give a conversation to somebody else or to nobody, and take one over. Without it, only what is nobody’s can be taken.',
  },
  see_all: { name: 'See all', can: 'Also those that are hidden from former assignees.' },
  ban: { name: 'Ban', can: 'Ban and block visitors, and lift it again.' },
  export: { name: 'Export', can: 'Download what gathers many conversations: the report on satisfaction as CSV.' },
  settings: {
    name: 'Settings',
    can: 'Change channels and policies. Members, groups and keys stay with administrators.',
  },
}

/** The group that every member is in. It cannot be deleted, and its rights can be changed like those of any other. */
export const EVERYONE = 'everyone'
/** What it gives until an administrator says otherwise: what agents could do before there were groups. */
export const EVERYONE_RIGHTS: readonly Right[] = ['reassign', 'see_all']

export interface Holder {
  role: Role
  /** Given by groups. Left out by a Worker or a socket from before there were groups. */
  rights?: readonly Right[]
}

/** Whether somebody holds a right, by their role or by a group. */
export function holds({ role, rights = EVERYONE_RIGHTS }: Holder, right: Right): boolean {
  return role !== 'agent' || rights.includes(right)
}

/** All rights that somebody holds, in the order of the list. */
export function rightsOf(holder: Holder): Right[] {
  return RIGHTS.filter((right) => holds(holder, right))
}

/**
 * The union of what a member's groups give.
 * @param groups the rights by group; without `everyone` that one still has its first rights
 */
export function granted(groups: Readonly<Record<string, readonly string[]>>): Right[] {
  const given = new Set([groups[EVERYONE] ?? EVERYONE_RIGHTS, ...Object.values(groups)].flat())
  // One that a later version knew and this one does not is nobody's.
  return RIGHTS.filter((right) => given.has(right))
}
