/**
 * What was promised to happen outside of a conversation, and what became of it. Pure: the object keeps a row for each
 * and drives with its one alarm what is pending. They are of the class `once` (I4): what may have happened is never
 * done again by itself, so each ends as done, failed or unknown.
 */
import { HOUR_MS, MINUTE_MS } from '../durations.ts'

/** `claims`: how often somebody set about it. The newest claim alone may say what became of it. */
export type Effect = { claims: number } & EffectState

type EffectState =
  /** `tries`: how often it was handed over. `reason`: why the last try came to nothing. */
  | { state: 'pending'; tries: number; dueAt: number; reason: string | null }
  | { state: 'running'; tries: number; leaseUntil: number }
  | { state: 'done' }
  | { state: 'failed'; reason: string; mayRetry: boolean }
  | { state: 'unknown'; reason: string }

/** What who claimed it has to tell. `permanent`: it would be refused again. `reason` is a sentence for people. */
export type EffectOutcome =
  | { outcome: 'accepted' }
  | { outcome: 'refused'; reason: string; permanent: boolean }
  | { outcome: 'unknown'; reason: string }

/** When it is handed over again, where nobody has set about it: a queue may lose what it was given. */
export const HAND_OVER_MS = MINUTE_MS
/** How long a claim holds: longer than any mail takes, or it is unknown although it was about to be told. */
export const LEASE_MS = 5 * MINUTE_MS
/** So often it is handed over, in some two hours. */
export const TRIES_MAX = 8
const BACKOFF_MAX_MS = HOUR_MS

export const LAPSED = 'Whoever was sending it fell silent before it told what became of it.'
const NOBODY = 'Nobody took it on in two hours.'

/** Written with the command that promises it, and handed over right after. */
export function promised(now: number): Effect {
  return { claims: 0, state: 'pending', tries: 1, dueAt: now + HAND_OVER_MS, reason: null }
}

/** From the beginning, for one that failed. What a claim of before says counts no more. */
export function promisedAgain({ claims }: Effect, now: number): Effect {
  return { ...promised(now), claims: claims + 1 }
}

/** Somebody sets about it: null for what is not pending, so that whatever is delivered twice is done once. */
export function claimed(effect: Effect, now: number): Effect | null {
  if (effect.state !== 'pending') return null
  return { claims: effect.claims + 1, state: 'running', tries: effect.tries, leaseUntil: now + LEASE_MS }
}

/**
 * Who claimed it tells what became of it, perhaps after it was given up as unknown.
 * @param jitter between 0 and 1
 * @returns null where it is settled already, or another claim counts
 */
export function told(effect: Effect, claim: number, by: EffectOutcome, now: number, jitter: number): Effect | null {
  const { claims } = effect
  if (claim !== claims || (effect.state !== 'running' && effect.state !== 'unknown')) return null
  if (by.outcome === 'accepted') return { claims, state: 'done' }
  if (by.outcome === 'unknown')
    return effect.state === 'unknown' ? null : { claims, state: 'unknown', reason: by.reason }
  if (by.permanent) return { claims, state: 'failed', reason: by.reason, mayRetry: false }
  const isOver = effect.state === 'unknown' || effect.tries >= TRIES_MAX
  if (isOver) return { claims, state: 'failed', reason: by.reason, mayRetry: true }
  const { tries } = effect
  return { claims, state: 'pending', tries, dueAt: now + pause(tries, jitter), reason: by.reason }
}

/**
 * An effect whose time has come: a claim that has lapsed is unknown, what is pending is handed over once more, or has
 * failed. Null where its time has not come.
 */
export function overdue(effect: Effect, now: number, jitter: number): Effect | null {
  const dueAt = dueOf(effect)
  // Further ahead than it is ever set to can only be a clock that has since gone back.
  if (dueAt === null || (dueAt > now && dueAt <= now + BACKOFF_MAX_MS)) return null
  if (effect.state === 'running') return { claims: effect.claims, state: 'unknown', reason: LAPSED }
  if (effect.state !== 'pending') return null
  const tries = effect.tries + 1
  if (tries > TRIES_MAX)
    return { claims: effect.claims, state: 'failed', reason: effect.reason ?? NOBODY, mayRetry: true }
  return { ...effect, tries, dueAt: now + pause(tries, jitter) }
}

/** When it has to be looked at again, epoch milliseconds; null once it is settled. */
export function dueOf(effect: Effect): number | null {
  if (effect.state === 'pending') return effect.dueAt
  return effect.state === 'running' ? effect.leaseUntil : null
}

/** A minute after the first try, then ever longer, up to an hour; never the same for two. */
function pause(tries: number, jitter: number): number {
  return Math.round(Math.min(BACKOFF_MAX_MS, HAND_OVER_MS * 2 ** (tries - 1)) * (0.5 + jitter / 2))
}
