import { createSignal } from 'solid-js'
import { REASON_MAX } from '../../../core/bans/ban.ts'
import { DAY_MS, HOUR_MS } from '../../../core/durations.ts'

/** How long a ban may hold; `date` asks for one. */
export const TERMS = [
  { value: 'never', label: 'Until somebody lifts it', ms: null },
  { value: 'hour', label: 'For an hour', ms: HOUR_MS },
  { value: 'day', label: 'For a day', ms: DAY_MS },
  { value: 'week', label: 'For a week', ms: 7 * DAY_MS },
  { value: 'month', label: 'For 30 days', ms: 30 * DAY_MS },
  { value: 'date', label: 'Until a date…', ms: null },
] as const

/** Why, and for how long: what every ban is asked for (BN4). */
export function createTerms() {
  const [choice, choose] = createSignal('never')
  const [date, setDate] = createSignal('')
  const [reason, setReason] = createSignal('')
  const dateAt = () => new Date(date()).getTime()

  return {
    ...{ choice, choose, date, setDate, reason, setReason },
    /** Sentences for what cannot be sent as it is. */
    faults: () => ({
      expiresAt:
        choice() === 'date' &&
        !(dateAt() > Date.now()) &&
        (date() === '' ? 'Choose a date.' : 'Choose a date that is still to come.'),
      reason: reason().trim().length > REASON_MAX && `A reason has at most ${REASON_MAX} characters.`,
    }),
    values: () => {
      const ms = TERMS.find(({ value }) => value === choice())?.ms ?? null
      const until = ms === null ? null : Date.now() + ms
      return { reason: reason().trim(), expiresAt: choice() === 'date' ? dateAt() : until }
    },
  }
}

export type Terms = ReturnType<typeof createTerms>
