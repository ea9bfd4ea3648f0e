/**
 * What the consumers of queues ask of a conversation, and tell it (TR6).
 * The Worker's own: no client has a part in it.
 */
import type { EffectOutcome } from '../conversation/effects.ts'
import type { ContactId, ConversationId, WorkspaceId } from '../ids.ts'
import type { Identity } from './identity.ts'

/** What a queue is given: ids, and nothing that could be read in it. */
export interface TranscriptJob {
  conversation: ConversationId
  /** Requests of a conversation count from 1. */
  request: number
}

export type EffectCall =
  | { do: 'claim'; request: number }
  /** `claim`: the number that the claim was given; what another has to tell counts no more. */
  | { do: 'tell'; request: number; claim: number; outcome: EffectOutcome }
  /** For agents and keys who may see the conversation. */
  | { do: 'list'; as: Identity }

export type EffectAnswer =
  | { ok: true; job: ClaimedTranscript }
  | { ok: true; list: TranscriptState[] }
  | { ok: true }
  /** It is settled, or somebody else's, or there is no such thing: there is nothing to do. */
  | { ok: false }

export interface ClaimedTranscript {
  claim: number
  workspace: WorkspaceId
  contact: ContactId
  to: string
  from: string
  /** Shown as the sender. */
  name: string
  /** TR7: entries up to this public number. */
  until: number
}

/** A transcript that was asked for, and what became of it. */
export interface TranscriptState {
  request: number
  to: string
  from: string
  name: string
  /** Who asked. */
  by: string
  at: number
  state: 'pending' | 'running' | 'done' | 'failed' | 'unknown'
  /** A sentence; null where there is nothing to say. */
  reason: string | null
  mayRetry: boolean
}
