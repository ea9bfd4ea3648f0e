/**
 * What the Worker asks of a conversation object by RPC.
 * Refusals come back as values: an error loses its class on the way.
 */
import type { Envelope } from '../conversation/command.ts'
import type { Entry, Position } from '../conversation/entries.ts'
import type { Cursors, Linked, Origin } from '../conversation/record.ts'
import type { ConversationRow } from '../conversation/row.ts'
import type { Refusal } from '../refusals.ts'
import type { Identity } from './identity.ts'

export interface DispatchCall {
  identity: Identity
  envelope: Envelope
  /** Only with `start`: who the conversation is with. */
  origin?: Origin
}

/** `entries` are cut to the caller's audience; `row` is there for who may know it: agents, keys and the system. */
export type DispatchAnswer =
  | { ok: true; repeated: boolean; entries: Entry[]; row: ConversationRow | null }
  | { ok: false; refusal: Refusal; row: ConversationRow | null }

/** `linked`: what it goes on from and where it goes on (CV4); absent from a version before. */
export type ReadAnswer =
  | { ok: true; row: ConversationRow; cursors: Cursors; linked?: Linked }
  | { ok: false; refusal: Refusal }

export interface PageAsk {
  before?: Position | undefined
  after?: Position | undefined
  /** At most `PAGE_SIZE`. */
  limit?: number | undefined
  /** Leaves the team's log unread, whoever asks: a document for visitors must not depend on a filter. */
  only?: 'public' | undefined
}

export interface Page {
  list: Entry[]
  page: 'before' | 'after'
  next: Position | null
}

/** `epoch`: for assistants, who handles the conversation as of this page (AI3). */
export type PageAnswer = ({ ok: true; epoch?: number } & Page) | { ok: false; refusal: Refusal }
