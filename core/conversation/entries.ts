/**
 * What stands in a conversation's two logs. Audience is decided by the type of an entry and by nothing else:
 * public entries are numbered for everybody, team entries have numbers of their own, so that a visitor can
 * neither read a note nor count it (DL3). An entry, once appended, keeps its number for ever.
 */
import type { BanKind, BanScope } from '../bans/ban.ts'
import type { Author, ClientId, ConversationId, MemberId } from '../ids.ts'
import type { Score, Skin } from './score.ts'

/** Rule CV2. `awaiting_offline_info` is reached once AI5 is built. */
export const STATUSES = ['active_ai', 'waiting_human', 'active_human', 'awaiting_offline_info', 'closed'] as const
export type Status = (typeof STATUSES)[number]

/** CV2: what the team may set by hand; `active_ai` only where the channel has an assistant. */
export const STATUSES_BY_HAND = ['waiting_human', 'active_human', 'active_ai', 'closed'] as const satisfies Status[]
export type StatusByHand = (typeof STATUSES_BY_HAND)[number]

/** CV9, from the least to the most pressing. */
export const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]
export const DEFAULT_PRIORITY: Priority = 'medium'

/** Points at an entry: a number of the public log, or `t` and a number of the team log. */
export type EntryRef = number | `t${number}`

export type PublicEvent =
  /** Edited and deleted in place: `text` is what it says now, empty once deleted. The old text is nowhere (MS8). */
  | { type: 'message.created'; body: { text: string; quote?: number; editedAt?: number; deletedAt?: number } }
  /** The log keeps `ref` alone; on its way out it is given the text that the message has by then. */
  | { type: 'message.edited'; body: { ref: number; text: string } }
  | { type: 'message.deleted'; body: { ref: number } }
  /** `from` is null for the very first entry, which says that the conversation started, and which one it continues. */
  | { type: 'conversation.status_changed'; body: { from: Status | null; to: Status; continues?: ConversationId } }
  /** It is closed for good, and the visitor went on in another (CV4). */
  | { type: 'conversation.continued'; body: { in: ConversationId } }
  /** An agent began to serve the visitor, or took over from another; the name is the one shown to visitors. */
  | { type: 'agent.joined'; body: { name: string } }
  /** RT1, by the system whoever asked. `until`: how long an answer may be changed, epoch milliseconds. */
  | { type: 'rating.prompted'; body: { skin: Skin; until: number } }
  /** RT5: `prompt` is the number of the prompt that it answers. A later one for the same prompt replaces it. */
  | { type: 'rating.submitted'; body: { prompt: number; score: Score; comment?: string } }
  /** TR4: a transcript was mailed; to whom is the team's to know. */
  | { type: 'transcript.sent'; body: Record<never, never> }

/**
 * TR4, TR6: what became of a transcript. `reason` is a sentence; `mayRetry` where the same may succeed later. What is
 * unknown may have arrived, and may turn out to have been sent or to have failed.
 */
export interface TranscriptSettled {
  outcome: 'sent' | 'failed' | 'unknown'
  reason?: string
  mayRetry?: boolean
}

export type TeamEvent =
  | { type: 'note.created'; body: { text: string; quote?: EntryRef } }
  | { type: 'conversation.assigned'; body: { from: MemberId | null; to: MemberId | null } }
  | { type: 'conversation.priority_changed'; body: { from: Priority; to: Priority } }
  | { type: 'collaborator.added'; body: { member: MemberId } }
  | { type: 'collaborator.removed'; body: { member: MemberId } }
  /** CV12: hidden from now on, and gone for good unless it is restored in time. */
  | { type: 'conversation.deleted'; body: Record<never, never> }
  | { type: 'conversation.restored'; body: Record<never, never> }
  /** TR1: somebody asked for a transcript by mail, of what was said until then. Requests count from 1. */
  | { type: 'transcript.requested'; body: { request: number; to: string; from: string; name: string } }
  /** Tried again, after it had failed. */
  | { type: 'transcript.retried'; body: { request: number } }
  | { type: 'transcript.settled'; body: { request: number; to: string } & TranscriptSettled }
  /** BN1 (bannedVisitor); `by` did it, and `until` it lifts itself. Why stands in no log. */
  | { type: 'contact.banned'; body: { by: Author; scope: BanScope; kind: BanKind; until: number | null } }
  /** BN1 (unbannedVisitor) */
  | { type: 'contact.unbanned'; body: { by: Author; scope: BanScope } }
  /** RT2: who asked; the prompt follows it. */
  | { type: 'rating.requested'; body: Record<never, never> }
  /** RT8: what the team itself thinks. */
  | { type: 'rating.scored'; body: { from: Score | null; to: Score | null } }

/** What happens, before it is numbered and timed. */
export type ConversationEvent = PublicEvent | TeamEvent

interface Stamp {
  /** Dense within its log, from 1. */
  n: number
  /** Epoch milliseconds; never smaller than the entry before it. */
  at: number
  author: Author
  /** The writer's own id of the command; visitors receive it on their own entries only. */
  clientId?: ClientId
}

export type PublicEntry = Stamp & PublicEvent
export type MessageEntry = Extract<PublicEntry, { type: 'message.created' }>
/** `after` is the public number it follows in the timeline. */
export type TeamEntry = Stamp & { after: number } & TeamEvent
export type Entry = PublicEntry | TeamEntry

export function isTeam(entry: Entry): entry is TeamEntry {
  return 'after' in entry
}

/** How far a reader has got. Visitors have no team position. */
export interface Position {
  public: number
  team?: number | undefined
}

/** Timeline order: by public number, team entries after the public entry they follow. */
export function compareEntries(a: Entry, b: Entry): number {
  const publicA = isTeam(a) ? a.after : a.n
  const publicB = isTeam(b) ? b.after : b.n
  return publicA - publicB || (isTeam(a) ? a.n : 0) - (isTeam(b) ? b.n : 0)
}
