/**
 * Asking for a transcript by mail (TR1, TR4–TR6): how many an hour, what is told of each, and what may be tried again.
 * Pure. How one is sent is the effect's (`effects.ts`); what it says is the document's (`transcript.ts`).
 */
import { HOUR_MS } from '../durations.ts'
import { refusal } from '../refusals.ts'
import type { Command, Verdict } from './command.ts'
import { HAND_OVER_MS } from './effects.ts'
import type { Entry, MessageEntry, PublicEvent, TeamEvent } from './entries.ts'
import { DEFAULT_POLICIES } from './policy.ts'
import type { ConversationRecord } from './record.ts'
import type { Timers } from './timers.ts'

/** TR5: a rolling hour. */
export const TRANSCRIPT_WINDOW_MS = HOUR_MS
/** So many failed ones are remembered as such; whoever wants to send an older one asks anew. */
const FAILED_KEPT = 20

/** What the record keeps of the transcripts that were asked for. */
export interface TranscriptRequests {
  /** The number of the newest; they count from 1. */
  last: number
  /** TR5: who was given a place in the window, and when (epoch milliseconds, oldest first). */
  slots: Array<{ request: number; at: number }>
  /** Those that failed and may be tried again. */
  failed: number[]
}

type Asked = Extract<Command, { type: 'send_transcript' }>
type Settling = Extract<Command, { type: 'settle_transcript' }>

/**
 * @param said any message that stands in the log; null where nothing does
 * Refusals: `transcript_empty`, `too_many_transcripts` with the moment from which the next may be asked for.
 */
export function requested(
  { transcripts, policy }: ConversationRecord,
  { to, from, name }: Asked,
  said: MessageEntry | null,
  now: number,
): Verdict<TeamEvent> {
  if (!said) return 'transcript_empty'
  const most = policy.transcriptsPerHour ?? DEFAULT_POLICIES.transcriptsPerHour
  const held = heldAt(transcripts, now)
  // Whoever leaves next makes room, where the limit was not lowered meanwhile.
  const leaving = held[held.length - most]
  if (leaving) return refusal('too_many_transcripts', leaving.at + TRANSCRIPT_WINDOW_MS)
  return [{ type: 'transcript.requested', body: { request: (transcripts?.last ?? 0) + 1, to, from, name } }]
}

/** TR5: in the place that it has had. Refusals: `transcript_not_failed`. */
export function retried({ transcripts }: ConversationRecord, request: number): Verdict<TeamEvent> {
  return transcripts?.failed.includes(request)
    ? [{ type: 'transcript.retried', body: { request } }]
    : 'transcript_not_failed'
}

/** TR4: the visitor learns that one was sent, the team to whom. */
export function settled({ request, to, settled }: Settling): Array<PublicEvent | TeamEvent> {
  const told: TeamEvent = { type: 'transcript.settled', body: { request, to, ...settled } }
  return settled.outcome === 'sent' ? [{ type: 'transcript.sent', body: {} }, told] : [told]
}

/**
 * What the record keeps after these entries, which the very command wrote;
 * the same where none is about a transcript.
 */
export function requestsAfter(
  record: ConversationRecord,
  entries: readonly Entry[],
  now: number,
): Pick<ConversationRecord, 'transcripts' | 'timers'> {
  return entries.reduce((kept, entry) => after(kept, entry, now), {
    ...(record.transcripts && { transcripts: record.transcripts }),
    timers: record.timers,
  })
}

const NONE: TranscriptRequests = { last: 0, slots: [], failed: [] }

function after(
  kept: Pick<ConversationRecord, 'transcripts' | 'timers'>,
  entry: Entry,
  now: number,
): Pick<ConversationRecord, 'transcripts' | 'timers'> {
  const { transcripts = NONE, timers } = kept
  const { slots, failed } = transcripts
  switch (entry.type) {
    case 'transcript.requested': {
      const { request } = entry.body
      const taken = [...heldAt(transcripts, now), { request, at: now }]
      return { transcripts: { last: request, slots: taken, failed }, timers: looked(timers, now) }
    }
    case 'transcript.retried': {
      const others = failed.filter((request) => request !== entry.body.request)
      return { transcripts: { ...transcripts, failed: others }, timers: looked(timers, now) }
    }
    case 'transcript.settled': {
      const { request, outcome, mayRetry } = entry.body
      if (outcome !== 'failed') return kept
      if (mayRetry) return { transcripts: { ...transcripts, failed: [...failed, request].slice(-FAILED_KEPT) }, timers }
      // TR5: certainly not sent, and never will be: its place is somebody else's.
      return { transcripts: { ...transcripts, slots: slots.filter((slot) => slot.request !== request) }, timers }
    }
    default:
      return kept
  }
}

/**
 * The places that are taken at a moment.
 * One from further ahead than the window is of a clock that has since gone back.
 */
function heldAt(transcripts: TranscriptRequests | undefined, now: number): TranscriptRequests['slots'] {
  const slots = (transcripts?.slots ?? []).filter(({ at }) => Math.abs(now - at) < TRANSCRIPT_WINDOW_MS)
  return slots.sort((a, b) => a.at - b.at)
}

/** A promise has to be looked at again, should nobody set about it. */
function looked(timers: Timers, now: number): Timers {
  return { ...timers, effects: Math.min(timers.effects ?? Number.POSITIVE_INFINITY, now + HAND_OVER_MS) }
}
