/** What D1 need not keep for ever, swept by the cron. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/durations.ts'

/** PR3: how long the audit log tells of a change: a year, and a month to look back on it. */
export const AUDIT_KEPT_MS = 400 * DAY_MS
/** Rows of a kind at once: a statement must not hold up the database. What is left waits for the next time. */
export const SWEPT_AT_ONCE = 1_000

// A limit that has refilled is as good as none.
const THROTTLES = 'DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE arrival < ?1 LIMIT ?2)'
// By workspace, as its index is: otherwise all of the log would be read to find what is old.
export const AUDIT_SWEEP = `DELETE FROM audit_log WHERE id IN (
    SELECT old.id FROM workspaces w CROSS JOIN audit_log old ON old.workspace_id = w.id AND old.at < ?1 LIMIT ?2
  )`

/** Once an hour, of a cron that comes every minute. */
export function isTimeToSweep(now: number): boolean {
  return now % HOUR_MS < MINUTE_MS
}

/** Deletes at most so many rows of each kind. */
export async function sweep(d1: D1Database, now: number): Promise<void> {
  await d1.batch([
    d1.prepare(THROTTLES).bind(now, SWEPT_AT_ONCE),
    d1.prepare(AUDIT_SWEEP).bind(now - AUDIT_KEPT_MS, SWEPT_AT_ONCE),
  ])
}
