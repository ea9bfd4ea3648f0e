/**
 * What a conversation costs, counted exactly: rows written by the objects and by D1, requests to the objects.
 * The figures are printed; the ceilings are asserted, so that a change that makes it dearer is noticed.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { Inbox } from '../../durable-objects/inbox/inbox.ts'
import { agent, inboxStub, visitor } from '../support/play.ts'

const MESSAGES = 10
const APART_MS = 20_000

interface Counts {
  conversationRows: number
  inboxRows: number
  d1Rows: number
  d1Batches: number
  frames: number
  requests: number
}
const none = (): Counts => ({ conversationRows: 0, inboxRows: 0, d1Rows: 0, d1Batches: 0, frames: 0, requests: 0 })
let counts = none()
/** Whose turn it is: an object's method runs to its first await before another's begins. */
let turn: 'conversation' | 'inbox' = 'conversation'

type Method = (...args: unknown[]) => unknown

function spy(prototype: object, name: string, around: (run: () => unknown) => unknown): () => void {
  const original = Reflect.get(prototype, name) as Method
  Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]) {
    return around(() => original.apply(this, args))
  })
  return () => Reflect.set(prototype, name, original)
}

function counting(object: 'conversation' | 'inbox', count: () => void) {
  return (run: () => unknown) => {
    turn = object
    count()
    return run()
  }
}

let undo: Array<() => void> = []

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  counts = none()
  const request = () => {
    counts.requests += 1
  }
  const frame = () => {
    counts.frames += 1
  }
  undo = [
    ...['fetch', 'dispatch', 'alarm'].map((name) =>
      spy(Conversation.prototype, name, counting('conversation', request)),
    ),
    ...['webSocketMessage', 'webSocketClose'].map((name) =>
      spy(Conversation.prototype, name, counting('conversation', frame)),
    ),
    ...['fetch', 'update', 'alarm', 'overlay', 'admitStart', 'viewing', 'left'].map((name) =>
      spy(Inbox.prototype, name, counting('inbox', request)),
    ),
  ]
  const { workspace } = await agent()
  await runInDurableObject(inboxStub(workspace), (_inbox, ctx) => {
    const sql = Object.getPrototypeOf(ctx.storage.sql) as object
    const storage = Object.getPrototypeOf(ctx.storage) as object
    const rows = (n: number) => {
      counts[turn === 'inbox' ? 'inboxRows' : 'conversationRows'] += n
    }
    undo.push(
      spy(sql, 'exec', (run) => {
        const cursor = run() as { rowsWritten: number }
        rows(cursor.rowsWritten)
        return cursor
      }),
      spy(storage, 'setAlarm', (run) => {
        rows(1)
        return run()
      }),
    )
  })
  undo.push(
    spy(Object.getPrototypeOf(env.DB) as object, 'batch', async (run) => {
      counts.d1Batches += 1
      const results = (await run()) as Array<{ meta: { rows_written: number } }>
      for (const result of results) counts.d1Rows += result.meta.rows_written
      return results
    }),
  )
})

afterEach(() => {
  for (const restore of undo.reverse()) restore()
  vi.useRealTimers()
})

describe('a conversation of ten messages, twenty seconds apart', () => {
  it('costs what docs/design/scale.md says', { timeout: 60_000 }, async () => {
    const ana = await agent()
    const watching = await ana.watches()
    const browser = await visitor()
    const started = await browser.start('message 0')
    const id = started.body.id as string
    const creation = { ...counts }
    const [vic, desk] = [await browser.opens(id), await ana.opens(id)]
    counts = none()
    let alarmAt = 0
    for (let i = 1; i < MESSAGES; i += 1) {
      const [writer, reader] = i % 2 === 0 ? [vic, desk] : [desk, vic]
      // Twenty seconds of silence: the object sleeps.
      vi.setSystemTime(Date.now() + APART_MS)
      await evictDurableObject(env.CONVERSATION.getByName(id))
      const due = await runInDurableObject(env.CONVERSATION.getByName(id), (_object, ctx) => ctx.storage.getAlarm())
      if (due !== null && due <= Date.now() && due !== alarmAt) {
        alarmAt = due
        await runDurableObjectAlarm(env.CONVERSATION.getByName(id))
      }
      await writer.says(`message ${i}`)
      await reader.sees(`message ${i}`)
      const head = reader.entries.filter((e) => !('after' in e)).at(-1)?.n ?? 0
      reader.line.send({ type: 'seen', public: head })
      await writer.line.get((f) => f.type === 'cursors' && Math.max(f.cursors.agents, f.cursors.visitor) >= head)
      await watching.get((f) => f.type === 'rows' && f.list.some((r) => r.lastMessage?.text === `message ${i}`))
      await runInDurableObject(inboxStub(ana.workspace), async (inbox, ctx) => {
        const next = await ctx.storage.getAlarm()
        if (next !== null && next <= Date.now()) await inbox.alarm()
      })
    }
    vi.setSystemTime(Date.now() + 120_000)
    await runDurableObjectAlarm(env.CONVERSATION.getByName(id))
    await runDurableObjectAlarm(inboxStub(ana.workspace))
    console.info(
      `10 messages 20 s apart: ${counts.conversationRows} rows in the conversation (creation apart: ${creation.conversationRows}), ` +
        `${counts.inboxRows} in the inbox, ${counts.d1Rows} in D1 by ${counts.d1Batches} batches, ` +
        `${counts.requests} object requests and ${counts.frames} frames`,
    )
    expect(counts.conversationRows).toBeGreaterThanOrEqual(2 * (MESSAGES - 1))
    expect(counts.conversationRows).toBeLessThanOrEqual(26)
    expect(counts.inboxRows).toBeLessThanOrEqual(20)
    expect(counts.d1Rows).toBeLessThanOrEqual(25)
    expect(counts.requests + counts.frames / 20).toBeLessThanOrEqual(24)
  })

  it('[DL2] a repeat writes nothing, in any object', async () => {
    const vic = await (await visitor()).arrives('hello')
    const { id } = await vic.says('once')
    await vi.waitFor(async () =>
      expect(
        (await inboxStub((await agent()).workspace).overlay()).rows.find((r) => r.id === vic.id)?.lastMessage?.text,
      ).toBe('once'),
    )
    counts = none()
    await vic.does({ type: 'send_message', text: 'once' }, { id, retry: true })
    vic.line.send('ping')
    vic.line.send({ type: 'seen', public: 2 })
    await vic.line.get((f) => f.type === 'cursors')
    expect([counts.conversationRows, counts.inboxRows, counts.d1Rows]).toEqual([0, 0, 0])
  })
})
