/** What happens, in events, once a rule has let it: the moves of which commands are made. They refuse nothing. */

import type { MemberId } from '../ids.ts'
import { type Actor, authorOf } from './command.ts'
import type { ConversationEvent } from './decide.ts'
import type { Status } from './entries.ts'
import type { ConversationRecord } from './record.ts'

type Agent = Extract<Actor, { kind: 'agent' }>
type Key = Extract<Actor, { kind: 'key' }>

export function said(text: string, quote?: number): ConversationEvent {
  return { type: 'message.created', body: quote === undefined ? { text } : { text, quote } }
}

export function status(from: Status | null, to: Status): ConversationEvent {
  return { type: 'conversation.status_changed', body: { from, to } }
}

export function started({ continues }: ConversationRecord): ConversationEvent {
  const first = { from: null, to: 'waiting_human' } as const
  return { type: 'conversation.status_changed', body: continues ? { ...first, continues } : first }
}

/** CV2, CV4: a closed conversation comes back to whom it is assigned, else it waits. */
export function reopened(record: ConversationRecord): ConversationEvent[] {
  if (record.public.status !== 'closed') return []
  return [status('closed', record.team.assignee === null ? 'waiting_human' : 'active_human')]
}

/** CV2: an agent steps in. Nobody's conversation becomes theirs; somebody else's stays with whom it is. */
export function taken(record: ConversationRecord, agent: Agent): ConversationEvent[] {
  const events: ConversationEvent[] = []
  if (record.team.assignee === null)
    events.push({ type: 'conversation.assigned', body: { from: null, to: agent.member } })
  return [...events, ...activated(record), ...joined(record, agent)]
}

export function activated(record: ConversationRecord): ConversationEvent[] {
  return record.public.status === 'active_human' ? [] : [status(record.public.status, 'active_human')]
}

/** CV11: the visitor learns who serves, once per change. */
export function joined(record: ConversationRecord, agent: Agent): ConversationEvent[] {
  return record.public.servedBy === authorOf(agent) ? [] : [{ type: 'agent.joined', body: { name: agent.name } }]
}

/** The visitor learns the name of a program once. */
export function introduced(record: ConversationRecord, key: Key): ConversationEvent[] {
  return record.public.people[authorOf(key)] === key.name ? [] : [{ type: 'agent.joined', body: { name: key.name } }]
}

export function reassigned(record: ConversationRecord, to: MemberId | null): ConversationEvent[] {
  const from = record.team.assignee
  return from === to ? [] : [{ type: 'conversation.assigned', body: { from, to } }]
}
