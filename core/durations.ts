/**
 * Spans of time in milliseconds, so that a number says what it is. A day has 24 hours here: where a calendar counts the
 * days, `reports/days.ts` asks a time zone.
 */
export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
