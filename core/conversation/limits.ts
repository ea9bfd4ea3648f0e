/**
 * Rate limits as GCRA: one number each, the theoretical arrival time, so that a limit costs no row and no
 * timer. Owns the arithmetic and the defaults of DL9; where the numbers are kept is the caller's.
 */
import { HOUR_MS, MINUTE_MS } from '../durations.ts'

export interface Limit {
  /** How many may come at once. */
  burst: number
  /** Milliseconds after which one more is allowed. */
  everyMs: number
}

export type Taken = { ok: true; arrival: number } | { ok: false; retryAt: number }

/**
 * Takes one from a limit.
 * @param arrival the number kept since the last taking, 0 at first
 * @param now epoch milliseconds
 */
export function take(limit: Limit, arrival: number, now: number): Taken {
  const window = limit.burst * limit.everyMs
  // Further ahead than a full window can only be a clock that has since gone back:
  // start afresh, or it stays shut for as long.
  const from = arrival > now + window ? now : Math.max(arrival, now)
  const next = from + limit.everyMs
  return next - now <= window ? { ok: true, arrival: next } : { ok: false, retryAt: next - window }
}

export interface FloodLimits {
  quick: Limit
  lasting: Limit
}

/** DL9: 20 at once refilled at 2 a second, and 200 refilled at 200 an hour. */
export const FLOOD_LIMITS: FloodLimits = {
  quick: { burst: 20, everyMs: 500 },
  lasting: { burst: 200, everyMs: 18_000 },
}

/** DL9: so many new conversations in an hour, as many at once; of a device or of an IP address. */
export function startLimit(perHour: number): Limit {
  return { burst: perHour, everyMs: Math.ceil(HOUR_MS / perHour) }
}

/** A program, or a member over the API, speaks for many. */
export const CALLER_START_LIMIT: Limit = { burst: 100, everyMs: 6_000 }

/** How often a visitor may say who they are: nobody has ten names, and every dashboard is told of each. */
export const CONTACT_LIMITS = {
  device: { burst: 10, everyMs: MINUTE_MS },
  ip: { burst: 60, everyMs: 10_000 },
} as const satisfies Record<string, Limit>

/**
 * What one writer may ask of a conversation's sockets beside commands, together on all of theirs. Far above what our
 * own pages do: typing is said every three seconds and once for each message, a cursor moves every two seconds.
 */
export const FRAME_LIMITS = {
  typing: { burst: 20, everyMs: 500 },
  seen: { burst: 10, everyMs: 1_000 },
  /** Pages of history: 10,000 entries at once. */
  page: { burst: 50, everyMs: 200 },
  /** Sockets themselves: of each the workspace's inbox object is told. */
  open: { burst: 100, everyMs: 500 },
  /** Frames that cannot be read; each is answered. */
  fault: { burst: 50, everyMs: 200 },
} as const satisfies Record<string, Limit>

/** What one program may ask of one conversation: 20 commands at once, refilled at 2 a second. */
export const KEY_LIMIT: Limit = { burst: 20, everyMs: 500 }

/** The arrival times of the two flood limits of one visitor. */
export interface FloodArrivals {
  quick: number
  lasting: number
}

/** Takes one message from both flood limits, or from neither. */
export function takeFlood(
  limits: FloodLimits,
  arrivals: FloodArrivals,
  now: number,
): { ok: true; arrivals: FloodArrivals } | { ok: false; retryAt: number } {
  const quick = take(limits.quick, arrivals.quick, now)
  const lasting = take(limits.lasting, arrivals.lasting, now)
  if (quick.ok && lasting.ok) return { ok: true, arrivals: { quick: quick.arrival, lasting: lasting.arrival } }
  return { ok: false, retryAt: Math.max(quick.ok ? 0 : quick.retryAt, lasting.ok ? 0 : lasting.retryAt) }
}
