/** When the inbox object is told of a row, on a clock of its own. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { ConversationRow } from '../../core/conversation/row.ts'
import { Drain, GATHER_MS } from '../../durable-objects/conversation/drain.ts'
import { scripted } from '../support/scripted.ts'

let now: number
let told: Array<{ rev: number; urgent: boolean }>
let timers: Array<{ at: number; run(): void }>
/** Lets the telling that is under way arrive. */
let arrives: () => void
/** What an open socket remembers of it. */
let remembered: number
let drain: Drain
let first: ConversationRow

/** Time passes, and what is due happens. */
async function passes(ms: number): Promise<void> {
  now += ms
  const due = timers.filter(({ at }) => at <= now)
  timers = timers.filter(({ at }) => at > now)
  for (const { run } of due) run()
  await settled()
}
const settled = () => new Promise((resolve) => setTimeout(resolve))
const changed = (rev: number, hides = false) => drain.changed(() => ({ ...first, rev }), hides, hides)
const revs = () => told.map(({ rev }) => rev)

beforeEach(async () => {
  const { dispatch, row } = await scripted()
  await dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
  first = await row()
  now = 0
  told = []
  remembered = 0
  timers = []
  drain = awake()
  changed(1)
  arrives()
  await settled()
})

/** As after a sleep: nothing is known but what a socket remembers. */
const awake = () =>
  new Drain({
    now: () => now,
    instructed: () => {},
    tell: (row, urgent) => {
      told.push({ rev: row.rev, urgent })
      return new Promise((resolve) => {
        arrives = () => resolve(null)
      })
    },
    after: (ms, run) => void timers.push({ at: now + ms, run }),
    told: () => remembered,
    noteTold: (rev) => {
      remembered = rev
    },
    report: () => expect.unreachable(),
  })

describe('[CV7] a row that hides the conversation from somebody', () => {
  it('is told at once, however young the last telling is', () => {
    changed(2, true)
    expect(told).toEqual([
      { rev: 1, urgent: false },
      { rev: 2, urgent: true },
    ])
  })

  it('does not wait with what is gathered, and takes it along', async () => {
    await passes(100)
    changed(2)
    expect(revs()).toEqual([1])
    changed(3, true)
    expect(revs()).toEqual([1, 3])
    arrives()
    await passes(GATHER_MS - 100)
    expect(revs()).toEqual([1, 3])
  })

  it('follows at once what is under way', async () => {
    await passes(GATHER_MS)
    changed(2)
    changed(3, true)
    changed(4)
    expect(revs()).toEqual([1, 2])
    arrives()
    await settled()
    expect(revs()).toEqual([1, 2, 4])
    // And the next one waits again.
    arrives()
    await settled()
    changed(5)
    expect(revs()).toEqual([1, 2, 4])
    await passes(GATHER_MS)
    expect(revs()).toEqual([1, 2, 4, 5])
  })
})

describe('[DL1] the alarm, after a sleep', () => {
  it('tells nothing again that an open socket knows to be told', async () => {
    expect(await awake().settle({ ...first, rev: 1 })).toBe(true)
    expect(revs()).toEqual([1])
  })

  it('tells what none knows of: nobody is here, or it was not told', async () => {
    remembered = 0
    const woken = awake()
    const settling = woken.settle({ ...first, rev: 1 })
    arrives()
    expect(await settling).toBe(true)
    expect(revs()).toEqual([1, 1])
    const next = woken.settle({ ...first, rev: 2 })
    arrives()
    expect(await next).toBe(true)
    expect([revs(), remembered]).toEqual([[1, 1, 2], 2])
  })
})
