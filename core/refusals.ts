/**
 * Every way Foyer says no. A refusal is a value: a stable code for programs, a sentence that helps for people.
 * Exceptions are bugs and never stand here.
 */
import { CAPABILITIES, type ChannelKind } from './channelKinds.ts'
import type { ConversationId } from './ids.ts'
import type { Scope } from './scopes.ts'

const SENTENCES = {
  message_blank: 'Write something first: an empty message cannot be sent.',
  message_too_long: 'This message is too long. Shorten it to 2,000 characters or fewer.',
  message_not_found: 'This message does not exist in this conversation.',
  message_deleted: 'This message was deleted.',
  message_unchanged: 'The message says this already.',
  edit_window_over: 'This message can no longer be changed: the time for it is over.',
  edit_unavailable: 'Messages can be edited and deleted only in the chat on a website.',
  quote_not_found: 'The quoted message does not exist in this conversation.',
  rate_limited: 'That was a lot at once. Wait a moment and it can be sent.',
  too_many_conversations: 'Too many new conversations were started from here. Try again later.',
  client_id_conflict: 'This message id was used before for another text.',
  client_id_invalid: 'A client id looks like "instance:1", with a number that rises.',
  not_allowed: 'You are not allowed to do this.',
  scope_missing: 'This key does not have the scope for this.',
  idempotency_key_conflict: 'This Idempotency-Key was used before for another request.',
  not_found: 'This conversation does not exist.',
  already_started: 'This conversation has already been started.',
  already_closed: 'The conversation is already closed.',
  already_open: 'The conversation is already open.',
  status_unchanged: 'The conversation already has this status.',
  priority_unchanged: 'The conversation already has this priority.',
  already_collaborator: 'This member follows the conversation already.',
  not_collaborator: 'This member does not follow the conversation.',
  already_assigned: 'The conversation is already assigned like that.',
  not_deleted: 'The conversation is not being deleted.',
  transcript_empty: 'There is no message that a transcript could hold.',
  too_many_transcripts: 'Too many transcripts of this conversation were sent within the hour.',
  transcript_not_failed: 'Only a transcript that could not be sent can be tried again.',
  undo_over: 'The time to undo is over: the conversation is gone.',
  banned: "You can't start a new conversation here.",
  blocked: "You can't write here any more.",
  contact_blocked: 'This visitor is blocked: no message passes, in either direction. Notes are possible.',
  superseded: 'Somebody else handles this conversation by now.',
  no_assistant: 'No assistant answers in this channel.',
  conversation_closed: 'The conversation is closed. Reopen it first.',
  conversation_ended: 'This conversation is closed for good. A new one can continue it.',
  conversation_not_ended: 'This conversation goes on: write into it.',
  rating_unavailable: 'A rating can be asked for only in the chat on a website.',
  rating_asked_recently: 'You have asked for a rating here not long ago. Wait until you may ask again.',
  rating_not_asked: 'Nobody has asked for a rating here.',
  rating_final: 'The time to change this rating is over.',
  rating_unchanged: 'The rating is like this already.',
  comment_too_long: 'This comment is too long. Shorten it to 2,000 characters or fewer.',
  score_unchanged: 'The conversation already has this score.',
  version_conflict: 'The conversation has changed since you last saw it.',
} as const

export type RefusalCode = keyof typeof SENTENCES

/** What stands in the way where `not_allowed` can say so. */
const REASONS = {
  may_write: 'Only the assignee, those who follow, and administrators may answer here.',
  may_assign: 'Only the assignee and administrators may reassign this conversation.',
  own_message: 'Only whoever wrote this message may change it.',
  may_ask: 'Only the assignee, those who follow, and administrators may ask for a rating here.',
} as const

export interface Refusal {
  code: RefusalCode
  /** A sentence that can be shown to a person. */
  message: string
  /** Epoch milliseconds from which the same request can succeed; only where a window is meant. */
  retryAt?: number
  /** The conversation that goes on in place of this one; only with `conversation_ended`. */
  continuedIn?: ConversationId
}

export function refusal(code: RefusalCode, retryAt?: number): Refusal {
  const message = SENTENCES[code]
  return retryAt === undefined ? { code, message } : { code, message, retryAt }
}

export function notAllowed(reason: keyof typeof REASONS): Refusal {
  return { code: 'not_allowed', message: REASONS[reason] }
}

/** AP1: whoever made the key reads which scope it lacks. */
export function scopeMissing(scope: Scope): Refusal {
  return { code: 'scope_missing', message: `This key does not have the scope ${scope}.` }
}

/** RT4, MS8: what the channel cannot do; names where the conversation came from instead. */
export function unavailable(code: 'rating_unavailable' | 'edit_unavailable', kind: ChannelKind): Refusal {
  const { message } = refusal(code)
  return { code, message: `${message} This conversation came from ${CAPABILITIES[kind].name}.` }
}

/** CV4: closed for good. */
export function ended(continuedIn: ConversationId | undefined): Refusal {
  return continuedIn === undefined ? refusal('conversation_ended') : { ...refusal('conversation_ended'), continuedIn }
}
