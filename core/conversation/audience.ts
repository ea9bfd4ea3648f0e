/**
 * What each side of a conversation may be sent. The only place where an entry or a state is cut down for
 * visitors: every outlet towards them goes through here (DL3).
 */
import { isVisitorAuthor } from '../ids.ts'
import { type Entry, isTeam, type PublicEntry } from './entries.ts'
import type { ConversationState } from './state.ts'

export type Audience = 'visitor' | 'team'

/** A public entry as visitors receive it: without the client ids of others. */
export function forVisitor(entry: PublicEntry): PublicEntry {
  if (entry.clientId === undefined || isVisitorAuthor(entry.author)) return entry
  const { clientId: _, ...rest } = entry
  return rest
}

/** The entries an audience may have, in order. */
export function entriesFor(audience: Audience, entries: readonly Entry[]): Entry[] {
  if (audience === 'team' || isForAll(entries)) return [...entries]
  return entries.flatMap((entry) => (isTeam(entry) ? [] : [forVisitor(entry)]))
}

/** Whether a visitor may have these entries just as they are. */
export function isForAll(entries: readonly Entry[]): boolean {
  return entries.every((entry) => !isTeam(entry) && forVisitor(entry) === entry)
}

export function stateFor(audience: Audience, state: ConversationState): ConversationState {
  // Field by field: what is given may be a whole record, and nothing else of it is for anyone.
  return { public: state.public, team: audience === 'team' ? state.team : null }
}
