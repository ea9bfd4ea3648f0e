/** The flood limits (DL9) in people's numbers: how many at once, and how many then. */
import { FLOOD_LIMITS, type FloodLimits } from '../../../core/conversation/limits.ts'
import { HOUR_MS, SECOND_MS } from '../../../core/durations.ts'

export interface LimitField {
  label: string
  hint: string
  /** The least is 1. A rate is kept as the pause between two, which tells it back exactly only up to here. */
  max: number
  of(limits: FloodLimits): number
  with(limits: FloodLimits, value: number): FloodLimits
}

/** Four numbers, which together are the limits. */
export const LIMIT_FIELDS: readonly LimitField[] = [
  {
    label: 'At once',
    hint: 'Messages in one go.',
    max: 1_000,
    of: ({ quick }) => quick.burst,
    with: (limits, burst) => ({ ...limits, quick: { ...limits.quick, burst } }),
  },
  {
    label: 'Then per second',
    hint: 'While it goes on.',
    max: 30,
    of: ({ quick }) => rate(SECOND_MS, quick.everyMs),
    with: (limits, perSecond) => ({
      ...limits,
      quick: { ...limits.quick, everyMs: Math.round(SECOND_MS / perSecond) },
    }),
  },
  {
    label: 'In a long conversation',
    hint: 'Messages before it slows down.',
    max: 10_000,
    of: ({ lasting }) => lasting.burst,
    with: (limits, burst) => ({ ...limits, lasting: { ...limits.lasting, burst } }),
  },
  {
    label: 'Then per hour',
    hint: 'However long it goes on.',
    max: 1_800,
    of: ({ lasting }) => rate(HOUR_MS, lasting.everyMs),
    with: (limits, perHour) => ({ ...limits, lasting: { ...limits.lasting, everyMs: Math.round(HOUR_MS / perHour) } }),
  },
]

/** Whole, unless it is less than one. */
function rate(spanMs: number, everyMs: number): number {
  return everyMs > spanMs ? Math.round((100 * spanMs) / everyMs) / 100 : Math.round(spanMs / everyMs)
}

/** What is wrong with what was typed, as a sentence. */
export function limitFault(field: LimitField, text: string, limits: FloodLimits): string | undefined {
  if (!/^\d{1,9}$/.test(text)) return 'Enter a whole number.'
  const value = Number(text)
  if (value < 1 || value > field.max) return `Enter a number from 1 to ${field.max.toLocaleString()}.`
  const { quick, lasting } = field.with(limits, value)
  if (quick.burst > lasting.burst) return 'In a long conversation there must be at least as many as at once.'
  return undefined
}

/** Whether they are what Foyer recommends, as far as the numbers tell. */
export function isRecommended(limits: FloodLimits): boolean {
  return LIMIT_FIELDS.every((field) => field.of(limits) === field.of(FLOOD_LIMITS))
}

/** "20 at once, then 2 a second; 200 in a long conversation, then 200 an hour" */
export function limitsText(limits: FloodLimits): string {
  const [atOnce, perSecond, inAll, perHour] = LIMIT_FIELDS.map((field) => field.of(limits).toLocaleString())
  return `${atOnce} at once, then ${perSecond} a second; ${inAll} in a long conversation, then ${perHour} an hour`
}
