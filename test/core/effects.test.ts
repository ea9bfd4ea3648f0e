import { describe, expect, test } from 'vitest'
import {
  claimed,
  dueOf,
  type Effect,
  type EffectOutcome,
  HAND_OVER_MS,
  LAPSED,
  LEASE_MS,
  overdue,
  promised,
  promisedAgain,
  TRIES_MAX,
  told,
} from '../../core/conversation/effects.ts'
import { fc } from '../support/properties.ts'

const NOW = 1_800_000_000_000
const ACCEPTED: EffectOutcome = { outcome: 'accepted' }
const LATER: EffectOutcome = { outcome: 'refused', reason: 'busy', permanent: false }
const NEVER: EffectOutcome = { outcome: 'refused', reason: 'no such user', permanent: true }
const NOBODY_KNOWS: EffectOutcome = { outcome: 'unknown', reason: 'silent' }

const fresh = promised(NOW)
const running = claimed(fresh, NOW) as Effect
const unknown = told(running, 1, NOBODY_KNOWS, NOW, 0) as Effect

describe('an effect', () => {
  test('[TR6] is claimed once, and only while it is pending', () => {
    expect(running).toEqual({ claims: 1, state: 'running', tries: 1, leaseUntil: NOW + LEASE_MS })
    expect(claimed(running, NOW)).toBe(null)
    expect(claimed(unknown, NOW)).toBe(null)
    expect(claimed({ claims: 1, state: 'done' }, NOW)).toBe(null)
  })

  test.each<[string, Effect, EffectOutcome, Partial<Effect> | null]>([
    ['accepted', running, ACCEPTED, { state: 'done' }],
    ['refused for good', running, NEVER, { state: 'failed', mayRetry: false, reason: 'no such user' }],
    ['refused for now', running, LATER, { state: 'pending', reason: 'busy', tries: 1 }],
    [
      'refused for now at the last try',
      { ...running, tries: TRIES_MAX } as Effect,
      LATER,
      { state: 'failed', mayRetry: true },
    ],
    ['not to be known', running, NOBODY_KNOWS, { state: 'unknown', reason: 'silent' }],
    ['accepted, told late', unknown, ACCEPTED, { state: 'done' }],
    ['refused, told late: nobody sends it again by itself', unknown, LATER, { state: 'failed', mayRetry: true }],
    ['unknown twice', unknown, NOBODY_KNOWS, null],
    ['told of what nobody claimed', fresh, ACCEPTED, null],
    ['told twice', { claims: 1, state: 'done' }, NEVER, null],
  ])('[TR6] %s', (_, effect, outcome, expected) => {
    const next = told(effect, 1, outcome, NOW, 0)
    if (expected === null) expect(next).toBe(null)
    else expect(next).toMatchObject(expected)
  })

  test('[TR6] what a claim of before has to tell counts no more', () => {
    const failed = told(running, 1, { ...LATER, permanent: true }, NOW, 0) as Effect
    const again = claimed(promisedAgain(failed, NOW), NOW) as Effect
    expect(told(again, 1, ACCEPTED, NOW, 0)).toBe(null)
    expect(told(again, again.claims, ACCEPTED, NOW, 0)).toMatchObject({ state: 'done' })
  })

  test('[TR6] a lease that lapses is unknown, to the millisecond, and never pending again', () => {
    expect(overdue(running, NOW + LEASE_MS - 1, 0)).toBe(null)
    expect(overdue(running, NOW + LEASE_MS, 0)).toEqual({ claims: 1, state: 'unknown', reason: LAPSED })
    expect(overdue(unknown, NOW + 1e12, 0)).toBe(null)
  })

  test('[TR6] what nobody takes on is handed over some eight times in some two hours, and has failed then', () => {
    let effect: Effect = fresh
    let now = NOW
    let handed = 1
    while (effect.state === 'pending') {
      now = effect.dueAt
      effect = overdue(effect, now, 1) as Effect
      if (effect.state === 'pending') handed += 1
    }
    expect(handed).toBe(TRIES_MAX)
    expect(effect).toMatchObject({ state: 'failed', mayRetry: true })
    expect((now - NOW) / 3_600_000).toBeGreaterThan(1.5)
    expect((now - NOW) / 3_600_000).toBeLessThan(4)
  })

  test('[Q8] a clock that goes back by days does not keep it for days', () => {
    const days = 8 * 86_400_000
    expect(overdue(fresh, NOW - days, 0)).toMatchObject({ state: 'pending', tries: 2 })
    expect(overdue(running, NOW - days, 0)).toMatchObject({ state: 'unknown' })
  })

  test('[Q5][TR6] under any deliveries, outcomes and silences it is sent at most once, and ends', () => {
    const step = fc.oneof(
      fc.constant('deliver' as const),
      fc.constant('wait' as const),
      fc.constantFrom(ACCEPTED, LATER, NEVER, NOBODY_KNOWS, null),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let effect: Effect = fresh
        let now = NOW
        let sent = 0
        let holder: number | null = null
        for (const one of steps) {
          if (one === 'wait') {
            now += HAND_OVER_MS * 3
            effect = overdue(effect, now, 0.5) ?? effect
          } else if (one === 'deliver') {
            const next = claimed(effect, now)
            if (!next) continue
            effect = next
            holder = next.claims
          } else if (holder !== null) {
            // Null: the provider accepted, and the power went before anybody was told.
            const outcome: EffectOutcome | null = one
            if (outcome === null || outcome.outcome !== 'refused') sent += 1
            if (outcome) effect = told(effect, holder, outcome, now, 0.5) ?? effect
            holder = null
          }
        }
        expect(sent).toBeLessThanOrEqual(1)
        // Left alone it ends, whatever it was.
        for (let i = 0; i < 30 && dueOf(effect) !== null; i += 1) {
          now = Math.max(now, dueOf(effect) ?? now)
          effect = overdue(effect, now, 1) ?? effect
        }
        expect(['done', 'failed', 'unknown']).toContain(effect.state)
      }),
      { numRuns: 500 },
    )
  })
})
