import { describe, expect, test } from 'vitest'
import { FLOOD_LIMITS, type Limit, startLimit, take, takeFlood } from '../../core/conversation/limits.ts'
import { fc } from '../support/properties.ts'

const NOW = Date.UTC(2026, 10, 20)
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Takes until refused. */
function drain(limit: Limit, arrival: number, now: number): { taken: number; arrival: number; retryAt: number } {
  for (let taken = 0; ; taken += 1) {
    const outcome = take(limit, arrival, now)
    if (!outcome.ok) return { taken, arrival, retryAt: outcome.retryAt }
    if (taken > 1_000) throw new Error('never refused')
    arrival = outcome.arrival
  }
}

const LIMITS = [
  ['quick', FLOOD_LIMITS.quick, 20],
  ['lasting', FLOOD_LIMITS.lasting, 200],
  ['starts of a device', startLimit(5), 5],
  ['starts, in numbers that no hour divides by', startLimit(7), 7],
  ['starts of an address', startLimit(60), 60],
] as const

describe.each(LIMITS)('[DL9] %s', (_, limit, burst) => {
  test('[DL9] the whole burst at once and not one more', () => {
    expect(drain(limit, 0, NOW).taken).toBe(burst)
  })

  test('[DL9] refused one millisecond early, accepted on time, then refused again', () => {
    const { arrival, retryAt } = drain(limit, 0, NOW)
    expect(retryAt).toBe(NOW + limit.everyMs)
    expect(take(limit, arrival, retryAt - 1)).toEqual({ ok: false, retryAt })
    const later = take(limit, arrival, retryAt)
    expect(later.ok).toBe(true)
    expect(later.ok && take(limit, later.arrival, retryAt)).toEqual({ ok: false, retryAt: retryAt + limit.everyMs })
  })

  test('[DL9] one millisecond before the whole window one is missing, then the burst is full again', () => {
    const { arrival } = drain(limit, 0, NOW)
    const window = limit.burst * limit.everyMs
    expect(drain(limit, arrival, NOW + window - 1).taken).toBe(burst - 1)
    expect(drain(limit, arrival, NOW + window).taken).toBe(burst)
  })

  test.each([HOUR, -HOUR, 8 * DAY, -8 * DAY])(
    '[DL9] a clock that jumps by %i ms shuts nobody out for longer than a window',
    (jump) => {
      const { arrival } = drain(limit, 0, NOW)
      const now = NOW + jump
      const outcome = take(limit, arrival, now)
      const wait = outcome.ok ? 0 : outcome.retryAt - now
      expect(wait).toBeGreaterThanOrEqual(0)
      expect(wait).toBeLessThanOrEqual(limit.burst * limit.everyMs)
      expect(drain(limit, arrival, now).taken).toBeLessThanOrEqual(burst)
    },
  )

  test('[DL9] a refusal always names a later moment, and that moment is right', () => {
    const gap = fc.integer({ min: 0, max: limit.everyMs * 2 })
    fc.assert(
      fc.property(fc.array(gap, { maxLength: 80 }), (gaps) => {
        let [arrival, now] = [0, NOW]
        for (const passed of gaps) {
          now += passed
          const outcome = take(limit, arrival, now)
          if (outcome.ok) arrival = outcome.arrival
          else {
            expect(outcome.retryAt).toBeGreaterThan(now)
            expect(take(limit, arrival, outcome.retryAt - 1).ok).toBe(false)
            expect(take(limit, arrival, outcome.retryAt).ok).toBe(true)
          }
        }
      }),
      { numRuns: 100 },
    )
  })
})

test('[DL9] never more than burst + elapsed / every, in any stretch of time', () => {
  const limit = fc.record({ burst: fc.integer({ min: 1, max: 20 }), everyMs: fc.integer({ min: 1, max: 5_000 }) })
  const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6_000 })), { maxLength: 120 })
  fc.assert(
    fc.property(limit, gaps, (chosen, waits) => {
      let [arrival, now] = [0, NOW]
      const times: number[] = []
      for (const wait of waits) {
        now += wait
        const outcome = take(chosen, arrival, now)
        if (!outcome.ok) continue
        arrival = outcome.arrival
        times.push(now)
      }
      const allowed = (from: number, to: number) => chosen.burst + Math.floor((to - from) / chosen.everyMs)
      const broken = times.flatMap((from, i) =>
        times
          .slice(i)
          .filter((to, count) => count + 1 > allowed(from, to))
          .map((to) => [from, to]),
      )
      expect(broken).toEqual([])
    }),
    { numRuns: 300 },
  )
})

describe('[DL9] both flood limits', () => {
  test('[DL9] take from both or from neither', () => {
    const quickSpent = { quick: NOW + 10_000, lasting: 0 }
    expect(takeFlood(FLOOD_LIMITS, quickSpent, NOW)).toEqual({ ok: false, retryAt: NOW + 500 })
    const lastingSpent = { quick: 0, lasting: NOW + HOUR }
    expect(takeFlood(FLOOD_LIMITS, lastingSpent, NOW)).toEqual({ ok: false, retryAt: NOW + 18_000 })
    const bothSpent = { quick: NOW + 10_000, lasting: NOW + HOUR }
    expect(takeFlood(FLOOD_LIMITS, bothSpent, NOW)).toEqual({ ok: false, retryAt: NOW + 18_000 })
    expect(takeFlood(FLOOD_LIMITS, bothSpent, NOW + 17_999).ok).toBe(false)
    expect(takeFlood(FLOOD_LIMITS, bothSpent, NOW + 18_000).ok).toBe(true)
    expect(takeFlood(FLOOD_LIMITS, { quick: 0, lasting: 0 }, NOW)).toEqual({
      ok: true,
      arrivals: { quick: NOW + 500, lasting: NOW + 18_000 },
    })
  })

  test('[DL9] 20 at once, 2 a second, 200 an hour on top of 200', () => {
    let arrivals = { quick: 0, lasting: 0 }
    let taken = 0
    for (let now = NOW; now < NOW + HOUR; now += 100) {
      const outcome = takeFlood(FLOOD_LIMITS, arrivals, now)
      if (!outcome.ok) continue
      arrivals = outcome.arrivals
      taken += 1
      if (now === NOW + 1_000) expect(taken).toBeLessThanOrEqual(22)
    }
    // The very last of the hour falls on its end.
    expect(taken).toBe(399)
  })
})
