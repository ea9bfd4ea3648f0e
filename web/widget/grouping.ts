import type { PublicEntry } from '../../core/conversation/entries.ts'
import { MINUTE_MS } from '../../core/durations.ts'
import type { Author } from '../../core/ids.ts'
import { sameDay } from '../lib/times.ts'

const TOGETHER_WITHIN_MS = 5 * MINUTE_MS

type Said = Pick<PublicEntry, 'type' | 'author' | 'at'>

/** Whether two neighbours are messages of one author within five minutes: they grow together. */
export function together(earlier: Said | undefined, later: Said | undefined): boolean {
  if (earlier?.type !== 'message.created' || later?.type !== 'message.created') return false
  return earlier.author === later.author && later.at - earlier.at < TOGETHER_WITHIN_MS && sameDay(earlier.at, later.at)
}

/** Whether the day begins with this entry. */
export function beginsDay(previous: Pick<PublicEntry, 'at'> | undefined, entry: Pick<PublicEntry, 'at'>): boolean {
  return !previous || !sameDay(previous.at, entry.at)
}

/** Whom the visitor hears: by their name, and the assistant as what it is (MS2). */
export function nameOf(author: Author, people: Partial<Record<Author, string>>): string {
  return (people[author] ?? 'The team') + (author.startsWith('assistant:') ? ' · AI' : '')
}

/**
 * What an entry that is no message says to the visitor, or null where it says nothing to them.
 */
export function activityText(
  entry: PublicEntry,
  you: Author | null,
  people: Partial<Record<Author, string>>,
): string | null {
  const who = entry.author === you ? 'You' : nameOf(entry.author, people)
  if (entry.type === 'agent.joined') return `${who} joined the conversation`
  if (entry.type === 'transcript.sent') return 'A transcript was sent by email'
  if (entry.type !== 'conversation.status_changed') return null
  const { from, to, continues } = entry.body
  if (continues) return 'This continues an earlier conversation'
  // All that it can do beside answering (AI2).
  if (entry.author.startsWith('assistant:')) return `${who} asked a person to take over`
  if (from !== 'closed' && to !== 'closed') return null
  const what = to === 'closed' ? 'closed' : 'reopened'
  if (entry.author === 'system') return `The conversation was ${what}`
  return `${who} ${what} the conversation`
}
