/** A conversation as one line of the inbox: what is told to the inbox object and indexed in D1. Team only. */
import type { Author, ChannelId, ContactId, ConversationId, DeviceId, MemberId, WorkspaceId } from '../ids.ts'
import type { Status } from './entries.ts'
import type { ConversationRecord, Source } from './record.ts'

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
  startedAt: number
  /** Time of the newest message, what the list is sorted by; the start's time before any. */
  lastMessageAt: number
  lastMessage: { author: Author; text: string; at: number } | null
  visitorMessages: number
  /** The newest public number. */
  head: number
  source: Source
}

export function rowOf(record: ConversationRecord): ConversationRow {
  return {
    id: record.id,
    workspace: record.workspace,
    rev: record.team.rev,
    channel: record.channel,
    contact: record.contact,
    device: record.device,
    status: record.public.status,
    assignee: record.team.assignee,
    startedAt: record.public.startedAt,
    lastMessageAt: record.team.lastMessage?.at ?? record.public.startedAt,
    lastMessage: record.team.lastMessage,
    visitorMessages: record.team.visitorMessages,
    head: record.public.head,
    source: record.source,
  }
}
