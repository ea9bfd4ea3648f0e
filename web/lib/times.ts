/** Times as people read them, in the reader's own zone and language. All arguments are epoch milliseconds. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/durations.ts'

// Making a formatter costs far more than using one, and a long timeline uses it hundreds of times.
const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const fullDate = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const dateThisYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const shortDateWithYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' })
const relativeDay = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const relativeShort = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' })

/** "14:05" or "2:05 PM". */
export function timeOfDay(at: number): string {
  return clock.format(at)
}

/** Date and time in full, for tooltips. */
export function exactTime(at: number): string {
  return exact.format(at)
}

/** "Today", "Yesterday", "Monday 2 March", and with the year where it is another one. */
export function dayLabel(at: number, now: number = Date.now()): string {
  const days = dayNumber(now) - dayNumber(at)
  if (days === 0 || days === 1) return capitalised(relativeDay.format(-days, 'day'))
  return (sameYear(at, now) ? dateThisYear : fullDate).format(at)
}

/** "now", "5m ago", "3h ago" within a day, then "2 Mar", and with the year where it is another one. */
export function relativeTime(at: number, now: number = Date.now()): string {
  const past = Math.max(0, now - at)
  if (past < MINUTE_MS) return relativeShort.format(0, 'second')
  if (past < HOUR_MS) return relativeShort.format(-Math.floor(past / MINUTE_MS), 'minute')
  if (past < DAY_MS) return relativeShort.format(-Math.floor(past / HOUR_MS), 'hour')
  return (sameYear(at, now) ? shortDate : shortDateWithYear).format(at)
}

/** Whether two moments lie on the same day of the reader's calendar. */
export function sameDay(a: number, b: number): boolean {
  return dayNumber(a) === dayNumber(b)
}

/** Days of the reader's calendar, counted as if they were days of UTC: clock changes do not make one longer. */
function dayNumber(at: number): number {
  const date = new Date(at)
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear()
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}
