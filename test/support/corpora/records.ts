/**
 * Conversations as they may stand, for the tests of the rules:
 * made by the rules' own `append`, told in one word each.
 */
import { append } from '../../../core/conversation/append.ts'
import type { Actor, Command } from '../../../core/conversation/command.ts'
import { type Decision, decide } from '../../../core/conversation/decide.ts'
import type { ConversationEvent, Status } from '../../../core/conversation/entries.ts'
import { DEFAULT_POLICY } from '../../../core/conversation/policy.ts'
import { type ConversationRecord, NO_SOURCE, newRecord, type Origin } from '../../../core/conversation/record.ts'
import type {
  ChannelId,
  ClientId,
  ContactId,
  ConversationId,
  DeviceId,
  MemberId,
  WorkspaceId,
} from '../../../core/ids.ts'

export const NOW = Date.UTC(2026, 10, 20, 12)

export const ANA = 'm_ana' as MemberId
export const BEN = 'm_ben' as MemberId
export const VIC: Actor = { kind: 'visitor', device: 'd_vic' as DeviceId }
export const AGENT_ANA: Actor = { kind: 'agent', member: ANA, name: 'Ana', role: 'agent' }
export const AGENT_ADA: Actor = { kind: 'agent', member: 'm_ada' as MemberId, name: 'Ada', role: 'admin' }
/** The assistant of the channel, wherever a test says that it has one. */
export const NOVA: Actor = { kind: 'assistant', id: 'a_nova', name: 'Nova' }
export const AGENT_BEN: Actor = { kind: 'agent', member: BEN, name: 'Ben', role: 'agent' }

export const ORIGIN: Origin = {
  id: 'abcdefghijklmnopqrstuvwxyz234567' as ConversationId,
  workspace: 'w_shop' as WorkspaceId,
  channel: 'ch_web' as ChannelId,
  contact: 'c_vic' as ContactId,
  device: 'd_vic' as DeviceId,
  source: { ...NO_SOURCE, page: 'https://shop.example/tea', title: 'Tea', referrer: null },
}

export const clientId = (n: number, instance = 'tab') => `${instance}:${n}` as ClientId

export interface Standing {
  status: Status
  assignee: MemberId | null
  /** Who was the last to join. */
  servedBy: MemberId | null
}

const NAMES: Record<string, string> = { [ANA]: 'Ana', [BEN]: 'Ben' }

/** A record before anything was said. */
export function untouched(): ConversationRecord {
  return newRecord(ORIGIN, DEFAULT_POLICY)
}

/** A record after the visitor's first message, brought to where a test wants it. */
export function standing({ status, assignee, servedBy }: Standing): ConversationRecord {
  let record = took(untouched(), VIC, { type: 'start', text: 'Hello' }, NOW - 60_000, 1)
  if (servedBy !== null) {
    const joined: ConversationEvent = { type: 'agent.joined', body: { name: NAMES[servedBy] ?? '' } }
    record = happened(record, { kind: 'agent', member: servedBy, name: NAMES[servedBy] ?? '', role: 'agent' }, [joined])
  }
  if (assignee !== null)
    record = happened(record, AGENT_ANA, [{ type: 'conversation.assigned', body: { from: null, to: assignee } }])
  if (status !== 'waiting_human')
    record = happened(record, AGENT_ANA, [
      { type: 'conversation.status_changed', body: { from: 'waiting_human', to: status } },
    ])
  // A quiet minute later no limit is in the way of what a test is about.
  return { ...record, flood: { quick: 0, lasting: 0 } }
}

function happened(record: ConversationRecord, actor: Actor, events: ConversationEvent[]): ConversationRecord {
  return append(record, { ok: true, events, flood: record.flood }, actor, { id: clientId(1, 'past') }, NOW - 30_000)
    .record
}

/** The record after a command that must not be refused. */
export function took(record: ConversationRecord, actor: Actor, command: Command, now: number, n: number) {
  const decision = decide(record, actor, command, now)
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`)
  return append(record, decision, actor, { id: clientId(n) }, now).record
}

const SHORT: Record<Status, string> = {
  active_ai: 'ai',
  waiting_human: 'waiting',
  active_human: 'active',
  awaiting_offline_info: 'offline',
  closed: 'closed',
}

/** A decision in few words: `assigned nobody>ana, waiting>active, joined Ana, said`, or `!refusal_code`. */
export function told(decision: Decision): string {
  return decision.ok ? decision.events.map(tellEvent).join(', ') : `!${decision.refusal.code}`
}

function tellEvent(event: ConversationEvent): string {
  switch (event.type) {
    case 'message.created':
      return 'said'
    case 'note.created':
      return 'noted'
    case 'message.edited':
      return `edited ${event.body.ref}`
    case 'message.deleted':
      return `deleted ${event.body.ref}`
    case 'conversation.priority_changed':
      return `${event.body.from}>${event.body.to}`
    case 'conversation.deleted':
      return 'deleted'
    case 'conversation.restored':
      return 'restored'
    case 'contact.banned':
      return `${event.body.kind} by ${event.body.by}`
    case 'contact.unbanned':
      return `unbanned by ${event.body.by}`
    case 'collaborator.added':
      return `added ${tellMember(event.body.member)}`
    case 'collaborator.removed':
      return `removed ${tellMember(event.body.member)}`
    case 'agent.joined':
      return `joined ${event.body.name}`
    case 'conversation.assigned':
      return `assigned ${tellMember(event.body.from)}>${tellMember(event.body.to)}`
    case 'rating.requested':
      return 'asked'
    case 'rating.prompted':
      return `prompted ${event.body.skin}`
    case 'rating.submitted':
      return `rated ${event.body.score}${event.body.comment === undefined ? '' : ' with a comment'}`
    case 'rating.scored':
      return `scored ${event.body.from ?? 'none'}>${event.body.to ?? 'none'}`
    case 'conversation.continued':
      return `continued in ${event.body.in}`
    case 'conversation.status_changed':
      return `${event.body.from === null ? 'nothing' : SHORT[event.body.from]}>${SHORT[event.body.to]}`
    case 'transcript.sent':
      return 'sent'
    case 'transcript.requested':
      return `asked ${event.body.request} to ${event.body.to}`
    case 'transcript.retried':
      return `retried ${event.body.request}`
    case 'transcript.settled':
      return `settled ${event.body.request} ${event.body.outcome}`
  }
}

function tellMember(member: MemberId | null): string {
  return member === null ? 'nobody' : member.replace('m_', '')
}
