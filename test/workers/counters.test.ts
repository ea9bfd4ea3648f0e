/**
 * What a conversation costs, counted exactly: rows written by the objects and by D1, requests to the objects.
 * The figures are printed; the ceilings are asserted, so that a change that makes it dearer is noticed.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Position } from '../../core/conversation/entries.ts'
import { TAIL_MAX } from '../../core/conversation/replay.ts'
import type { ConversationId } from '../../core/ids.ts'
import { Drain } from '../../durable-objects/conversation/drain.ts'
import { asleep, behind } from '../support/asleep.ts'
import { Counting } from '../support/counting.ts'
import { eventually } from '../support/eventually.ts'
import { isHeard } from '../support/heard.ts'
import { agent, inboxStub, indexed, visitor } from '../support/play.ts'
import { rings } from '../support/rings.ts'
import { scripted } from '../support/scripted.ts'

const MESSAGES = 10
const APART_MS = 20_000

let counting: Counting

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  counting = await Counting.begin((await agent()).workspace)
})

afterEach(() => {
  counting.end()
  vi.useRealTimers()
})

const viewers = (workspace: string, id: string) =>
  runInDurableObject(
    inboxStub(workspace),
    (_inbox, ctx) => ctx.storage.sql.exec('SELECT 1 FROM viewing WHERE id = ?', id).toArray().length,
  )
/** How many of these moments lie in one second, whichever holds the most. */
const mostInASecond = (times: readonly number[]) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length))

describe('a conversation of ten messages, twenty seconds apart', () => {
  it('costs what docs/design/scale.md says', { timeout: 60_000 }, async () => {
    const ana = await agent()
    const watching = await ana.watches()
    const browser = await visitor()
    counting.reset()
    const started = await browser.start('message 0')
    const id = started.body.id as string
    const creation = { ...counting.counts }
    const [vic, desk] = [await browser.opens(id), await ana.opens(id)]
    await eventually(async () => expect(await viewers(ana.workspace, id)).toBe(1))
    const opening = { ...counting.counts }
    let alarmAt = 0
    for (let i = 1; i < MESSAGES; i += 1) {
      const [writer, reader] = i % 2 === 0 ? [vic, desk] : [desk, vic]
      // Twenty seconds of silence: the object sleeps.
      vi.setSystemTime(Date.now() + APART_MS)
      await asleep(env.CONVERSATION.getByName(id))
      const due = await runInDurableObject(env.CONVERSATION.getByName(id), (_object, ctx) => ctx.storage.getAlarm())
      if (due !== null && due <= Date.now() && due !== alarmAt) {
        alarmAt = due
        await rings(env.CONVERSATION.getByName(id))
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
    await rings(env.CONVERSATION.getByName(id))
    await rings(inboxStub(ana.workspace))
    const { counts } = counting
    const conversationRows = counts.conversationRows - creation.conversationRows
    const inboxRows = counts.inboxRows - opening.inboxRows
    console.info(
      `10 messages 20 s apart: ${creation.conversationRows} and ${conversationRows} rows in the conversation, ` +
        `${opening.inboxRows} and ${inboxRows} in the inbox until both are there and after it, ` +
        `${counts.d1Rows} in D1 by ${counts.d1Batches} batches, ${counts.requests} object requests and ${counts.frames} frames`,
    )
    expect(conversationRows).toBeGreaterThanOrEqual(2 * (MESSAGES - 1))
    expect(creation.conversationRows).toBeLessThanOrEqual(6)
    expect(conversationRows).toBeLessThanOrEqual(26)
    expect(opening.inboxRows).toBeLessThanOrEqual(8)
    expect(inboxRows).toBeLessThanOrEqual(20)
    expect(counts.d1Rows).toBeLessThanOrEqual(25)
    // The beginning included, and both openings.
    expect(counts.requests + counts.frames / 20).toBeLessThanOrEqual(24)
  })

  it('[DL2] a repeat writes nothing, in any object', async () => {
    const vic = await (await visitor()).arrives('hello')
    const { id } = await vic.says('once')
    const { workspace } = await agent()
    await isHeard(workspace, vic.id, { text: 'once' })
    // Nothing that was said before is still to be written.
    await indexed(workspace)
    counting.reset()
    await vic.does({ type: 'send_message', text: 'once' }, { id, retry: true })
    vic.line.send('ping')
    vic.line.send({ type: 'seen', public: 2 })
    await vic.line.get((f) => f.type === 'cursors')
    const { counts } = counting
    expect([counts.conversationRows, counts.inboxRows, counts.d1Rows]).toEqual([0, 0, 0])
  })
})

describe('automatic assignment', () => {
  it('[CV6] costs the inbox object one row more than assigning by hand: whose turn it was', async () => {
    const ana = await agent()
    await ana.watches()
    const rows = async (assign: (id: string) => Promise<unknown>) => {
      // Rows and markers of before are out of the way, and with them the alarm.
      await indexed(ana.workspace)
      counting.reset()
      const { id } = (await (await visitor()).start('hello')).body as { id: string }
      await assign(id)
      await isHeard(ana.workspace, id, { assignee: ana.member })
      return counting.counts.inboxRows
    }
    const set = (autoAssign: string) => ana.ask('/api/v1/policies', { method: 'PATCH', body: { autoAssign } })
    const byHand = await rows((id) =>
      ana.ask(`/api/v1/conversations/${id}`, { method: 'PATCH', body: { assignee: ana.member } }),
    )
    await set('round_robin')
    const byItself = await rows(async () => {})
    await set('off')
    console.info(`assigned by hand: ${byHand} rows in the inbox, by itself: ${byItself}`)
    expect(byItself).toBeLessThanOrEqual(byHand + 1)
  })
})

describe('a transcript by mail', () => {
  it('[TR4] costs the conversation about eight rows, from the request to what became of it', async () => {
    const ana = await agent()
    const insert = `INSERT INTO senders (id, workspace_id, address, verified_at, created_at, code_hash, code_expires_at, tries_left)
      VALUES ('sd_c', ?, 'help@shop.example', 1, 1, '', 0, 0)`
    await env.DB.prepare(insert).bind(ana.workspace).run()
    const { id } = (await (await visitor()).start('hello')).body as { id: string }
    const path = `/api/v1/conversations/${id}/transcripts`
    const sends = async () => {
      counting.reset()
      const { body } = await ana.ask(path, { body: { to: 'vic@example.com', from: 'help@shop.example', name: 'Shop' } })
      await eventually(
        async () => {
          const { list } = (await ana.ask(path)).body
          expect(list.find(({ request }: { request: number }) => request === body.request)?.state).toBe('done')
        },
        { interval: 500 },
      )
      return counting.counts.conversationRows
    }
    const [first, second] = [await sends(), await sends()]
    console.info(`a transcript: ${first} rows in the conversation, its table included; the next ${second}`)
    expect(second).toBeLessThanOrEqual(9)
    expect(first).toBeLessThanOrEqual(12)
  })
})

describe('reading', () => {
  it.each(['visitor', 'ana'] as const)(
    '[DL4] a page of history that %s asks for reads two rows more than it has, and one for each edit in it',
    async (who) => {
      const { id, dispatch, stub, identity } = await scripted()
      await dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
      for (let n = 1; n <= 40; n += 1) {
        await dispatch('ana', `a:${n}`, { type: 'send_message', text: `message ${n}` })
        if (n % 2 === 0) await dispatch('ana', `n:${n}`, { type: 'add_note', text: `note ${n}` })
      }
      for (const ref of [10, 20]) await dispatch('ana', `e:${ref}`, { type: 'edit_message', ref, text: 'put right' })
      const read = async (limit: number, before?: Position) => {
        counting.reset()
        const page = await stub().page(identity(who), { limit, before })
        if (!page.ok) throw new Error(page.refusal.code)
        expect(page.list).toHaveLength(limit)
        const edits = page.list.filter(({ type }) => type === 'message.edited').length
        return { over: counting.counts.conversationReads - limit - edits, next: page.next ?? undefined }
      }
      let before: Position | undefined
      for (const limit of [5, 12, 20]) {
        const { over, next } = await read(limit, before)
        expect(over).toBeLessThanOrEqual(2)
        before = next
      }
      // Who was asleep reads first what it is: its record, and the newest messages that are not in it yet.
      await asleep(env.CONVERSATION.getByName(id))
      const woken = (await read(5)).over - (await read(5)).over
      expect(woken).toBeLessThanOrEqual(1 + TAIL_MAX)
    },
  )

  it('[DL1] a message reads at most five rows, however long the conversation is and whoever slept', async () => {
    const { dispatch, id, stub } = await scripted()
    await dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    for (let n = 2; n <= 60; n += 1) await dispatch('visitor', `v:${n}`, { type: 'send_message', text: `message ${n}` })
    counting.reset()
    await dispatch('visitor', 'v:61', { type: 'send_message', text: 'awake' })
    expect(counting.counts.conversationReads).toBeLessThanOrEqual(5)
    // The platform lets nobody sleep before ten seconds without work: by then what follows a burst is done.
    await eventually(async () => expect(await behind(stub())).toBeLessThanOrEqual(TAIL_MAX))
    await asleep(env.CONVERSATION.getByName(id))
    counting.reset()
    await dispatch('visitor', 'v:62', { type: 'send_message', text: 'from sleep' })
    expect(counting.counts.conversationReads).toBeLessThanOrEqual(5)
  })
})

describe('what writes nothing', () => {
  it('[DL7][CV14] typing, presence, a ping and what was seen, in any object or table', async () => {
    const ana = await agent()
    const watching = await ana.watches()
    const vic = await (await visitor()).arrives('hello')
    const desk = await ana.opens(vic.id)
    await eventually(async () => expect(await viewers(ana.workspace, vic.id)).toBe(1))
    for (const text of ['one', 'two', 'three']) await vic.says(text)
    await watching.get((frame) => frame.type === 'rows' && frame.list.some((row) => row.lastMessage?.text === 'three'))
    const written = async (seen: number) => {
      counting.reset()
      const [desks, visitors] = [desk.line.frames.length, vic.line.frames.length]
      vic.line.send({ type: 'typing', in: 'reply' })
      await desk.line.get((frame) => frame.type === 'signal', desks)
      desk.line.send({ type: 'seen', public: seen })
      await vic.line.get((frame) => frame.type === 'cursors', visitors)
      for (const state of ['away', 'here'] as const) {
        const from = watching.frames.length
        watching.send({ type: 'presence', state })
        await watching.get((frame) => frame.type === 'members', from)
      }
      for (const line of [vic.line, desk.line, watching]) {
        const pongs = () => line.raw.filter((text) => text === 'pong').length
        const before = pongs()
        line.send('ping')
        await eventually(() => expect(pongs()).toBe(before + 1))
      }
      const { frames, conversationRows, inboxRows, d1Rows, d1Asked } = counting.counts
      expect(frames).toBe(4)
      return conversationRows + inboxRows + d1Rows + d1Asked
    }
    // An index that is being written for what was said before would count: then it is done once more.
    const tries: number[] = []
    while (tries.at(-1) !== 0 && tries.length < 4) {
      await indexed(ana.workspace)
      tries.push(await written(2 + tries.length))
    }
    expect(tries).toContain(0)
  })

  it('[DL8] a ping, which does not even wake the object', async () => {
    const vic = await (await visitor()).arrives('hello')
    await asleep(env.CONVERSATION.getByName(vic.id))
    counting.reset()
    vic.line.send('ping')
    await eventually(() => expect(vic.line.raw).toContain('pong'))
    expect([counting.counts.frames, counting.counts.woken]).toEqual([0, 0])
    // The same count does see an object that wakes.
    await vic.says('still here')
    expect([counting.counts.frames, counting.counts.woken]).toEqual([1, 1])
  })
})

describe('D1', () => {
  it('[CV1] is asked at most once by a connect and not at all by a message', async () => {
    const [browser, ana] = [await visitor(), await agent()]
    const { id } = (await browser.start('hello')).body as { id: string }
    await isHeard(ana.workspace, id, {})
    await indexed(ana.workspace)
    counting.reset()
    const vic = await browser.opens(id)
    expect(counting.counts.d1Asked).toBe(0)
    const desk = await ana.opens(id)
    expect(counting.counts.d1Asked).toBeLessThanOrEqual(1)
    counting.reset()
    await vic.says('anybody there?')
    await desk.says('yes')
    expect(counting.counts.d1Asked).toBe(0)
  })
})

describe('the list of a workspace', () => {
  // The drains, the inbox object, its rows and its dashboards are real; the clock, and what is said, are not.
  it('[IB11] shows at most two events per conversation in any second, with 1,000 open and 100 messages a second', async () => {
    const ana = await agent()
    const desks = await Promise.all([ana.watches(), ana.watches(), ana.watches()])
    const script = await scripted()
    await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    const row = { ...(await script.row()), workspace: ana.workspace }
    const began = Date.now()
    /** When each revision was told, by conversation. */
    const toldAt = new Map<string, number>()
    const timers: Array<{ at: number; run(): void }> = []
    const rate = { conversations: 1_000, perSecond: 100, seconds: 8, hot: 5 }
    await runInDurableObject(inboxStub(ana.workspace), async (inbox, ctx) => {
      const open = Array.from({ length: rate.conversations }, (_, i) => {
        const drain = new Drain({
          now: Date.now,
          instructed: () => {},
          tell: async (told, urgent) => {
            toldAt.set(`${told.id} ${told.rev}`, Date.now())
            await inbox.update(told, urgent)
            return null
          },
          told: () => 0,
          noteTold: () => {},
          after: (ms, run) => void timers.push({ at: Date.now() + ms, run }),
          report: () => expect.unreachable(),
        })
        return { drain, id: `c${i}` as ConversationId, rev: 1 }
      })
      const says = (one: (typeof open)[number]) => {
        one.rev += 1
        const { id, rev } = one
        one.drain.changed(() => ({ ...row, id, rev }), false)
      }
      for (const one of open) says(one)
      const every = 1_000 / rate.perSecond
      for (let sent = 0; sent < rate.perSecond * rate.seconds; sent += 1) {
        vi.setSystemTime(began + 2_000 + sent * every)
        const { hot } = rate
        const one = open[sent % 2 === 0 ? (sent / 2) % hot : hot + (((sent - 1) / 2) % (open.length - hot))]
        if (one) says(one)
        for (const timer of timers.splice(0)) timer.at <= Date.now() ? timer.run() : timers.push(timer)
        // As long as a telling takes to be answered.
        for (let i = 0; i < 5; i += 1) await Promise.resolve()
      }
      ctx.storage.sql.exec('DELETE FROM dirty')
      ctx.storage.sql.exec('DELETE FROM known')
    })
    const shown = (desk: (typeof desks)[number]) =>
      desk.frames.flatMap((frame) => (frame.type === 'rows' ? frame.list : [])).filter(({ id }) => /^c\d+$/.test(id))
    await eventually(() => expect(desks.map((desk) => shown(desk).length)).toEqual(desks.map(() => toldAt.size)))
    for (const desk of desks) {
      const times = new Map<string, number[]>()
      for (const { id, rev } of shown(desk)) times.set(id, [...(times.get(id) ?? []), toldAt.get(`${id} ${rev}`) ?? 0])
      expect(times.size).toBe(rate.conversations)
      const most = [...times.values()].map(mostInASecond)
      // The busiest are told of as often as may be, and no more.
      expect(Math.max(...most)).toBe(2)
    }
  })

  it('[IB11] is one frame per dashboard for each telling, with fifty of them', async () => {
    const ana = await agent()
    const desks = await Promise.all(Array.from({ length: 50 }, () => ana.watches()))
    const { id } = (await (await visitor()).start('to everybody')).body as { id: string }
    const about = (frame: { type: string }) => frame.type === 'rows' && JSON.stringify(frame).includes(id)
    await Promise.all(desks.map((desk) => desk.get(about)))
    for (const desk of desks) expect(desk.frames.filter(about)).toHaveLength(1)
  })
})
