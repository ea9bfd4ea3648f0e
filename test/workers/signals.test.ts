import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { CLOSE } from '../../core/protocol/close.ts'
import type { ServerFrame } from '../../core/protocol/frames.ts'
import { asleep } from '../support/asleep.ts'
import { storedIn } from '../support/corpora/stored.ts'
import { eventually } from '../support/eventually.ts'
import { agent, colleague, type Seat, visitor } from '../support/play.ts'

type Signal = Extract<ServerFrame, { type: 'signal' }>

const object = (id: string) => env.CONVERSATION.getByName(id)
const types = (seat: Seat, where: 'reply' | 'note' | null) => seat.line.send({ type: 'typing', in: where })
const signals = (seat: Seat) => seat.line.frames.filter((frame): frame is Signal => frame.type === 'signal')
const isSignal =
  (typing: Signal['typing'], from?: string) =>
  (frame: ServerFrame): frame is Signal =>
    frame.type === 'signal' && frame.typing === typing && (from === undefined || frame.from === from)

/** The members who are here, as this seat was told last. */
function present(seat: Seat): string[] | null {
  const told = seat.line.frames.flatMap((frame) => {
    if (frame.type === 'present') return [frame.list]
    return frame.type === 'welcome' && frame.present ? [frame.present] : []
  })
  return told.at(-1)?.map(({ name }) => name) ?? null
}

/** Everything the seat had received up to now, and what came since, once a public message has gone through. */
async function since(seat: Seat, writer: Seat, what: () => Promise<void> | void): Promise<string[]> {
  const from = seat.line.raw.length
  await what()
  const fence = `fence ${crypto.randomUUID()}`
  await writer.says(fence)
  await seat.sees(fence)
  return seat.line.raw.slice(from, -1)
}

describe('[DL7] who is writing', () => {
  it('[DL7] a visitor is seen writing by every agent, an agent by the visitor and by colleagues', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const secondTab = await browser.opens(vic.id)
    const [ana, ben] = [await (await agent()).opens(vic.id), await (await colleague('Ben')).opens(vic.id)]
    types(vic, 'reply')
    for (const seat of [ana, ben])
      expect(await seat.line.get(isSignal('reply'))).toEqual({
        type: 'signal',
        from: browser.you,
        name: null,
        typing: 'reply',
      })
    types(vic, null)
    for (const seat of [ana, ben]) await seat.line.get(isSignal(null, browser.you))
    types(ana, 'reply')
    const seen = await vic.line.get(isSignal('reply'))
    expect(seen).toMatchObject({ from: expect.stringMatching(/^agent:m_/), name: 'Ana Owner' })
    await secondTab.line.get(isSignal('reply'))
    await ben.line.get(isSignal('reply', seen.from))
    types(ana, null)
    await vic.line.get(isSignal(null))
    // Nobody is told of their own writing in the same tab.
    expect(signals(ana).every((signal) => signal.from === browser.you)).toBe(true)
    expect(signals(vic).every((signal) => signal.from === seen.from)).toBe(true)
  })

  it('[DL7][DL3] a note being written is not a byte at the visitor, awake or after hibernation', async () => {
    const vic = await (await visitor()).arrives('hello')
    const [ana, ben] = [await (await agent()).opens(vic.id), await (await colleague('Ben')).opens(vic.id)]
    const noting = async () => {
      for (let i = 0; i < 5; i += 1) types(ana, 'note')
      await ben.line.get(isSignal('note'))
      types(ana, null)
      types(ana, 'note')
      await ana.notes('only for us')
      types(ana, null)
    }
    // Taking a conversation over says so once; from then on there is nothing but what is written.
    await ana.says('I am here')
    expect(await since(vic, ana, noting)).toEqual([])
    await asleep(object(vic.id))
    expect(await since(vic, ana, noting)).toEqual([])
    // The sleep comes between the typing and its end.
    expect(
      await since(vic, ana, async () => {
        types(ana, 'note')
        await ben.line.get(isSignal('note'), ben.line.frames.length - 1)
        await asleep(object(vic.id))
        types(ana, null)
        types(ana, 'note')
        ana.line.send({ type: 'typing', in: null })
      }),
    ).toEqual([])
    expect(signals(vic)).toEqual([])
  })

  it('[DL7][DL3] changing from a reply to a note looks like stopping, and nothing follows', async () => {
    const vic = await (await visitor()).arrives('hello')
    const ana = await (await agent()).opens(vic.id)
    await ana.says('I am here')
    const heard = await since(vic, ana, async () => {
      types(ana, 'reply')
      await vic.line.get(isSignal('reply'))
      for (let i = 0; i < 3; i += 1) types(ana, 'note')
      types(ana, null)
    })
    expect(heard.map((raw) => JSON.parse(raw).typing)).toEqual(['reply', null])
    const noted = heard.filter((raw) => raw.includes('note'))
    expect(noted).toEqual([])
  })

  it('[DL7][CV8] who may not write to the visitor is not seen doing so', async () => {
    const vic = await (await visitor()).arrives('hello')
    const [ana, ben] = [await agent(), await colleague('Ben')]
    const policies = (body: object) => ana.ask('/api/v1/policies', { method: 'PATCH', body })
    await policies({ mayWrite: 'assignee_and_collaborators' })
    await ana.ask(`/api/v1/conversations/${vic.id}`, { method: 'PATCH', body: { assignee: ana.member } })
    const [hers, his] = [await ana.opens(vic.id), await ben.opens(vic.id)]
    types(his, 'reply')
    types(his, 'note')
    await hers.line.get(isSignal('note'))
    types(hers, 'reply')
    await vic.line.get(isSignal('reply'))
    expect(signals(vic).map(({ from }) => from)).toEqual([`agent:${ana.member}`])
    expect(signals(hers).map(({ typing }) => typing)).toEqual(['note'])
    await policies({ mayWrite: 'anyone' })
  })

  it('[DL7] who goes away writes no more', async () => {
    const vic = await (await visitor()).arrives('hello')
    const [desk, ben] = [await (await agent()).opens(vic.id), await (await colleague('Ben')).opens(vic.id)]
    types(desk, 'reply')
    await vic.line.get(isSignal('reply'))
    desk.line.close()
    await vic.line.get(isSignal(null))
    types(vic, 'reply')
    await ben.line.get(isSignal('reply', `visitor:${(vic.line.frames[0] as { you: string }).you.slice(8)}`))
    vic.line.close()
    await ben.line.get((f) => f.type === 'signal' && f.typing === null && f.from.startsWith('visitor:'))
  })

  it('[DL7] who goes on writing in one tab is not said to have stopped because another closes', async () => {
    const vic = await (await visitor()).arrives('hello')
    const ana = await agent()
    const [one, two] = [await ana.opens(vic.id), await ana.opens(vic.id)]
    const ben = await (await colleague('Ben')).opens(vic.id)
    types(one, 'reply')
    await ben.line.get(isSignal('reply'))
    two.line.close()
    await vic.says('a fence')
    await ben.sees('a fence')
    expect(signals(ben).map((signal) => signal.typing)).toEqual(['reply'])
    expect(signals(vic).map((signal) => signal.typing)).toEqual(['reply'])
  })

  it.each([
    { type: 'typing' },
    { type: 'typing', in: 'shout' },
    { type: 'typing', in: 'reply', name: 'Somebody else' },
    { type: 'typing', in: 'reply', from: 'agent:m_other' },
    { type: 'signal', from: 'agent:m_other', name: 'x', typing: 'reply' },
  ])('[DL7] %j is an error and reaches nobody', async (frame) => {
    const vic = await (await visitor()).arrives('hello')
    const ana = await (await agent()).opens(vic.id)
    vic.line.send(frame)
    await vic.line.get((f) => f.type === 'error' && f.code === 'frame_invalid')
    await vic.says('fence')
    await ana.sees('fence')
    expect(signals(ana)).toEqual([])
  })

  it('[DL3] a visitor who claims to write a note is told to agents as a visitor, and to no other tab', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const other = await browser.opens(vic.id)
    const ana = await (await agent()).opens(vic.id)
    types(vic, 'note')
    expect(await ana.line.get((f): f is Signal => f.type === 'signal')).toMatchObject({ from: browser.you, name: null })
    await vic.says('fence')
    await other.sees('fence')
    expect(signals(other)).toEqual([])
  })
})

describe('[CV14] who is here', () => {
  it('[CV14] each agent once, with two tabs; gone with the last of them; visitors never learn of it', async () => {
    const vic = await (await visitor()).arrives('hello')
    const [ana, ben] = [await agent(), await colleague('Ben')]
    const first = await ana.opens(vic.id)
    expect(present(first)).toEqual(['Ana Owner'])
    const second = await ana.opens(vic.id)
    const bens = await ben.opens(vic.id)
    const both = ['Ana Owner', 'Ben']
    for (const seat of [first, second, bens]) await eventually(() => expect(present(seat)?.sort()).toEqual(both))
    first.line.close()
    await bens.notes('a fence')
    expect(present(bens)?.sort()).toEqual(both)
    // Asleep or awake.
    await asleep(object(vic.id))
    second.line.close()
    await eventually(() => expect(present(bens)).toEqual(['Ben']))
    await bens.says('a fence for the visitor')
    await vic.sees('a fence for the visitor')
    expect(vic.line.raw.join('\n')).not.toMatch(/"present"|Ana Owner/)
    bens.line.close()
    const later = await ana.opens(vic.id)
    expect(present(later)).toEqual(['Ana Owner'])
  })

  it('[CV14][DL7] nothing of either is stored', async () => {
    const vic = await (await visitor()).arrives('hello')
    const ana = await agent()
    const before = await storedIn(object(vic.id))
    const [desk, other] = [await ana.opens(vic.id), await (await colleague('Ben')).opens(vic.id)]
    for (const where of ['reply', 'note', null] as const) {
      types(desk, where)
      types(vic, where)
    }
    await other.line.get(isSignal('note'))
    desk.line.close()
    await eventually(() => expect(present(other)).toEqual(['Ben']))
    expect(await storedIn(object(vic.id))).toBe(before)
    await asleep(object(vic.id))
    types(vic, 'reply')
    await other.line.get(isSignal('reply'), other.line.frames.length - 1)
    expect(await storedIn(object(vic.id))).toBe(before)
  })
})

describe('[DL7] a flood of signals', () => {
  /** What the seat heard of one writer since `from`, once everything sent before has gone through. */
  async function heard(seat: Seat, writer: Seat, from: number): Promise<Array<Signal['typing']>> {
    const fence = `fence ${crypto.randomUUID()}`
    await writer.says(fence)
    await seat.sees(fence)
    return signals(seat)
      .slice(from)
      .map((signal) => signal.typing)
  }

  it('[DL7] one visitor in many tabs reaches agents twenty times at once, and later again', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const tabs = [vic, await browser.opens(vic.id), await browser.opens(vic.id)]
    const ana = await (await agent()).opens(vic.id)
    for (let i = 0; i < 200; i += 1) for (const tab of tabs) types(tab, 'reply')
    for (const tab of tabs) await tab.does({ type: 'send_message', text: `through ${tab.instance}` })
    const burst = (await heard(ana, vic, 0)).length
    expect(burst).toBeGreaterThanOrEqual(20)
    expect(burst).toBeLessThan(40)
    // The flood has cost nobody but its writer: an agent is seen writing meanwhile.
    types(ana, 'reply')
    await vic.line.get(isSignal('reply'))
    await eventually(
      () => {
        types(vic, 'reply')
        expect(signals(ana).length).toBeGreaterThan(burst)
      },
      { interval: 300 },
    )
  })

  it.each([null, 'note'] as const)('[DL7] that a reply is no longer written is told however fast: %s', async (next) => {
    const vic = await (await visitor()).arrives('hello')
    const [ana, ben] = [await (await agent()).opens(vic.id), await (await colleague('Ben')).opens(vic.id)]
    await ana.says('I am here')
    for (let i = 0; i < 100; i += 1) types(ana, 'reply')
    types(ana, next)
    for (const seat of [vic, ben]) {
      const said = await heard(seat, ana, 0)
      expect(said.length).toBeLessThan(40)
      expect(said.slice(-2)).toEqual(['reply', null])
    }
  })

  it('[DL6] a cursor that jumps too fast is kept, and told with what follows', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const ana = await (await agent()).opens(vic.id)
    for (let i = 2; i <= 41; i += 1) await ana.says(`answer ${i}`)
    const from = ana.line.frames.length
    for (let n = 1; n <= 40; n += 1) vic.line.send({ type: 'seen', public: n })
    await vic.says('read it')
    await ana.sees('read it')
    const told = ana.line.frames.slice(from).filter((frame) => frame.type === 'cursors')
    expect(told.length).toBeGreaterThanOrEqual(10)
    expect(told.length).toBeLessThan(20)
    const later = await (await agent()).opens(vic.id)
    expect(later.line.frames[0]).toMatchObject({ type: 'welcome', cursors: { visitor: 40 } })
  })

  it.each([
    ['pages', { type: 'more', before: { public: 1 } }],
    ['frames that cannot be read', '{"type":"dance"}'],
  ])('[DL8] a socket that asks for too many %s is closed to come again later, and others stay', async (_, frame) => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const ana = await (await agent()).opens(vic.id)
    for (let i = 0; i < 400; i += 1) vic.line.send(frame)
    expect(await vic.line.gone()).toBe(CLOSE.later)
    expect(vic.line.frames.length).toBeLessThan(120)
    await ana.says('still here')
    const back = await browser.opens(vic.id)
    await back.sees('still here')
  })
})

describe('[PR2] whose session has run out', () => {
  it.each([
    ['said', (vic: Seat) => vic.says('secret')],
    ['being written', async (vic: Seat) => types(vic, 'reply')],
    ['read', async (vic: Seat) => vic.line.send({ type: 'seen', public: 2 })],
  ])('[PR2] hears nothing of what is %s, though they only listen, and is asked to show it again', async (_, act) => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const [ben, ana] = [await colleague('Ben'), await colleague('Ana')]
    const forYears = 'UPDATE sessions SET expires_at = 4e12 WHERE user_id = (SELECT user_id FROM members WHERE id = ?)'
    await env.DB.prepare(forYears).bind(ana.member).run()
    const [over, holds] = [await ben.opens(vic.id), await ana.opens(vic.id)]
    await over.line.get((frame) => frame.type === 'present' && frame.list.length === 2)
    const before = over.line.raw.length
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 86_400_000 })
    const from = holds.line.frames.length
    await act(vic)
    expect(await over.line.gone()).toBe(CLOSE.renew)
    await holds.line.get((frame) => frame.type !== 'present', from)
    vi.useRealTimers()
    expect(over.line.raw.slice(before)).toEqual([])
    await eventually(() => expect(present(holds)).toEqual(['Ana']))
  })
})
