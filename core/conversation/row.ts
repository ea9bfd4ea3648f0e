/** A conversation as one line of the inbox: what is told to the inbox object and indexed in D1. Team only. */
import type { Author, ChannelId, ContactId, ConversationId, DeviceId, MemberId, WorkspaceId } from '../ids.ts'
import { DEFAULT_PRIORITY, type Entry, type Priority, type Status } from './entries.ts'
import { type CountedRating, countedRating } from './rating.ts'
import { type ConversationRecord, NO_SOURCE, type Source } from './record.ts'
import type { RatingAsk, TeamScore } from './state.ts'

export interface ConversationRow {
  id: ConversationId
  workspace: WorkspaceId
  /** A row of a higher revision replaces one of a lower, never the other way round. */
  rev: number
  channel: ChannelId
  contact: ContactId
  device: DeviceId
  status: Status
  assignee: MemberId | null
  priority: Priority
  /** Members who follow (CV10). */
  collaborators: MemberId[]
  /** Members who had it and do not have it now (CV7). */
  formerAssignees: MemberId[]
  startedAt: number
  /** Time of the newest message, what the list is sorted by; the start's time before any. */
  lastMessageAt: number
  lastMessage: { author: Author; text: string; at: number } | null
  visitorMessages: number
  /** The newest public number. */
  head: number
  source: Source
  /** CV12: being deleted since; such a row is in no list. */
  deletedAt: number | null
  /** The score that counts (RT8); absent where there is none. */
  rating?: CountedRating
  /** For the report (RT9): every ask and its answer; absent where nobody asked. */
  asks?: RatingAsk[]
  /** The team's own; absent where it gave none. */
  teamScore?: TeamScore
}

/** What lists must show within seconds: anything but one more message or note. */
export function isUrgent(entry: Entry): boolean {
  return entry.type !== 'message.created' && entry.type !== 'note.created'
}

export function rowOf(record: ConversationRecord): ConversationRow {
  const last = record.team.lastMessage
  const rating = countedRating(record)
  return {
    id: record.id,
    workspace: record.workspace,
    rev: record.team.rev,
    channel: record.channel,
    contact: record.contact,
    device: record.device,
    status: record.public.status,
    assignee: record.team.assignee,
    priority: record.team.priority,
    collaborators: record.team.collaborators,
    formerAssignees: record.team.formerAssignees,
    startedAt: record.public.startedAt,
    lastMessageAt: last?.at ?? record.public.startedAt,
    lastMessage: last && { author: last.author, text: last.text, at: last.at },
    visitorMessages: record.team.visitorMessages,
    head: record.public.head,
    source: record.source,
    deletedAt: record.team.deletion?.at ?? null,
    ...(rating && { rating }),
    ...(record.team.asks && { asks: record.team.asks }),
    ...(record.team.score && { teamScore: record.team.score }),
  }
}

/** A row that was written by any earlier version, as one of today: what was added since has its beginning. */
export function completed(row: ConversationRow): ConversationRow {
  return {
    ...row,
    priority: row.priority ?? DEFAULT_PRIORITY,
    collaborators: row.collaborators ?? [],
    formerAssignees: row.formerAssignees ?? [],
    source: { ...NO_SOURCE, ...row.source },
    deletedAt: row.deletedAt ?? null,
  }
}
