/**
 * Ratings (RT): who may ask for one and when again, what a visitor may answer and for how long, and the score that the
 * team gives itself. Three sources are kept apart and never overwrite each other. Must never tell a visitor who asked.
 */
import { CAPABILITIES } from '../channelKinds.ts'
import { notAllowed, refusal, unavailable } from '../refusals.ts'
import { type Agent, authorOf, type Key, type Verdict } from './command.ts'
import { mayWrite } from './may.ts'
import { ratingPolicy } from './policy.ts'
import type { ConversationRecord } from './record.ts'
import type { Score } from './score.ts'
import type { ConversationState, RatingAsk } from './state.ts'
import { isBlank, normaliseText, TEXT_MAX, textLength } from './text.ts'

/**
 * RT3: the moment from which an author may ask again: exactly so long after they last asked here.
 * @returns epoch milliseconds; null where they have not asked
 */
export function asksAgainAt(asks: readonly RatingAsk[], author: string, everyMs: number): number | null {
  const last = asks.findLast(({ by }) => by === author)
  return last ? last.at + everyMs : null
}

/**
 * RT1–RT4, of a closed conversation too, which stays closed. Refusals: `rating_unavailable`, `not_allowed`,
 * `rating_asked_recently` with the moment from which on it is taken.
 */
export function asked(record: ConversationRecord, actor: Agent | Key, now: number): Verdict {
  const kind = record.channelKind ?? 'web'
  if (CAPABILITIES[kind].rating !== 'offered') return unavailable('rating_unavailable', kind)
  if (actor.kind === 'agent' && !mayWrite(record.policy, record.team, actor)) return notAllowed('may_ask')
  const { ratingEveryMs, ratingChangeMs, ratingSkin } = ratingPolicy(record.policy)
  const again = asksAgainAt(record.team.asks ?? [], authorOf(actor), ratingEveryMs)
  if (again !== null && now < again) return refusal('rating_asked_recently', again)
  // As it was when it was asked: what is decided later moves nothing under the visitor's eyes.
  const prompt = { skin: ratingSkin, until: Math.max(now, record.public.lastAt) + ratingChangeMs }
  return [
    { type: 'rating.requested', body: {} },
    { type: 'rating.prompted', body: prompt },
  ]
}

/**
 * RT5: the newest prompt is answered, once at any time and otherwise until its end. Neither reopens.
 * Refusals: `rating_not_asked`, `comment_too_long`, `rating_final`, `rating_unchanged`.
 */
export function submitted(
  { public: { prompt, rating } }: ConversationRecord,
  score: Score,
  rawComment: string | undefined,
  now: number,
): Verdict {
  if (!prompt) return 'rating_not_asked'
  const comment = normaliseText(rawComment ?? '')
  if (textLength(comment) > TEXT_MAX) return 'comment_too_long'
  const said = isBlank(comment) ? {} : { comment }
  const before = rating?.prompt === prompt.n ? rating : null
  if (before && now > prompt.until) return 'rating_final'
  if (before && before.score === score && before.comment === said.comment) return 'rating_unchanged'
  return [{ type: 'rating.submitted', body: { prompt: prompt.n, score, ...said } }]
}

/** RT8: the team's own score, or null to take it back. Refusals: `score_unchanged`. */
export function scored({ team }: ConversationRecord, to: Score | null): Verdict {
  const from = team.score?.score ?? null
  return from === to ? 'score_unchanged' : [{ type: 'rating.scored', body: { from, to } }]
}

/** The score that counts: the visitor's before an agent's (RT8). */
export interface CountedRating {
  score: Score
  source: 'visitor' | 'agent'
}

/** Null where nobody has given any. */
export function countedRating(state: Pick<ConversationState, 'public' | 'team'>): CountedRating | null {
  if (state.public.rating) return { score: state.public.rating.score, source: 'visitor' }
  return state.team?.score ? { score: state.team.score.score, source: 'agent' } : null
}
