/**
 * What a conversation has to do later, and when. Pure: the object has one alarm for all of it and arms it lazily, which
 * means that it may go off early and is then set to what is next. An alarm costs as much as a row written.
 */
import { liftsAt } from '../bans/ban.ts'
import { MINUTE_MS } from '../durations.ts'
import { isFinal, undoneUntil } from './deletion.ts'
import type { ConversationRecord } from './record.ts'

/** Epoch milliseconds of what was asked for last; one in the past is not pending. */
export interface Timers {
  /** When to look whether the inbox was told everything. */
  drain: number
  /** What the one alarm is set to. */
  alarm: number
  /** When to look after what was promised (`effects.ts`); absent where nothing is under way. */
  effects?: number
}

/** When the safety alarm looks whether everything was told. */
export const SAFETY_MS = MINUTE_MS
/** An alarm that is set to now, or to the past, may stay silent. */
export const SOONEST_MS = 1_000

/** What is due by itself: to be closed after a silence (CV13), or to be gone for good (CV12). */
export type Due = 'close' | 'purge'

/** CV13: silence counts from the newest public entry, so that reopening begins it anew. Null: never by itself. */
export function closesAt(record: ConversationRecord): number | null {
  const { closeAfterMs } = record.policy
  if (closeAfterMs === null || record.public.status === 'closed' || record.team.deletion !== null) return null
  return record.public.lastAt + closeAfterMs
}

export function dueNow(record: ConversationRecord, now: number): Due | null {
  if (isFinal(record, now)) return 'purge'
  const closes = closesAt(record)
  return closes !== null && closes <= now ? 'close' : null
}

/** The earliest of what is still to come, or null. A purge that has begun is driven by its own attempts. */
export function nextTimer(record: ConversationRecord, now: number): number | null {
  const times = [closesAt(record), liftsAt(record.bans)]
  if (record.timers.drain > now) times.push(record.timers.drain)
  if (record.team.deletion !== null && record.purge === null) times.push(undoneUntil(record.team.deletion))
  // While it is being deleted nothing leaves it; what is restored goes on.
  if (record.team.deletion === null && record.timers.effects !== undefined) times.push(record.timers.effects)
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

/**
 * The timers after a change of the record, which has to be told to the inbox.
 * @returns `set` where the alarm has to be asked for: it is not pending, or would come too late
 */
export function armed(record: ConversationRecord, now: number): { timers: Timers; set: boolean } {
  const { timers } = record
  // Further ahead than it is ever set to can only be a clock that has since gone back.
  const pending = timers.drain > now && timers.drain <= now + SAFETY_MS
  const drain = pending ? timers.drain : now + SAFETY_MS
  const next = nextTimer(pending ? record : { ...record, timers: { ...timers, drain } }, now) ?? drain
  if (timers.alarm > now && timers.alarm <= Math.max(next, now + SOONEST_MS))
    return { timers: pending ? timers : { ...timers, drain }, set: false }
  return { timers: { ...timers, drain, alarm: Math.max(next, now + SOONEST_MS) }, set: true }
}
