/**
 * The rules of a conversation: given what it is, who asks and what for, either a refusal or what happens.
 * Pure: no clock, no storage, no ids; numbers and times are given by `append.ts`. Must never look at the team
 * half of the record when deciding what a visitor is told.
 */
import { isNobodys } from '../assignment.ts'
import type { MemberId } from '../ids.ts'
import { notAllowed, type Refusal, refusal, scopeMissing } from '../refusals.ts'
import { scopeOf } from '../scopes.ts'
import { byAssistant } from './assisting.ts'
import { banFault } from './blocking.ts'
import type { Actor, Agent, Command, Key, Verdict } from './command.ts'
import { deletedBy, restoredBy, whileDeleting } from './deletion.ts'
import { deleted, edited } from './editing.ts'
import { answerFault, continued, endedFor, isEnded } from './ending.ts'
import type { ConversationEvent, MessageEntry, Priority, StatusByHand } from './entries.ts'
import { type FloodArrivals, takeFlood } from './limits.ts'
import { mayAssign, mayWrite } from './may.ts'
import {
  activated,
  handedBack,
  heard,
  introduced,
  joined,
  reassigned,
  reopened,
  said,
  started,
  status,
  taken,
  toldOf,
  undoneClosing,
} from './moves.ts'
import { asked, scored, submitted } from './rating.ts'
import { mayReassign } from './reassigning.ts'
import type { ConversationRecord } from './record.ts'
import { requested, retried, settled } from './transcriptRequests.ts'
import { noteQuotes, saying, withText } from './writing.ts'

export type Decision =
  | { ok: false; refusal: Refusal }
  | {
      ok: true
      events: ConversationEvent[]
      /** The visitor's limits after this command. */
      flood: FloodArrivals
    }

/**
 * Decides one command. Refusals: every code of `RefusalCode` that concerns a running conversation.
 * @param referred the message that the command edits or deletes, as it stands in the log; of one that needs any
 *   message, one that stands there; null where there is none
 */
export function decide(
  record: ConversationRecord,
  actor: Actor,
  command: Command,
  now: number,
  referred: MessageEntry | null = null,
): Decision {
  const verdict = verdictOn(record, actor, command, now, referred)
  if (!Array.isArray(verdict)) return { ok: false, refusal: typeof verdict === 'string' ? refusal(verdict) : verdict }
  if (actor.kind !== 'visitor') return { ok: true, events: verdict, flood: record.flood }
  const taken = takeFlood(record.policy.limits, record.flood, now)
  return taken.ok
    ? { ok: true, events: verdict, flood: taken.arrivals }
    : { ok: false, refusal: refusal('rate_limited', taken.retryAt) }
}

function verdictOn(
  record: ConversationRecord,
  actor: Actor,
  command: Command,
  now: number,
  referred: MessageEntry | null,
): Verdict {
  // What was under way when it began is told all the same: it may be restored.
  const isReport = actor.kind === 'system' && command.type === 'settle_transcript'
  const { deletion } = record.team
  if (deletion !== null && !isReport) return whileDeleting(record, deletion, actor, command, now)
  const shut = banFault(record, actor, command, now)
  if (shut) return shut
  switch (actor.kind) {
    case 'visitor':
      return byVisitor(record, command, now)
    case 'system':
      return bySystem(record, command)
    case 'agent':
      return byAgent(record, actor, command, now, referred)
    case 'key':
      return byKey(record, actor, command, now, referred)
    case 'assistant':
      return byAssistant(record, actor, command)
  }
}

function byVisitor(record: ConversationRecord, command: Command, now: number): Verdict {
  switch (command.type) {
    case 'start':
      return record.public.head > 0
        ? 'already_started'
        : withText(command.text, (text) => [started(record), said(text)])
    case 'send_message':
      return saying(record, command, () => (isEnded(record) ? endedFor(record) : heard(record)))
    case 'close':
      return closed(record)
    case 'continue_in':
      return continued(record, command.conversation)
    case 'submit_rating':
      return submitted(record, command.score, command.comment, now)
    default:
      return 'not_allowed'
  }
}

/**
 * What Foyer does by itself: it gives away what nobody has (CV6), a member who was disabled holds no conversation, a
 * long silence closes one (CV13), and who banned the visitor is told (BN1).
 */
function bySystem(record: ConversationRecord, command: Command): Verdict {
  switch (command.type) {
    case 'close':
      return closed(record)
    case 'assign':
      return given(record, command.to)
    case 'release':
      // Somebody else has it by now: it is not taken from them.
      return record.team.assignee === command.from ? reassigned(record, null) : 'already_assigned'
    case 'settle_transcript':
      return settled(command)
    case 'tell_ban':
      return toldOf(command.ban)
    default:
      return 'not_allowed'
  }
}

/** CV6: only what nobody has by now. It is not active with somebody who has not said a word: the status stays. */
function given(record: ConversationRecord, to: MemberId | null): Verdict {
  if (record.public.status === 'closed') return 'conversation_closed'
  if (record.team.assignee !== null) return 'already_assigned'
  return to !== null && isNobodys(record.public.status, null) ? reassigned(record, to) : 'not_allowed'
}

/** AP1: a program holds no conversation. What it says neither takes one from the waiting nor changes whose it is. */
function byKey(
  record: ConversationRecord,
  key: Key,
  command: Command,
  now: number,
  referred: MessageEntry | null,
): Verdict {
  const scope = scopeOf(command)
  if (scope === null) return 'not_allowed'
  if (!key.scopes.includes(scope)) return scopeMissing(scope)
  switch (command.type) {
    case 'send_message':
      return saying(
        record,
        command,
        () => answerFault(record, null, command) ?? [...reopened(record), ...introduced(record, key)],
      )
    case 'assign': {
      const events = reassigned(record, command.to)
      return events.length > 0 ? events : 'already_assigned'
    }
    case 'set_status':
      if (command.to === 'closed') return closed(record)
      if (isEnded(record)) return endedFor(record)
      if (command.to === record.public.status) return 'status_unchanged'
      if (command.to === 'active_ai') return record.policy.assistant ? handedBack(record) : 'no_assistant'
      return [status(record.public.status, command.to)]
    case 'add_note':
      // What is in the team's half is not for whom it is closed to: also not how much.
      if (typeof command.quote === 'string' && !key.scopes.includes('notes:read')) return 'quote_not_found'
      return byTeam(record, key, command, now, referred)
    default:
      return byTeam(record, key, command, now, referred)
  }
}

function byAgent(
  record: ConversationRecord,
  agent: Agent,
  command: Command,
  now: number,
  referred: MessageEntry | null,
): Verdict {
  switch (command.type) {
    case 'send_message':
      return saying(record, command, () => answerFault(record, agent, command) ?? taken(record, agent))
    case 'accept':
      return accepted(record, agent)
    case 'assign':
      return assigned(record, agent, command.to)
    case 'set_status':
      return setTo(record, agent, command.to)
    case 'add_collaborator':
      // Who may not answer cannot let themself or others do so (CV8).
      return following(record, command.member) || mayWrite(record.policy, record.team, agent)
        ? byTeam(record, agent, command, now, referred)
        : notAllowed('may_write')
    default:
      return byTeam(record, agent, command, now, referred)
  }
}

/** What is the same for whoever of the team asks. What is left is for the visitor, the assistant or Foyer to ask. */
function byTeam(
  record: ConversationRecord,
  asker: Agent | Key,
  command: Command,
  now: number,
  referred: MessageEntry | null,
): Verdict {
  switch (command.type) {
    case 'edit_message':
      return withText(command.text, (text) => edited(referred, text, asker, record, now))
    case 'delete_message':
      return deleted(referred, asker, record, now)
    case 'send_transcript':
      return requested(record, command, referred, now)
    case 'request_rating':
      return asked(record, asker, now)
    case 'delete':
      return deletedBy(asker)
    case 'restore':
      return restoredBy(asker)
    case 'add_note':
      return withText(command.text, (text) =>
        noteQuotes(record, command.quote)
          ? [{ type: 'note.created', body: command.quote === undefined ? { text } : { text, quote: command.quote } }]
          : 'quote_not_found',
      )
    case 'add_collaborator':
      return following(record, command.member)
        ? 'already_collaborator'
        : [{ type: 'collaborator.added', body: { member: command.member } }]
    case 'remove_collaborator':
      return following(record, command.member)
        ? [{ type: 'collaborator.removed', body: { member: command.member } }]
        : 'not_collaborator'
    case 'set_priority':
      return prioritised(record, command.to)
    case 'retry_transcript':
      return retried(record, command.request)
    case 'score_conversation':
      return scored(record, command.score)
    case 'close':
      return closed(record)
    case 'reopen':
      if (record.public.status !== 'closed') return 'already_open'
      return isEnded(record) ? endedFor(record) : undoneClosing(record)
    default:
      return 'not_allowed'
  }
}

function following(record: ConversationRecord, member: MemberId): boolean {
  return record.team.collaborators.includes(member)
}

function closed(record: ConversationRecord): Verdict {
  return record.public.status === 'closed' ? 'already_closed' : [status(record.public.status, 'closed')]
}

/**
 * CV2: active with a human means with this one,
 * unless it is somebody else's already: then nobody has joined by it (CV11).
 */
function setTo(record: ConversationRecord, agent: Agent, to: StatusByHand): Verdict {
  if (to === record.public.status) return to === 'closed' ? 'already_closed' : 'status_unchanged'
  if (isEnded(record)) return endedFor(record)
  if (to === 'active_ai') return givenToAssistant(record, agent)
  const { assignee } = record.team
  const takes = to === 'active_human' && (assignee === null || assignee === agent.member)
  return takes ? taken(record, agent) : [status(record.public.status, to)]
}

/** CV6: assigning like any other where somebody has it. */
function givenToAssistant(record: ConversationRecord, agent: Agent): Verdict {
  if (!record.policy.assistant) return 'no_assistant'
  if (!mayReassign(agent, record.team.assignee, null)) return 'not_allowed'
  const takes = record.team.assignee !== null
  return takes && !mayAssign(record.policy, record.team, agent, null) ? notAllowed('may_assign') : handedBack(record)
}

function accepted(record: ConversationRecord, agent: Agent): Verdict {
  if (record.public.status === 'closed') return isEnded(record) ? endedFor(record) : 'conversation_closed'
  if (!mayReassign(agent, record.team.assignee, agent.member)) return 'not_allowed'
  if (!mayAssign(record.policy, record.team, agent)) return notAllowed('may_assign')
  const events = [...reassigned(record, agent.member), ...activated(record), ...joined(record, agent)]
  return events.length > 0 ? events : 'already_assigned'
}

function assigned(record: ConversationRecord, agent: Agent, to: MemberId | null): Verdict {
  // CV5: a closed conversation changes hands and stays closed.
  if (to === agent.member && record.public.status !== 'closed') return accepted(record, agent)
  if (!mayReassign(agent, record.team.assignee, to)) return 'not_allowed'
  const events = reassigned(record, to)
  if (events.length === 0) return 'already_assigned'
  return mayAssign(record.policy, record.team, agent, to) ? events : notAllowed('may_assign')
}

/** CV9, of a closed one too: it may come back. */
function prioritised(record: ConversationRecord, to: Priority): Verdict {
  const from = record.team.priority
  return from === to ? 'priority_unchanged' : [{ type: 'conversation.priority_changed', body: { from, to } }]
}
