import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Entry, isTeam, type MessageEntry } from '../../core/conversation/entries.ts'
import { rewrites, rewritten } from '../../core/conversation/rewrite.ts'
import type { SocketCommand } from '../../core/protocol/frames.ts'
import { asleep } from '../support/asleep.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { storedIn, storedInD1 } from '../support/corpora/stored.ts'
import { eventually } from '../support/eventually.ts'
import { agent, colleague, inboxStub, indexed, type Seat, visitor } from '../support/play.ts'

const CANARY = 'canary-91ab-it-was-never-said'
const WINDOW = 15 * 60_000

const object = (id: string) => env.CONVERSATION.getByName(id)
const lastMessage = (seat: Seat) => seat.entries.findLast((entry) => entry.type === 'message.created')?.n ?? 0

/** The code of a refusal, or `ok`. */
async function tried(seat: Seat, command: SocketCommand): Promise<string> {
  const { answer } = await seat.does(command)
  return answer.type === 'refused' ? answer.code : 'ok'
}

/** The messages as a client has them that applied every entry in the order of its arrival. */
function messagesOf(seat: Seat): MessageEntry[] {
  const held = new Map<number, MessageEntry>()
  for (const entry of seat.entries) {
    if (entry.type === 'message.created') held.set(entry.n, entry)
    const message = held.get(rewrites(entry) ?? 0)
    if (message) held.set(message.n, rewritten(message, entry))
  }
  return [...held.values()].sort((a, b) => a.n - b.n)
}

describe('[MS8] who may edit and delete, and until when', () => {
  afterEach(() => vi.useRealTimers())

  it('[MS8] one’s own for fifteen minutes to the millisecond; an administrator deletes any, at any time', async () => {
    const [ben, adam] = [await colleague('Ben'), await colleague('Adam', 'admin')]
    const vic = await (await visitor()).arrives('hello')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const path = `/api/v1/conversations/${vic.id}/messages`
    const said = async (n: number) => {
      const { body } = await ben.ask(path, { body: { clientId: `b:${n}`, text: `message ${n}` } })
      return body.entries.find((entry: Entry) => entry.type === 'message.created') as Entry
    }
    const [one, two, three] = [await said(1), await said(2), await said(3)]
    const edit = (n: number, text: string) => ben.ask(`${path}/${n}`, { method: 'PATCH', body: { text } })
    const erase = (who: typeof ben, n: number) => who.ask(`${path}/${n}`, { method: 'DELETE' })
    vi.setSystemTime(one.at + WINDOW)
    expect((await edit(one.n, 'in time')).status).toBe(200)
    expect((await erase(ben, two.n)).status).toBe(200)
    vi.setSystemTime(three.at + WINDOW + 1)
    expectProblem(await edit(three.n, 'too late'), 409, 'edit_window_over')
    expectProblem(await erase(ben, three.n), 409, 'edit_window_over')
    // An edit does not open the window anew.
    expectProblem(await edit(one.n, 'once more'), 409, 'edit_window_over')
    expectProblem(
      await adam.ask(`${path}/${three.n}`, { method: 'PATCH', body: { text: 'not mine' } }),
      403,
      'not_allowed',
    )
    vi.setSystemTime(three.at + 10 * 86_400_000)
    for (const n of [one.n, three.n, 2]) expect((await erase(adam, n)).status).toBe(200)
    const texts = (await adam.ask(`/api/v1/conversations/${vic.id}/entries?limit=200`)).body.list.flatMap((e: Entry) =>
      e.type === 'message.created' ? [e.body.text] : [],
    )
    expect(texts).toEqual(['', '', '', ''])
  })

  it('[MS8] not where the visitor reads it elsewhere; an administrator takes it from Foyer all the same', async () => {
    const [ana, ben] = [await agent(), await colleague('Ben')]
    const { body: channel } = await ana.ask('/api/v1/channels', { body: { kind: 'email', name: 'Mail' } })
    const { id } = (await ana.ask('/api/v1/conversations', { body: { channel: channel.id, text: 'hi', contact: {} } }))
      .body
    const path = `/api/v1/conversations/${id}/messages`
    const { body } = await ben.ask(path, { body: { clientId: 'b:1', text: 'sent by mail' } })
    const { n } = body.entries.find((entry: Entry) => entry.type === 'message.created') as Entry
    const refused = expectProblem(
      await ben.ask(`${path}/${n}`, { method: 'PATCH', body: { text: 'changed' } }),
      409,
      'edit_unavailable',
    )
    expect(refused.detail).toContain('Email')
    expectProblem(await ben.ask(`${path}/${n}`, { method: 'DELETE' }), 409, 'edit_unavailable')
    expect((await ana.ask(`${path}/${n}`, { method: 'DELETE' })).status).toBe(200)
  })

  it('[CV8][MS8] who lost the conversation puts no other words before the visitor, by socket or HTTP, and may take them back', async () => {
    const [ana, ben] = [await agent(), await colleague('Ben')]
    const decide = (mayWrite: string) => ana.ask('/api/v1/policies', { method: 'PATCH', body: { mayWrite } })
    const vic = await (await visitor()).arrives('hello')
    const path = `/api/v1/conversations/${vic.id}`
    const desk = await ben.opens(vic.id)
    await desk.says('from Ben')
    const ref = lastMessage(desk)
    await decide('assignee_and_collaborators')
    await ana.ask(path, { method: 'PATCH', body: { assignee: ana.member } })
    const edit = { type: 'edit_message', ref, text: CANARY } as const
    expect(await tried(desk, edit)).toBe('not_allowed')
    const byHttp = await ben.ask(`${path}/messages/${ref}`, { method: 'PATCH', body: { text: CANARY } })
    expectProblem(byHttp, 403, 'not_allowed')
    await ana.ask(`${path}/collaborators`, { body: { member: ben.member } })
    expect(await tried(desk, { ...edit, text: 'as a follower' })).toBe('ok')
    await ana.ask(`${path}/collaborators/${ben.member}`, { method: 'DELETE' })
    expect(await tried(desk, edit)).toBe('not_allowed')
    expect(await tried(desk, { type: 'delete_message', ref })).toBe('ok')
    expect(vic.line.raw.join()).not.toContain(CANARY)
    await decide('anyone')
  })

  it('[DL2] what was edited or deleted is still known by what it said first, and by nothing later', async () => {
    const ben = await colleague('Ben')
    const vic = await (await visitor()).arrives('hello')
    const path = `/api/v1/conversations/${vic.id}/messages`
    const post = (text: string) => ben.ask(path, { body: { clientId: 'b:1', text } })
    const bearerOf = ({ body }: Awaited<ReturnType<typeof post>>) =>
      (body.entries as Entry[]).find((entry) => entry.clientId === 'b:1')
    const { n } = bearerOf(await post('first')) as Entry
    expect(bearerOf(await post('first'))?.n).toBe(n)
    expectProblem(await post('second'), 422, 'client_id_conflict')
    await ben.ask(`${path}/${n}`, { method: 'PATCH', body: { text: 'second' } })
    await ben.ask(`${path}/${n}`, { method: 'PATCH', body: { text: 'third' } })
    expect(bearerOf(await post('first'))).toMatchObject({ n, body: { text: 'third' } })
    for (const text of ['second', 'third']) expectProblem(await post(text), 422, 'client_id_conflict')
    await ben.ask(`${path}/${n}`, { method: 'DELETE' })
    expect(bearerOf(await post('first'))).toMatchObject({ n, body: { text: '' } })
    expectProblem(await post(''), 422, 'client_id_conflict')
  })

  it('[MS8] everybody else is refused, and so is what is no message', async () => {
    const vic = await (await visitor()).arrives('hello')
    const [ana, ben, desk] = [await agent(), await colleague('Ben'), await (await agent()).opens(vic.id)]
    await desk.says('an answer')
    const other = await ben.opens(vic.id)
    const ref = lastMessage(desk)
    for (const seat of [other, vic])
      for (const command of [
        { type: 'edit_message', ref, text: CANARY },
        { type: 'delete_message', ref },
      ] as const)
        expect(await tried(seat, command)).toBe('not_allowed')
    expect(await tried(vic, { type: 'delete_message', ref: 2 })).toBe('not_allowed')
    expect(await tried(other, { type: 'delete_message', ref: 2 })).toBe('not_allowed')
    expect(await tried(desk, { type: 'edit_message', ref: 2, text: 'put into their mouth' })).toBe('not_allowed')
    // The first entry says that it started: no message. Neither is what is not there.
    for (const nothing of [1, 999, Number.MAX_SAFE_INTEGER])
      for (const command of [
        { type: 'edit_message', ref: nothing, text: 'x' },
        { type: 'delete_message', ref: nothing },
      ] as const)
        expect(await tried(desk, command)).toBe('message_not_found')
    await desk.notes('a note')
    expectProblem(await ana.ask(`/api/v1/conversations/${vic.id}/messages/t1`, { method: 'DELETE' }), 422)
    expect(JSON.stringify(vic.line.raw)).not.toContain(CANARY)
    expect(messagesOf(desk).map((m) => m.body.text)).toEqual(['hello', 'an answer'])
  })
})

describe('[MS8] the old text is gone everywhere', () => {
  it.each([
    ['edited', { type: 'edit_message', text: 'what it says now' }],
    ['deleted', { type: 'delete_message' }],
  ] as const)('[MS8] after it was %s: no table of any object, nor of D1, nor any answer has it', async (_, change) => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const ana = await agent()
    const desk = await ana.opens(vic.id)
    const watching = await ana.watches()
    await desk.says(CANARY)
    await vic.sees(CANARY)
    await watching.get((f) => f.type === 'rows' && f.list.some((r) => r.lastMessage?.text === CANARY))
    await indexed(ana.workspace)
    // It was there: in the object, and in the index.
    expect(await storedIn(object(vic.id))).toContain(CANARY)
    expect(await storedInD1()).toContain(CANARY)
    const ref = lastMessage(desk)
    const [agentFrom, visitorFrom, inboxFrom] = [desk.line.raw.length, vic.line.raw.length, watching.raw.length]
    const now = 'text' in change ? change.text : ''
    await desk.does({ ...change, ref } as SocketCommand)
    await watching.get((f) => f.type === 'rows' && f.list.some((r) => r.lastMessage?.text === now), inboxFrom)
    expect(await storedIn(object(vic.id))).not.toContain(CANARY)
    await asleep(object(vic.id))
    await indexed(ana.workspace)
    expect(await storedIn(object(vic.id))).not.toContain(CANARY)
    expect(await storedIn(inboxStub(ana.workspace))).not.toContain(CANARY)
    expect(await storedInD1()).not.toContain(CANARY)
    const fresh = [
      await ana.opens(vic.id),
      await browser.opens(vic.id),
      await browser.opens(vic.id, `?public=${ref - 1}`),
    ]
    await fresh[0]?.more({ before: { public: 99, team: 99 } })
    await fresh[1]?.more({ after: { public: 0 } })
    const answers = await Promise.all([
      ana.ask(`/api/v1/conversations/${vic.id}`),
      ana.ask(`/api/v1/conversations/${vic.id}/entries`),
      ana.ask('/api/v1/conversations'),
    ])
    const received = [
      ...fresh.flatMap((seat) => seat.line.raw),
      ...desk.line.raw.slice(agentFrom),
      ...vic.line.raw.slice(visitorFrom),
      ...watching.raw.slice(inboxFrom),
      ...answers.map((answer) => JSON.stringify(answer.body)),
    ]
    expect(received.join('\n')).not.toContain(CANARY)
    for (const seat of fresh) {
      const message = messagesOf(seat).find((m) => m.n === ref)
      expect(message?.body).toEqual({ text: now, [now === '' ? 'deletedAt' : 'editedAt']: expect.any(Number) })
    }
    expect(answers[0]?.body.lastMessage).toMatchObject({ text: now })
  })

  it('[MS8] a visitor’s own words, deleted by an administrator, are gone as well', async () => {
    const browser = await visitor()
    const vic = await browser.arrives(CANARY)
    const adam = await (await colleague('Adam', 'admin')).opens(vic.id)
    expect(await tried(adam, { type: 'delete_message', ref: 2 })).toBe('ok')
    await vic.line.get((f) => f.type === 'entries' && f.list.some((e) => e.type === 'message.deleted'))
    await eventually(async () => expect(await storedIn(inboxStub((await agent()).workspace))).not.toContain(CANARY))
    expect(await storedIn(object(vic.id))).not.toContain(CANARY)
    // The same words sent again under their client id are recognised, not stored anew.
    const again = await browser.start(CANARY, vic.entries.find((e) => e.n === 2)?.clientId)
    expect(again.status).toBe(200)
    expect(await storedIn(object(vic.id))).not.toContain(CANARY)
  })

  it('[IB1] the row says it: the preview of the last message, and the revision', async () => {
    const vic = await (await visitor()).arrives('first')
    const ana = await agent()
    const desk = await ana.opens(vic.id)
    await desk.says('second')
    const rev = async () => (await ana.ask(`/api/v1/conversations/${vic.id}`)).body
    const before = await rev()
    await desk.does({ type: 'edit_message', ref: lastMessage(desk), text: 'second, better' })
    const edited = await rev()
    expect(edited.lastMessage).toEqual({ ...before.lastMessage, text: 'second, better' })
    expect([edited.rev, edited.lastMessageAt]).toEqual([before.rev + 1, before.lastMessageAt])
    await desk.does({ type: 'delete_message', ref: 2 })
    expect((await rev()).lastMessage).toEqual(edited.lastMessage)
    // What a visitor wrote counts, deleted or not: a count never goes back.
    expect((await rev()).visitorMessages).toBe(1)
  })
})

describe('[MS8] both sides see it', () => {
  it('[DL4] live, replayed, resumed and after hibernation: everybody ends with the same messages', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('one')
    const ana = await agent()
    const desk = await ana.opens(vic.id)
    await desk.says('two')
    const two = lastMessage(desk)
    await vic.does({ type: 'send_message', text: 'about two', quote: two })
    await desk.says('three')
    const three = lastMessage(desk)
    const steps: SocketCommand[] = [
      { type: 'edit_message', ref: two, text: 'two, better' },
      { type: 'edit_message', ref: two, text: 'two, best' },
      { type: 'edit_message', ref: three, text: 'three!' },
      { type: 'delete_message', ref: two },
      { type: 'delete_message', ref: 2 },
    ]
    for (const [i, command] of steps.entries()) {
      if (i % 2 === 0) await asleep(object(vic.id))
      expect(await tried(desk, command)).toBe('ok')
      await vic.line.get(
        (f) => f.type === 'entries' && f.list.some((e) => e.n === desk.entries.at(-1)?.n && !isTeam(e)),
      )
      const fresh = [await ana.opens(vic.id), await browser.opens(vic.id)]
      expect(messagesOf(desk)).toEqual(messagesOf(fresh[0] as Seat))
      expect(messagesOf(vic)).toEqual(messagesOf(fresh[1] as Seat))
      for (const seat of fresh) seat.line.close()
    }
    // Dense for the visitor, and a quote still points where it pointed.
    const numbers = vic.entries.map((entry) => entry.n)
    expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: Math.max(...numbers) }, (_, i) => i + 1),
    )
    const quoting = messagesOf(vic).find((m) => m.body.text === 'about two')
    expect(quoting?.body.quote).toBe(two)
    expect(messagesOf(vic).find((m) => m.n === two)?.body).toMatchObject({ text: '', deletedAt: expect.any(Number) })
    // A client that slept through all of it.
    const resumed = await browser.opens(vic.id, `?public=${three}`)
    expect(resumed.entries.map((e) => e.type)).toEqual([
      'message.edited',
      'message.edited',
      'message.edited',
      'message.deleted',
      'message.deleted',
    ])
    // No edit that is replayed brings back what was said before the last one.
    expect(JSON.stringify(resumed.entries)).not.toMatch(/two, better/)
  })

  it('[DL2] an edit that is sent again stands once; under its id another text is a conflict', async () => {
    const vic = await (await visitor()).arrives('hello')
    const ana = await agent()
    const desk = await ana.opens(vic.id)
    await desk.says('an answer')
    const ref = lastMessage(desk)
    const edit = { type: 'edit_message', ref, text: 'edited once' } as const
    const { id } = await desk.does(edit)
    const head = () => Math.max(...desk.entries.filter((e) => !isTeam(e)).map((e) => e.n))
    const before = head()
    await asleep(object(vic.id))
    expect((await desk.does(edit, { id, retry: true })).answer).toMatchObject({
      type: 'entries',
      list: [{ n: before, type: 'message.edited', body: { ref, text: 'edited once' } }],
    })
    expect((await desk.does({ ...edit, text: 'another' }, { id })).answer).toMatchObject({ code: 'client_id_conflict' })
    await desk.does({ ...edit, text: 'edited twice' })
    // The repeat of the first edit answers with what the message says by now.
    expect((await desk.does(edit, { id, retry: true })).answer).toMatchObject({
      list: [{ n: before, body: { text: 'edited twice' } }],
    })
    expect(head()).toBe(before + 1)
    const path = `/api/v1/conversations/${vic.id}/messages/${ref}`
    const put = (text: string) => ana.ask(path, { method: 'PATCH', body: { clientId: 'http:7', text } })
    expect((await put('by HTTP')).body).toMatchObject({ repeated: false, entries: [{ type: 'message.edited' }] })
    expect((await put('by HTTP')).body.repeated).toBe(true)
    expectProblem(await put('by post'), 422, 'client_id_conflict')
    expectProblem(await ana.ask(path, { method: 'PATCH', body: { text: 'by HTTP' } }), 409, 'message_unchanged')
    expect((await ana.ask(path, { method: 'DELETE' })).status).toBe(200)
    expectProblem(await ana.ask(path, { method: 'DELETE' }), 409, 'message_deleted')
    expectProblem(await put('once more'), 422, 'client_id_conflict')
    expectProblem(await ana.ask(path, { method: 'PATCH', body: { text: 'x' } }), 409, 'message_deleted')
  })
})
