import type { Member } from '../../../core/api/accounts.ts'

/** Roles in words (PR1). */
export const ROLE_WORDS: Readonly<Record<Member['role'], { name: string; can: string }>> = {
  owner: { name: 'Owner', can: 'Everything.' },
  admin: { name: 'Admin', can: 'Answers, invites members and changes settings.' },
  agent: { name: 'Agent', can: 'Answers conversations.' },
}
