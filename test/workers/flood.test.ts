/** One visitor against the limits of DL9, with all the connections they like. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it, vi } from 'vitest'
import { FLOOD_LIMITS, FRAME_LIMITS } from '../../core/conversation/limits.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { Inbox } from '../../durable-objects/inbox/inbox.ts'
import { eventually } from '../support/eventually.ts'
import { agent, type Seat, visitor } from '../support/play.ts'

const SOCKETS = 20
const MESSAGES = 10_000 * Math.min(1, Number(env.TEST_SCALE))

/** What came back to one connection for what was sent through it. */
function answersTo(seat: Seat) {
  const refused = seat.line.frames.flatMap((frame) => (frame.type === 'refused' ? [frame] : []))
  const taken = seat.entries.filter((entry) => entry.clientId?.startsWith(`${seat.instance}:`))
  return { refused, taken }
}

it('[Q11][DL9] 10,000 messages through 20 sockets: held to the limit, stored as taken, others go on', {
  timeout: 120_000,
}, async () => {
  const browser = await visitor({ ip: '203.0.113.91' })
  const { id } = await browser.arrives('first')
  const seats = await Promise.all(Array.from({ length: SOCKETS }, () => browser.opens(id)))
  const bystander = await (await visitor({ ip: '203.0.113.92' })).arrives('somebody else')
  const desk = await (await agent()).opens(id)

  const began = Date.now()
  for (let n = 1; n <= MESSAGES / SOCKETS; n += 1)
    for (const seat of seats)
      seat.line.send({
        type: 'command',
        id: `${seat.instance}:${n}`,
        command: { type: 'send_message', text: `flood ${n}` },
      })
  // In the middle of it: nobody else waits for it to be over.
  await desk.notes('what is this?')
  await bystander.says('I am still served')
  const answered = () =>
    seats.map(answersTo).reduce((sum, { refused, taken }) => sum + refused.length + taken.length, 0)
  await eventually(() => expect(answered()).toBe(MESSAGES), { timeout: 100_000, interval: 50 })

  const took = Date.now() - began
  const taken = seats.reduce((sum, seat) => sum + answersTo(seat).taken.length, 0)
  const { quick } = FLOOD_LIMITS
  expect(taken).toBeGreaterThanOrEqual(quick.burst - 1)
  expect(taken).toBeLessThanOrEqual(quick.burst + Math.ceil(took / quick.everyMs))
  for (const seat of seats) {
    expect(seat.line.closed).toBeNull()
    for (const no of answersTo(seat).refused) {
      expect(no.code).toBe('rate_limited')
      expect(no.retryAt).toBeGreaterThanOrEqual(began)
    }
  }
  const rows = await runInDurableObject(
    env.CONVERSATION.getByName(id),
    (_, ctx) => ctx.storage.sql.exec("SELECT count(*) AS n FROM public_log WHERE type = 'message.created'").one()['n'],
  )
  expect(rows).toBe(taken + 1)
})

it('[Q11][DL9] one visitor opens sockets without end: what is too many is told to come back later, others come in', async () => {
  const browser = await visitor({ ip: '203.0.113.93' })
  const { id } = await browser.arrives('first')
  const opened = vi.spyOn(Inbox.prototype, 'opened')
  const { burst } = FRAME_LIMITS.open
  const lines = await Promise.all(Array.from({ length: burst + 20 }, () => browser.knocks(id)))
  const desk = await (await agent()).opens(id)
  await desk.notes('who is knocking?')
  const codes = lines.flatMap(({ closed }) => closed?.code ?? [])
  expect(new Set(codes)).toEqual(new Set([CLOSE.later]))
  expect(lines.length - codes.length).toBeGreaterThanOrEqual(burst - 1)
  expect(opened.mock.calls.length).toBeLessThanOrEqual(lines.length - codes.length + 1)
  opened.mockRestore()
})
