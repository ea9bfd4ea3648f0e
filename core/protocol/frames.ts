/**
 * The frames of a conversation's socket, for visitors and agents alike. What a client sends is parsed here, once;
 * what the server sends is typed here and trusted by clients. `docs/protocol.md` tells the same in prose.
 */
import { z } from 'zod'
import type { Command } from '../conversation/command.ts'
import { type Entry, type EntryRef, type Position, PRIORITIES, STATUSES_BY_HAND } from '../conversation/entries.ts'
import type { PolicyView } from '../conversation/policy.ts'
import type { Cursors } from '../conversation/record.ts'
import { SCORES } from '../conversation/score.ts'
import type { ConversationState } from '../conversation/state.ts'
import { type Author, type ClientId, isClientId, type MemberId } from '../ids.ts'
import type { Refusal } from '../refusals.ts'

/** Bytes; a longer frame is answered with an error before it is parsed. */
export const FRAME_MAX = 32 * 1024
/** Entries in a page, and in what a welcome brings. */
export const PAGE_SIZE = 200

export const ClientIdSchema = z.string().refine(isClientId, 'a client id looks like "instance:1"')

// Length is a rule of the conversation (a refusal), not of the frame (an error): only absurd sizes stop here.
const text = z.string()
const publicRef = z.int().min(1)
const teamRef = z.custom<EntryRef>((value) => typeof value === 'string' && /^t[1-9][0-9]{0,14}$/.test(value))

/**
 * The commands that a socket may carry. Starting, assigning and collaborators go over HTTP: they need checks outside.
 */
const SocketCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('send_message'),
    text,
    quote: publicRef.optional(),
    reopen: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('add_note'), text, quote: z.union([publicRef, teamRef]).optional() }),
  z.strictObject({ type: z.literal('edit_message'), ref: publicRef, text }),
  z.strictObject({ type: z.literal('delete_message'), ref: publicRef }),
  z.strictObject({ type: z.literal('accept') }),
  z.strictObject({ type: z.literal('set_status'), to: z.enum(STATUSES_BY_HAND) }),
  z.strictObject({ type: z.literal('set_priority'), to: z.enum(PRIORITIES) }),
  z.strictObject({ type: z.literal('request_rating') }),
  z.strictObject({ type: z.literal('submit_rating'), score: z.literal(SCORES), comment: text.optional() }),
  z.strictObject({ type: z.literal('score_conversation'), score: z.literal(SCORES).nullable() }),
  z.strictObject({ type: z.literal('close') }),
  z.strictObject({ type: z.literal('reopen') }),
])

const position = z.strictObject({ public: z.int().min(0), team: z.int().min(0).optional() })

const ClientFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('command'),
    id: ClientIdSchema,
    retry: z.boolean().optional(),
    expectedRev: z.int().min(0).optional(),
    command: SocketCommand,
  }),
  /** Everything up to this public number has been on the reader's screen. */
  z.strictObject({ type: z.literal('seen'), public: z.int().min(0) }),
  /** DL7: the reader is writing, or stopped. Repeated every few seconds while it goes on. */
  z.strictObject({ type: z.literal('typing'), in: z.enum(['reply', 'note']).nullable() }),
  z.strictObject({ type: z.literal('more'), before: position.optional(), after: position.optional() }),
])

export type ClientFrame = z.infer<typeof ClientFrameSchema>
/** A command that may be sent over a socket. */
export type SocketCommand = Extract<ClientFrame, { type: 'command' }>['command'] & Command

export type FrameFault = 'frame_too_large' | 'frame_not_json' | 'frame_invalid'

export const FRAME_FAULTS: Record<FrameFault, string> = {
  frame_too_large: 'This was too large to be read: at most 32 KiB.',
  frame_not_json: 'This could not be read: it is not JSON.',
  frame_invalid: 'This could not be understood: unknown type, or a field that is missing, wrong or too much.',
}

/** A frame that could not be read; `id` where a faulty command still names itself. */
export interface Faulty {
  fault: FrameFault
  id?: string
}

/** How its writer is told. */
export function faultFrame({ fault, id }: Faulty): ServerFrame {
  return { type: 'error', code: fault, message: FRAME_FAULTS[fault], ...(id === undefined ? {} : { id }) }
}

/** Reads one frame, or says what is wrong with it. */
export function parseClientFrame(data: string | ArrayBuffer): ClientFrame | Faulty {
  if (typeof data !== 'string') return { fault: data.byteLength > FRAME_MAX ? 'frame_too_large' : 'frame_not_json' }
  // A UTF-16 unit is at most three bytes of UTF-8, so a short text need not be measured.
  if (data.length > FRAME_MAX || (data.length * 3 > FRAME_MAX && byteLength(data) > FRAME_MAX))
    return { fault: 'frame_too_large' }
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    return { fault: 'frame_not_json' }
  }
  if (isPlainMessage(json)) return json
  const parsed = ClientFrameSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const named = z.object({ id: z.string().max(64) }).safeParse(json)
  return named.success ? { fault: 'frame_invalid', id: named.data.id } : { fault: 'frame_invalid' }
}

type PlainMessage = { type: 'command'; id: ClientId; command: { type: 'send_message'; text: string } }

/**
 * What nearly every frame is, read without the schema: that takes longer than deciding does. A test holds the two
 * against each other.
 */
function isPlainMessage(json: unknown): json is PlainMessage {
  if (!hasOnly(json, 3) || json['type'] !== 'command') return false
  const { id, command } = json
  if (typeof id !== 'string' || !isClientId(id) || !hasOnly(command, 2)) return false
  return command['type'] === 'send_message' && typeof command['text'] === 'string'
}

function hasOnly(json: unknown, keys: number): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && Object.keys(json).length === keys
}

function byteLength(text: string): number {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}

/** An agent who has the conversation open, in at least one tab. */
export interface Present {
  member: MemberId
  name: string
}

export type ServerFrame =
  /** First frame of a connection: what the conversation is now. Entries follow as pages. */
  | {
      type: 'welcome'
      you: Author
      head: Position
      state: ConversationState
      cursors: Cursors
      policy: PolicyView
      /** Agents only: who has the conversation open (CV14). */
      present?: Present[]
    }
  /**
   * Entries in timeline order. Live ones have no `page`; the one that carries the id of a command is its
   * acknowledgement, and a command sent again gets its entry again. A page is older (`before`) or newer (`after`)
   * history; its `next` is the position to ask on from, null where that side is exhausted.
   */
  | { type: 'entries'; list: Entry[]; page?: 'before' | 'after'; next?: Position | null }
  | ({ type: 'refused'; id: string } & Refusal)
  | { type: 'cursors'; cursors: Cursors }
  /** An administrator decided anew: what holds from now on. */
  | { type: 'policy'; policy: PolicyView }
  /**
   * DL7: somebody else is writing, or stopped. Good for a few seconds; never stored. Visitors learn of replies alone.
   */
  | { type: 'signal'; from: Author; name: string | null; typing: 'reply' | 'note' | null }
  /** Agents only: who has the conversation open now. */
  | { type: 'present'; list: Present[] }
  | { type: 'error'; code: FrameFault; message: string; id?: string }
