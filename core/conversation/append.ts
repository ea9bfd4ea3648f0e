/**
 * Turns what was decided into numbered, timed entries and the record after them.
 * Pure; storing them is the object's.
 */
import type { Author, ClientId } from '../ids.ts'
import { epochAfter } from './assisting.ts'
import { clientsAfter } from './clients.ts'
import { type Actor, authorOf, type Envelope } from './command.ts'
import type { Decision } from './decide.ts'
import type { ConversationEvent, Entry, TeamEvent } from './entries.ts'
import { type ConversationRecord, teamOf } from './record.ts'
import { apply } from './state.ts'
import { requestsAfter } from './transcriptRequests.ts'

/**
 * Stamps the events of one command.
 * A public entry's time is max(clock, last public time), a team entry's max(clock, last of both): nothing of the
 * team log ever moves what a visitor can see.
 */
export function append(
  record: ConversationRecord,
  decision: Extract<Decision, { ok: true }>,
  actor: Actor,
  envelope: Pick<Envelope, 'id'>,
  now: number,
): { record: ConversationRecord; entries: Entry[] } {
  const author = authorOf(actor)
  const bearer = bearerOf(decision.events)
  let next = record
  const entries: Entry[] = []
  for (const event of decision.events) {
    const entry = stamp(next, event, author, event === bearer ? envelope.id : undefined, now)
    const state = apply({ public: next.public, team: next.team }, entry)
    next = { ...next, public: state.public, team: teamOf(state) }
    entries.push(entry)
  }
  const epoch = epochAfter(record, entries)
  const clients = clientsAfter(record, author, envelope.id)
  return { record: { ...next, flood: decision.flood, epoch, clients, ...requestsAfter(record, entries, now) }, entries }
}

/** The one entry of a command that carries its client id: what was written, else the first thing that happened. */
function bearerOf(events: readonly ConversationEvent[]): ConversationEvent | undefined {
  return events.find((e) => e.type === 'message.created' || e.type === 'note.created') ?? events[0]
}

function isTeamEvent(event: ConversationEvent): event is TeamEvent {
  switch (event.type) {
    case 'message.created':
    case 'message.edited':
    case 'message.deleted':
    case 'conversation.status_changed':
    case 'conversation.continued':
    case 'agent.joined':
    case 'transcript.sent':
    case 'rating.prompted':
    case 'rating.submitted':
      return false
    case 'note.created':
    case 'conversation.assigned':
    case 'conversation.priority_changed':
    case 'conversation.deleted':
    case 'conversation.restored':
    case 'rating.requested':
    case 'rating.scored':
    case 'collaborator.added':
    case 'collaborator.removed':
    case 'transcript.requested':
    case 'transcript.retried':
    case 'transcript.settled':
    case 'contact.banned':
    case 'contact.unbanned':
      return true
  }
}

/** RT2: the visitor is asked by nobody in particular. */
function authorIn(event: ConversationEvent, author: Author): Author {
  return event.type === 'rating.prompted' ? 'system' : author
}

function stamp(
  record: ConversationRecord,
  event: ConversationEvent,
  author: Author,
  clientId: ClientId | undefined,
  now: number,
): Entry {
  const who = { author: authorIn(event, author), ...(clientId !== undefined && { clientId }) }
  if (isTeamEvent(event)) {
    const at = Math.max(now, record.team.lastAt, record.public.lastAt)
    return { n: record.team.head + 1, after: record.public.head, at, ...who, ...event }
  }
  return { n: record.public.head + 1, at: Math.max(now, record.public.lastAt), ...who, ...event }
}
