/**
 * Limits on attempts at secrets, and on mails that somebody can cause, kept in D1 so that they hold across the edge.
 * One atomic statement each, as GCRA: so many at once, then one in every so much time.
 */
import type { Limit } from '../../core/conversation/limits.ts'
import { MINUTE_MS, SECOND_MS } from '../../core/durations.ts'
import { problem } from '../problem.ts'

/** Passwords: of one account from anywhere, and of any from one address. */
export const SIGN_IN_PER_EMAIL: Limit = { burst: 8, everyMs: MINUTE_MS }
export const SIGN_IN_PER_IP: Limit = { burst: 60, everyMs: 10 * SECOND_MS }
/** Set-up, invitation and reset links: their secrets cannot be guessed, but trying must not be free. */
export const LINKS_PER_IP: Limit = { burst: 60, everyMs: 5 * SECOND_MS }
/** Mails that somebody else can cause: to one address, and from one. */
export const RESET_MAILS_PER_EMAIL: Limit = { burst: 3, everyMs: 20 * MINUTE_MS }
export const RESET_MAILS_PER_IP: Limit = { burst: 20, everyMs: 3 * MINUTE_MS }
export const INVITATION_MAILS_PER_WORKSPACE: Limit = { burst: 50, everyMs: MINUTE_MS }
/** Codes that verify a sender: each goes to a mailbox that may be somebody else's. */
export const CODES_PER_ADDRESS: Limit = { burst: 3, everyMs: 5 * MINUTE_MS }
export const CODES_PER_WORKSPACE: Limit = { burst: 20, everyMs: 3 * MINUTE_MS }
/** TR8. Of a recipient across all workspaces: it is one mailbox, whoever writes to it. */
export const TRANSCRIPTS_PER_RECIPIENT: Limit = { burst: 20, everyMs: 3 * MINUTE_MS }
export const TRANSCRIPTS_PER_CALLER: Limit = { burst: 60, everyMs: MINUTE_MS }
export const TRANSCRIPTS_PER_WORKSPACE: Limit = { burst: 300, everyMs: 12 * SECOND_MS }
export const SMTP_TESTS_PER_WORKSPACE: Limit = { burst: 10, everyMs: MINUTE_MS }

// Like `take` in core: an arrival further ahead than a full window comes from a clock that has since gone back.
const FROM = 'CASE WHEN arrival > ?2 + ?4 THEN ?2 ELSE max(arrival, ?2) END'
const TAKE = `INSERT INTO throttles (key, arrival) VALUES (?1, ?2 + ?3)
  ON CONFLICT (key) DO UPDATE SET arrival = ${FROM} + ?3 WHERE ${FROM} + ?3 - ?2 <= ?4
  RETURNING arrival`

/**
 * Takes one attempt.
 * @param sentence what is said instead of the usual
 * @throws Problem `too_many_attempts` with the moment from which the next one is allowed
 */
export async function throttle(
  db: D1Database,
  limit: Limit,
  key: string,
  now: number,
  sentence?: string,
): Promise<void> {
  const window = limit.burst * limit.everyMs
  const taken = await db.prepare(TAKE).bind(key, now, limit.everyMs, window).first()
  if (taken) return
  const held = await db.prepare('SELECT arrival FROM throttles WHERE key = ?1').bind(key).first<{ arrival: number }>()
  throw problem('too_many_attempts', { retryAt: (held?.arrival ?? now) + limit.everyMs - window }, sentence)
}
