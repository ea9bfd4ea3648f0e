/** Moments in a sentence or in little room. Apart from `times.ts`: that one the widget ships, whole. */
import { DAY_MS, SECOND_MS } from '../../core/durations.ts'
import { timeOfDay } from './times.ts'

const SOON_MS = 90 * SECOND_MS

const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Date and time where there is little room: "3 May 2026, 14:05". */
export function dateAndTime(at: number): string {
  return short.format(at)
}

/** A future moment inside a sentence: "in 40 seconds", "at 14:05", "on 3 May 2026, 14:05". */
export function momentOf(at: number, now: number = Date.now()): string {
  const left = at - now
  if (left <= SECOND_MS) return 'now'
  if (left < SOON_MS) return `in ${Math.ceil(left / SECOND_MS)} seconds`
  return left < DAY_MS ? `at ${timeOfDay(at)}` : `on ${dateAndTime(at)}`
}
