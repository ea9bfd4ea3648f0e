/** Days of a calendar as spans of time, for reports. Pure. */
import { DAY_MS } from '../durations.ts'

export interface Day {
  /** ISO 8601: `2026-11-21`. */
  date: string
  /** Epoch milliseconds; the day is from `from` on and before `to`. 23 or 25 hours where clocks change. */
  from: number
  to: number
}

/** The newest so many days in a zone, oldest first; the last one is that of `now`. */
export function lastDays(now: number, count: number, timeZone: string): Day[] {
  const today = Date.parse(`${dateIn(now, timeZone)}T00:00:00Z`)
  const dates = Array.from({ length: count + 1 }, (_, at) => today + (at + 1 - count) * DAY_MS)
  const starts = dates.map((midnight) => startIn(midnight, timeZone))
  return dates.slice(0, count).map((midnight, at) => ({
    date: new Date(midnight).toISOString().slice(0, 10),
    from: starts[at] ?? 0,
    to: starts[at + 1] ?? 0,
  }))
}

/** When a day begins in the zone. @param midnight of that date in UTC */
function startIn(midnight: number, timeZone: string): number {
  const first = midnight - offsetAt(midnight, timeZone)
  // Near a change of clocks the offset at UTC's midnight is not the one at the zone's own.
  return midnight - offsetAt(first, timeZone)
}

/** By how much the zone is ahead of UTC at a moment. */
function offsetAt(at: number, timeZone: string): number {
  const second = Math.floor(at / 1_000) * 1_000
  return Date.parse(`${partsIn(second, timeZone)}Z`) - second
}

function dateIn(at: number, timeZone: string): string {
  return partsIn(at, timeZone).slice(0, 10)
}

/** `2026-11-21T14:05:00` */
function partsIn(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return format.format(at).replace(' ', 'T')
}
