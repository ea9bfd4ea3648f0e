/**
 * Which records need not be written: those that the log gives back. A plain message changes nothing that cannot be
 * read from it again, so most messages cost one row instead of two; whoever wakes applies what the record lacks.
 */
import { isVisitorAuthor } from '../ids.ts'
import { clientsAfter } from './clients.ts'
import { type Entry, isTeam, type PublicEntry } from './entries.ts'
import { takeFlood } from './limits.ts'
import { type ConversationRecord, teamOf } from './record.ts'
import { apply } from './state.ts'

/**
 * So many newest messages stand in the log alone when a conversation sleeps; each is one more row to read at a wake.
 */
export const TAIL_MAX = 3
/**
 * So many while messages follow each other fast, and the record is about to be written: only a crash leaves them there,
 * and a wake then reads about as much as a page of history.
 */
export const TAIL_BURST_MAX = 255

/**
 * Whether `replayed(before, entry)` gives what a command made of the record.
 * @param now when it was decided: an entry with another time (the clock went back) does not tell what the limits were
 *   asked
 */
export function isReplayable(entries: readonly Entry[], now: number): boolean {
  const [entry] = entries
  return entries.length === 1 && entry?.type === 'message.created' && !isTeam(entry) && entry.at === now
}

/** The record after a message that stands in the log and not in the record. */
export function replayed(record: ConversationRecord, entry: PublicEntry): ConversationRecord {
  const state = apply(record, entry)
  const taken = isVisitorAuthor(entry.author) ? takeFlood(record.policy.limits, record.flood, entry.at) : null
  return {
    ...record,
    public: state.public,
    team: teamOf(state),
    flood: taken?.ok ? taken.arrivals : record.flood,
    clients: clientsAfter(record, entry.author, entry.clientId),
  }
}
