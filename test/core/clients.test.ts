import { describe, expect, test } from 'vitest'
import { CLIENTS_KEPT, type ClientCounter, countClient, recognise } from '../../core/conversation/clients.ts'
import type { Author } from '../../core/ids.ts'
import { fc } from '../support/properties.ts'

const VIC: Author = 'visitor:d_vic'
const ANA: Author = 'agent:m_ana'
const START = { public: 0, team: 0 }
const HEADS = { public: 9, team: 4 }

const known: ClientCounter[] = [
  { author: VIC, instance: 'tab', last: 5, from: { public: 2, team: 1 } },
  { author: ANA, instance: 'tab', last: 50, from: { public: 3, team: 0 } },
]

describe('[DL2] recognising a command', () => {
  test.each([
    ['higher than counted is new', VIC, 'tab', 6, false, { seen: 'new' }],
    ['far higher is new', VIC, 'tab', 600, false, { seen: 'new' }],
    [
      'the last one is looked for from its first entry on',
      VIC,
      'tab',
      5,
      false,
      { seen: 'perhaps', from: { public: 2, team: 1 } },
    ],
    ['an earlier one is looked for too', VIC, 'tab', 1, false, { seen: 'perhaps', from: { public: 2, team: 1 } }],
    [
      'the same instance of another author is another',
      ANA,
      'tab',
      6,
      false,
      { seen: 'perhaps', from: { public: 3, team: 0 } },
    ],
    ['an unknown writer is new', VIC, 'other', 1, false, { seen: 'new' }],
    [
      'an unknown writer that retries is looked for everywhere',
      VIC,
      'other',
      1,
      true,
      { seen: 'perhaps', from: START },
    ],
  ] as const)('[DL2] %s', (_, author, instance, n, retry, expected) => {
    expect(recognise(known, author, { instance, n }, retry)).toEqual(expected)
  })
})

describe('[DL2] counting a command', () => {
  test('[DL2] keeps the highest number and the first heads', () => {
    const late = countClient(known, VIC, { instance: 'tab', n: 3 }, HEADS)
    expect(late.at(-1)).toEqual({ author: VIC, instance: 'tab', last: 5, from: { public: 2, team: 1 } })
    expect(countClient(late, VIC, { instance: 'tab', n: 8 }, HEADS).at(-1)?.last).toBe(8)
  })

  test('[DL2] a writer that begins starts at the present heads, one met again at the beginning', () => {
    expect(countClient([], VIC, { instance: 'a', n: 1 }, HEADS)).toEqual([
      { author: VIC, instance: 'a', last: 1, from: HEADS },
    ])
    expect(countClient([], VIC, { instance: 'a', n: 2 }, HEADS)[0]?.from).toEqual(START)
  })

  test('[DL2] the 64 newest writers are kept, writing makes new', () => {
    let clients: ClientCounter[] = []
    for (let i = 0; i < CLIENTS_KEPT; i += 1) clients = countClient(clients, VIC, { instance: `i${i}`, n: 1 }, HEADS)
    clients = countClient(clients, VIC, { instance: 'i0', n: 2 }, HEADS)
    clients = countClient(clients, VIC, { instance: 'one more', n: 1 }, HEADS)
    expect(clients).toHaveLength(64)
    expect(clients.map((c) => c.instance)).not.toContain('i1')
    expect(clients.map((c) => c.instance)).toContain('i0')
  })
})

/** A log that only counts, with the same answers the object would give: find, else take. */
function writes(sends: ReadonlyArray<{ instance: string; n: number }>): number[] {
  let clients: ClientCounter[] = []
  const log: string[] = []
  const sent = new Set<string>()
  for (const id of sends) {
    const name = `${id.instance}:${id.n}`
    // A client sets `retry` on everything that it sends again.
    const retry = sent.has(name)
    sent.add(name)
    const recognition = recognise(clients, VIC, id, retry)
    if (recognition.seen === 'perhaps' && log.indexOf(name, recognition.from.public) >= 0) continue
    clients = countClient(clients, VIC, id, { public: log.length, team: 0 })
    log.push(name)
  }
  return [log.length, new Set(log).size]
}

describe('[DL2] whatever is sent again', () => {
  test('[DL2] is never stored twice, in any order, while the writer is remembered', () => {
    const id = fc.record({ instance: fc.constantFrom('a', 'b', 'c'), n: fc.integer({ min: 1, max: 6 }) })
    fc.assert(
      fc.property(fc.array(id, { maxLength: 60 }), (sends) => {
        const [stored, distinct] = writes(sends)
        expect(stored).toBe(distinct)
      }),
      { numRuns: 1_000 },
    )
  })

  test('[DL2] is never stored twice, whoever is forgotten and met again', () => {
    const crowd = Array.from({ length: CLIENTS_KEPT }, (_, i) => ({ instance: `o${i}`, n: 1 }))
    const id = fc.record({ instance: fc.constantFrom('a', 'b'), n: fc.integer({ min: 1, max: 4 }) })
    const step = fc.oneof(
      { weight: 4, arbitrary: id.map((one) => [one]) },
      { weight: 1, arbitrary: fc.constant(crowd) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let round = 0
        // Each crowd is of new people: what is sent again is told apart from what is only alike.
        const sends = steps.flatMap((some) => {
          round += 1
          return some.length > 1 ? some.map((one) => ({ ...one, instance: `${one.instance}r${round}` })) : some
        })
        const [stored, distinct] = writes(sends)
        expect(stored).toBe(distinct)
      }),
      { numRuns: 200 },
    )
  })

  test('[DL2] is never stored twice where the writer was forgotten in between', () => {
    const others = Array.from({ length: CLIENTS_KEPT }, (_, i) => ({ instance: `o${i}`, n: 1 }))
    const a = (n: number) => ({ instance: 'a', n })
    expect(writes([a(1), ...others, a(1)])).toEqual([65, 65])
    // It writes on as somebody unknown, then repeats what it wrote before it was forgotten.
    expect(writes([a(1), ...others, a(2), a(1)])).toEqual([66, 66])
    // It comes back with an older one, which is new, and then repeats the newer.
    expect(writes([a(2), ...others, a(1), a(2)])).toEqual([66, 66])
  })
})
