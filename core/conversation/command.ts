/** What can be asked of a conversation, and by whom. One shape for sockets, HTTP and RPC. */
import type { BanTold } from '../bans/ban.ts'
import type { Author, ClientId, ConversationId, DeviceId, MemberId } from '../ids.ts'
import type { Refusal, RefusalCode } from '../refusals.ts'
import type { Right, Role } from '../rights.ts'
import type { Scope } from '../scopes.ts'
import type { ConversationEvent, EntryRef, Priority, StatusByHand, TranscriptSettled } from './entries.ts'
import type { Score } from './score.ts'

export type Agent = { kind: 'agent'; member: MemberId; name: string; role: Role; rights?: readonly Right[] }
/** A program with an API key (AP1). */
export type Key = { kind: 'key'; id: string; name: string; scopes: readonly Scope[] }
/** The AI of the channel (AI1): hears what the visitor hears, and is silent while a person handles the conversation. */
export type Assistant = { kind: 'assistant'; id: string; name: string }

/** Who asks, established at the edge and never read from a frame. */
export type Actor =
  | { kind: 'visitor'; device: DeviceId }
  | Agent
  | Key
  | Assistant
  /** Foyer itself, where no person asked. */
  | { kind: 'system' }

export type Command =
  /** The first message makes the conversation: there is no empty one. */
  | { type: 'start'; text: string }
  /**
   * `reopen`: opens it as well, where the policy lets no message of an agent do so by itself (CV4).
   * `epoch`: the assistant alone, and always: who handled the conversation when it looked (AI3).
   */
  | {
      type: 'send_message'
      text: string
      quote?: number | undefined
      reopen?: boolean | undefined
      epoch?: number | undefined
    }
  | { type: 'add_note'; text: string; quote?: EntryRef | undefined }
  /** MS8: one's own, for a while; `ref` is the number of the message. */
  | { type: 'edit_message'; ref: number; text: string }
  /** MS8: one's own for a while; an administrator any, at any time. */
  | { type: 'delete_message'; ref: number }
  /** The agent takes the conversation: assigned to them, active with a human (CV2). */
  | { type: 'accept' }
  /** Whether `to` is a member of the workspace was checked at the edge (CV6). */
  | { type: 'assign'; to: MemberId | null }
  /** A member who was disabled no longer holds it; only the system says so. */
  | { type: 'release'; from: MemberId }
  /** CV10; that they are members was checked at the edge. */
  | { type: 'add_collaborator'; member: MemberId }
  | { type: 'remove_collaborator'; member: MemberId }
  /** CV9 */
  | { type: 'set_priority'; to: Priority }
  /** CV2. `active_ai` gives it to the assistant, from whomever has it (CV6). */
  | { type: 'set_status'; to: StatusByHand }
  /** AI2: the assistant wants a person to take over. */
  | { type: 'hand_off'; epoch: number }
  | { type: 'close' }
  /** CV4: the visitor goes on in this one, which was made for it; only where this one is closed for good. */
  | { type: 'continue_in'; conversation: ConversationId }
  | { type: 'reopen' }
  /**
   * TR1. Whether `from` is a verified address of the workspace was checked at the edge;
   * `name` is shown as the sender.
   */
  | { type: 'send_transcript'; to: string; from: string; name: string }
  | { type: 'retry_transcript'; request: number }
  /** What became of one; only the system says so. */
  | { type: 'settle_transcript'; request: number; to: string; settled: TranscriptSettled }
  /** RT1 */
  | { type: 'request_rating' }
  /** RT5: the visitor's answer to the newest prompt. */
  | { type: 'submit_rating'; score: Score; comment?: string | undefined }
  /** RT8: the team's own; null takes it back. */
  | { type: 'score_conversation'; score: Score | null }
  /** CV12: with the right to; undone by `restore` for half a minute. */
  | { type: 'delete' }
  | { type: 'restore' }
  /** BN1: the contact was banned, or is no longer; the system alone says so. */
  | { type: 'tell_ban'; ban: BanTold }

/** What a rule answers to a command: what happens, or why not. */
export type Verdict<Event extends ConversationEvent = ConversationEvent> = Event[] | RefusalCode | Refusal

export interface Envelope {
  id: ClientId
  /** Set by a writer that may have sent this before, so that an unknown writer is looked for in the logs. */
  retry?: boolean | undefined
  /** Refuse with `version_conflict` unless the conversation is still at this revision. */
  expectedRev?: number | undefined
  /** AP2: what the caller names the request by, and all that was asked; the first answer is given again for a day. */
  idempotency?: { key: string; asked: string } | undefined
  command: Command
}

export function authorOf(actor: Actor): Author {
  switch (actor.kind) {
    case 'visitor':
      return `visitor:${actor.device}`
    case 'agent':
      return `agent:${actor.member}`
    case 'key':
      return `key:${actor.id}`
    case 'assistant':
      return `assistant:${actor.id}`
    case 'system':
      return 'system'
  }
}
