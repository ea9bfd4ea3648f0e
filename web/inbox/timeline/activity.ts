/** Activities of a conversation as sentences: who did what (CV11). */
import type { Entry } from '../../../core/conversation/entries.ts'
import { type Author, authorKind, memberOf } from '../../../core/ids.ts'

export interface Names {
  /** The member who looks. */
  me: string
  nameOf(member: string): string
  contact: string
  /** Of a program that writes by a key. */
  program(author: Author): string
}

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
      return assignment(entry.author, entry.body, names)
    case 'conversation.priority_changed':
      return `${who(entry.author, names)} set the priority to ${entry.body.to}`
    case 'conversation.deleted':
      return `${who(entry.author, names)} deleted the conversation`
    case 'conversation.restored':
      return `${who(entry.author, names)} restored the conversation`
    case 'collaborator.added':
      return entry.body.member === memberOf(entry.author)
        ? `${who(entry.author, names)} followed the conversation`
        : `${who(entry.author, names)} added ${whom(entry.body.member, names)} as a follower`
    case 'collaborator.removed':
      return entry.body.member === memberOf(entry.author)
        ? `${who(entry.author, names)} stopped following the conversation`
        : `${who(entry.author, names)} removed ${whom(entry.body.member, names)} as a follower`
    case 'agent.joined':
      return sameCommand(before, entry, ['conversation.assigned']) ? null : `${who(entry.author, names)} joined`
    case 'conversation.continued':
      return 'Continued in a new conversation'
    case 'conversation.status_changed':
      return statusChange(before, entry, names)
  }
}

type StatusChange = Extract<Entry, { type: 'conversation.status_changed' }>

function statusChange(before: readonly Entry[], entry: StatusChange, names: Names): string | null {
  const { from, to } = entry.body
  const by = who(entry.author, names)
  if (from === null)
    return entry.body.continues
      ? `${by} continued a conversation that was closed for good`
      : `${by} started the conversation`
  if (to === 'closed') return `${by} closed the conversation`
  if (from === 'closed') return `${by} reopened the conversation`
  if (to === 'active_human') return sameCommand(before, entry, ['conversation.assigned']) ? null : `${by} took over`
  if (to === 'active_ai') return `${by} handed over to the assistant`
  return `${by} set the conversation to waiting`
}

function assignment(author: Author, body: { from: string | null; to: string | null }, names: Names): string {
  const by = who(author, names)
  if (body.to === null) return `${by} unassigned ${body.from === null ? 'the conversation' : whom(body.from, names)}`
  if (body.to === memberOf(author)) return `${by} took the conversation`
  return `${by} assigned the conversation to ${whom(body.to, names)}`
}

function sameCommand(before: readonly Entry[], entry: Entry, types: ReadonlyArray<Entry['type']>): boolean {
  return before.some((e) => types.includes(e.type) && e.author === entry.author && entry.at - e.at < ONE_COMMAND_MS)
}

function who(author: Author, names: Names): string {
  const member = memberOf(author)
  if (member !== null) return member === names.me ? 'You' : names.nameOf(member)
  if (authorKind(author) === 'key') return names.program(author)
  return authorKind(author) === 'visitor' ? names.contact : 'Foyer'
}

function whom(member: string, names: Names): string {
  return member === names.me ? 'you' : names.nameOf(member)
}
