/** What can be asked of a conversation, and by whom. One shape for sockets, HTTP and RPC. */
import type { Author, ClientId, DeviceId, MemberId } from '../ids.ts'
import type { EntryRef } from './entries.ts'

/** Who asks, established at the edge and never read from a frame. */
export type Actor = { kind: 'visitor'; device: DeviceId } | { kind: 'agent'; member: MemberId; name: string }

export type Command =
  /** The first message makes the conversation: there is no empty one. */
  | { type: 'start'; text: string }
  | { type: 'send_message'; text: string; quote?: number | undefined }
  | { type: 'add_note'; text: string; quote?: EntryRef | undefined }
  /** The agent takes the conversation: assigned to them, active with a human (CV2). */
  | { type: 'accept' }
  /** Whether `to` is a member of the workspace was checked at the edge (CV6). */
  | { type: 'assign'; to: MemberId | null }
  /** CV2: the statuses an agent may set by hand. */
  | { type: 'set_status'; to: 'waiting_human' | 'active_human' | 'closed' }
  | { type: 'close' }
  | { type: 'reopen' }

export interface Envelope {
  id: ClientId
  /** Set by a writer that may have sent this before, so that an unknown writer is looked for in the logs. */
  retry?: boolean | undefined
  /** Refuse with `version_conflict` unless the conversation is still at this revision. */
  expectedRev?: number | undefined
  command: Command
}

export function authorOf(actor: Actor): Author {
  return actor.kind === 'visitor' ? `visitor:${actor.device}` : `agent:${actor.member}`
}
