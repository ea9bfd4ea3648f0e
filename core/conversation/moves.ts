/** What happens, in events, once a rule has let it: the moves of which commands are made. They refuse nothing. */
import type { BanTold } from '../bans/ban.ts'
import type { MemberId } from '../ids.ts'
import { type Agent, type Assistant, authorOf, type Key } from './command.ts'
import type { ConversationEvent, Status } from './entries.ts'
import type { ConversationRecord } from './record.ts'

export function said(text: string, quote?: number): ConversationEvent {
  return { type: 'message.created', body: quote === undefined ? { text } : { text, quote } }
}

export function status(from: Status | null, to: Status): ConversationEvent {
  return { type: 'conversation.status_changed', body: { from, to } }
}

/** CV2: the assistant of the channel answers first; without one it waits for a person. */
export function started({ continues, policy }: ConversationRecord): ConversationEvent {
  const first = { from: null, to: policy.assistant ? 'active_ai' : 'waiting_human' } as const
  return { type: 'conversation.status_changed', body: continues ? { ...first, continues } : first }
}

/**
 * CV2, CV4, AI4: after closing the assistant is there again, whoever served before; without one a conversation comes
 * back to whom it is assigned, else it waits.
 */
export function reopened({ public: { status: now }, team, policy }: ConversationRecord): ConversationEvent[] {
  if (now !== 'closed') return []
  if (policy.assistant) return [status('closed', 'active_ai')]
  return [status('closed', team.assignee === null ? 'waiting_human' : 'active_human')]
}

/** Opened again by hand: who has it goes on with it, as if it had not been closed. */
export function undoneClosing(record: ConversationRecord): ConversationEvent[] {
  return record.team.assignee === null ? reopened(record) : [status('closed', 'active_human')]
}

/** What the visitor says is heard by somebody: one that has lost its assistant waits for a person. */
export function heard(record: ConversationRecord): ConversationEvent[] {
  const left = record.public.status === 'active_ai' && !record.policy.assistant
  return left ? [status('active_ai', 'waiting_human')] : reopened(record)
}

/** CV6: it is the assistant's, and nobody's beside. */
export function handedBack(record: ConversationRecord): ConversationEvent[] {
  return [status(record.public.status, 'active_ai'), ...reassigned(record, null)]
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
export function joined(record: ConversationRecord, who: Agent | Assistant): ConversationEvent[] {
  return record.public.servedBy === authorOf(who) ? [] : [{ type: 'agent.joined', body: { name: who.name } }]
}

/** The visitor learns the name of a program once. */
export function introduced(record: ConversationRecord, key: Key): ConversationEvent[] {
  return record.public.people[authorOf(key)] === key.name ? [] : [{ type: 'agent.joined', body: { name: key.name } }]
}

/** BN1 */
export function toldOf({ by, scope, kind, until, lifted }: BanTold): ConversationEvent[] {
  if (lifted) return [{ type: 'contact.unbanned', body: { by, scope } }]
  return [{ type: 'contact.banned', body: { by, scope, kind, until } }]
}

export function reassigned(record: ConversationRecord, to: MemberId | null): ConversationEvent[] {
  const from = record.team.assignee
  return from === to ? [] : [{ type: 'conversation.assigned', body: { from, to } }]
}
