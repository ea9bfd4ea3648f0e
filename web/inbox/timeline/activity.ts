/** Activities of a conversation as sentences: who did what (CV11). */
import type { BanScope } from '../../../core/bans/ban.ts'
import type { Entry, MessageEntry } from '../../../core/conversation/entries.ts'
import { scoreWords } from '../../../core/conversation/score.ts'
import { type Author, authorKind, memberOf } from '../../../core/ids.ts'
import { exactTime, sameDay, timeOfDay } from '../../lib/times.ts'
import type { Names } from './createNames.ts'
import { transcriptText } from './transcriptText.ts'

/** Events of one command follow each other within the same moment. */
const ONE_COMMAND_MS = 1_000

/**
 * The sentence of an activity, or null for messages and notes, and for what the sentence before has said already:
 * taking a conversation assigns it, changes its status and lets the agent join, which is one act to a reader.
 */
export function activityText(before: readonly Entry[], entry: Entry, names: Names): string | null {
  switch (entry.type) {
    case 'message.created':
    case 'message.edited':
    case 'message.deleted':
    case 'note.created':
      return null
    case 'conversation.assigned':
      return before.some((e) => givesToAssistant(e) && isOneAct(e, entry))
        ? null
        : assignment(entry.author, entry.body, names)
    case 'conversation.priority_changed':
      return `${names.author(entry.author)} set the priority to ${entry.body.to}`
    case 'conversation.deleted':
      return `${names.author(entry.author)} deleted the conversation`
    case 'conversation.restored':
      return `${names.author(entry.author)} restored the conversation`
    case 'contact.banned':
      return `${names.author(entry.body.by)} ${banned(entry.body)}${until(entry.body.until)}`
    case 'contact.unbanned':
      return `${names.author(entry.body.by)} unbanned ${banTarget(entry.body)}`
    case 'collaborator.added':
      return entry.body.member === memberOf(entry.author)
        ? `${names.author(entry.author)} followed the conversation`
        : `${names.author(entry.author)} added ${whom(entry.body.member, names)} as a follower`
    case 'collaborator.removed':
      return entry.body.member === memberOf(entry.author)
        ? `${names.author(entry.author)} stopped following the conversation`
        : `${names.author(entry.author)} removed ${whom(entry.body.member, names)} as a follower`
    case 'agent.joined':
      return sameCommand(before, entry, ['conversation.assigned']) ? null : `${names.author(entry.author)} joined`
    case 'rating.requested':
      return `${names.author(entry.author)} asked for a rating`
    // Told by who asked; the answer has a line of its own (RatingLine).
    case 'rating.prompted':
    case 'rating.submitted':
      return null
    case 'rating.scored':
      return entry.body.to === null
        ? `${names.author(entry.author)} took back the score of the team`
        : `${names.author(entry.author)} scored the conversation: ${scoreWords(entry.body.to)}`
    case 'conversation.continued':
      return 'Continued in a new conversation'
    case 'conversation.status_changed':
      return statusChange(before, entry, names)
    case 'transcript.sent':
    case 'transcript.requested':
    case 'transcript.retried':
    case 'transcript.settled':
      return transcriptText(entry, names)
  }
}

/**
 * What stands in place of a message that was deleted: by whom and when (MS8).
 * @param entries of a timeline: what follows a message is there before it is
 */
export function deletedText(message: MessageEntry, entries: readonly Entry[], names: Names): string {
  const deletion = entries.find((entry) => entry.type === 'message.deleted' && entry.body.ref === message.n)
  if (!deletion) return 'This message was deleted.'
  const { author, at } = deletion
  const by = memberOf(author) === names.me ? 'you' : names.author(author)
  return `Deleted by ${by} · ${sameDay(at, message.at) ? timeOfDay(at) : exactTime(at)}`
}

/** BN1, as the rule names it: bannedVisitor. */
function banned({ scope, kind }: Extract<Entry, { type: 'contact.banned' }>['body']): string {
  return `${kind === 'block' && scope !== 'network' ? 'blocked' : 'banned'} ${banTarget({ scope })}`
}

function banTarget({ scope }: { scope: BanScope }): string {
  return scope === 'network' ? 'the visitor’s IP address' : 'the visitor'
}

function until(at: number | null): string {
  return at === null ? '' : ` until ${exactTime(at)}`
}

type StatusChange = Extract<Entry, { type: 'conversation.status_changed' }>

function statusChange(before: readonly Entry[], entry: StatusChange, names: Names): string | null {
  const { from, to } = entry.body
  const by = names.author(entry.author)
  if (from === null)
    return entry.body.continues
      ? `${by} continued a conversation that was closed for good`
      : `${by} started the conversation`
  if (to === 'closed') return `${by} closed the conversation`
  if (from === 'closed') return `${by} reopened the conversation`
  if (to === 'active_human')
    return sameCommand(before, entry, ['conversation.assigned']) ? null : `${by} set the conversation to active`
  if (to === 'active_ai') return `${by} gave the conversation to the assistant`
  if (authorKind(entry.author) === 'assistant') return `${by} asked for a person`
  return `${by} set the conversation to waiting`
}

function assignment(author: Author, body: { from: string | null; to: string | null }, names: Names): string {
  const by = names.author(author)
  if (body.to === null) return `${by} unassigned ${body.from === null ? 'the conversation' : whom(body.from, names)}`
  if (body.to === memberOf(author)) return `${by} took the conversation`
  return `${by} assigned the conversation to ${whom(body.to, names)}`
}

function sameCommand(before: readonly Entry[], entry: Entry, types: ReadonlyArray<Entry['type']>): boolean {
  return before.some((e) => types.includes(e.type) && isOneAct(e, entry))
}

function isOneAct(earlier: Entry, entry: Entry): boolean {
  return earlier.author === entry.author && entry.at - earlier.at < ONE_COMMAND_MS
}

/** Then nobody has it any more, which goes without saying. */
function givesToAssistant(entry: Entry): boolean {
  return entry.type === 'conversation.status_changed' && entry.body.to === 'active_ai'
}

function whom(member: string, names: Names): string {
  return member === names.me ? 'you' : names.nameOf(member)
}
