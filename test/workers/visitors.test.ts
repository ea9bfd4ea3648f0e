import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { WidgetConversation } from '../../core/api/widget.ts'
import type { DeviceId } from '../../core/ids.ts'
import { mintBadgeToken, mintVisitorToken, readVisitorToken, VISITOR_TOKEN_MS } from '../../worker/auth/visitorToken.ts'
import { conversationIdFor } from '../../worker/ids.ts'
import { knock, knockSocket } from '../support/corpora/knock.ts'
import { filled, operations } from '../support/corpora/operations.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { forgedVisitorTokens } from '../support/corpora/tokens.ts'
import { eventually } from '../support/eventually.ts'
import { installation } from '../support/installation.ts'
import { agent, ask, inboxStub, indexed, stranger, visitor } from '../support/play.ts'

type Browser = Awaited<ReturnType<typeof visitor>>
let owner: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  owner = await agent()
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const list = async (browser: Browser): Promise<WidgetConversation[]> => {
  const answer = await ask('/widget/v1/conversations', { headers: bearer(browser.token) })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body.list
}
const badgeToken = (browser: Browser, conversation: string) =>
  ask('/widget/v1/badge-tokens', { body: { conversation }, headers: bearer(browser.token) })
const badge = (token: string, headers: Record<string, string | null> = {}) =>
  knock('/widget/v1/badge', { raw: token, headers: { 'content-type': 'text/plain', origin: null, ...headers } })
const device = (browser: Browser) => browser.you.slice('visitor:'.length) as DeviceId

describe('[VW2] a visitor’s conversations', () => {
  it('[VW2] newest message first, with what is unread; the same from the overlay and from D1', async () => {
    const browser = await visitor()
    const [one, two] = [await browser.arrives('first'), await browser.arrives('second')]
    const desk = await owner.opens(one.id)
    await desk.notes('for us alone')
    await desk.says('an answer')
    await desk.says('and another')
    await two.does({ type: 'close' })
    await eventually(async () => {
      expect((await list(browser)).map((c) => [c.id, c.lastMessage?.text, c.unread, c.status])).toEqual([
        [one.id, 'and another', 2, 'active_human'],
        [two.id, 'second', 0, 'closed'],
      ])
    })
    const live = await list(browser)
    await indexed(owner.workspace)
    expect(await list(browser)).toEqual(live)
    expect(Object.keys(live[0] ?? {}).sort()).toEqual([
      'id',
      'lastMessage',
      'lastMessageAt',
      'startedAt',
      'status',
      'unread',
    ])
    expect(JSON.stringify(live)).not.toMatch(/for us alone|assignee|rev|contact|source/)
    one.line.send({ type: 'seen', public: 5 })
    await desk.line.get((f) => f.type === 'cursors' && f.cursors.visitor === 5)
    expect((await list(browser)).find((c) => c.id === one.id)?.unread).toBe(1)
    one.line.send({ type: 'seen', public: 99 })
    await desk.line.get((f) => f.type === 'cursors' && f.cursors.visitor === 6)
    expect((await list(browser)).find((c) => c.id === one.id)?.unread).toBe(0)
  })

  it('[VW2] a deleted message is neither shown nor counted for ever', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const desk = await owner.opens(vic.id)
    await desk.says('a slip of the pen')
    const ref = desk.entries.findLast((e) => e.type === 'message.created')?.n ?? 0
    await desk.does({ type: 'delete_message', ref })
    await eventually(async () => expect((await list(browser))[0]?.lastMessage?.text).toBe(''))
    expect((await list(browser))[0]?.unread).toBeLessThanOrEqual(1)
  })

  it('[VW2] nobody else’s, and none for who has none', async () => {
    const [browser, other] = [await visitor(), await visitor()]
    await browser.arrives('mine')
    expect(await list(other)).toEqual([])
    // The same device in another workspace is somebody else.
    const mallory = await stranger()
    const elsewhere = await mintVisitorToken(env, mallory.workspace, device(browser), Date.now())
    expect((await ask('/widget/v1/conversations', { headers: bearer(elsewhere) })).body.list).toEqual([])
    for (const token of ['', 'x', owner.cookie])
      expectProblem(await ask('/widget/v1/conversations', { headers: bearer(token) }), 401, 'invalid_token')
    expectProblem(await ask('/widget/v1/conversations', { headers: { cookie: owner.cookie } }), 401, 'invalid_token')
  })
})

describe('[VW2] the badge', () => {
  it('[VW2] one number, from any website, without a cookie or a preflight', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const desk = await owner.opens(vic.id)
    const made = await badgeToken(browser, vic.id)
    expect([made.status, Object.keys(made.body)]).toEqual([201, ['badge']])
    const read = async () => {
      const answer = await badge(made.body.badge, { origin: 'https://shop.example' })
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
      expect(answer.headers.get('access-control-allow-credentials')).toBe(null)
      expect(answer.headers.get('set-cookie')).toBe(null)
      expect(Object.keys(answer.body)).toEqual(['unread'])
      return answer.body.unread
    }
    expect(await read()).toBe(0)
    await desk.notes('not counted')
    await desk.does({ type: 'set_status', to: 'waiting_human' }).catch(() => undefined)
    expect(await read()).toBe(0)
    await desk.says('one')
    await desk.says('two')
    expect(await read()).toBe(2)
    await vic.says('mine does not count')
    expect(await read()).toBe(2)
    vic.line.send({ type: 'seen', public: 99 })
    await desk.line.get((f) => f.type === 'cursors' && f.cursors.visitor > 4)
    expect(await read()).toBe(0)
    // A cookie that comes along is nobody's.
    expect((await badge(made.body.badge, { cookie: owner.cookie })).body).toEqual({ unread: 0 })
  })

  it('[VW4] the token opens nothing else, and no other token opens it', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const { badge: token } = (await badgeToken(browser, vic.id)).body
    expect(await readVisitorToken(env, token, Date.now())).toBe(null)
    const names = { channel: (await installation()).channel, conversation: vic.id }
    for (const operation of operations(names).filter((o) => o.by !== 'anyone')) {
      const answer = await knock(filled(operation.path, vic.id), {
        method: operation.method,
        ...(operation.body ? { body: operation.body } : {}),
        headers: { ...bearer(token), 'foyer-workspace': owner.workspace },
      })
      expectProblem(answer, 401, operation.by === 'visitor' ? 'invalid_token' : '(invalid_key|unauthorized)')
    }
    const session = await knock('/widget/v1/sessions', { body: { channel: names.channel, token } })
    expect(session.body).toMatchObject({ renewed: true })
    expect(session.body.you).not.toBe(browser.you)
    const socket = await knockSocket(`/widget/v1/conversations/${vic.id}/socket`, {
      'sec-websocket-protocol': `foyer.v1, t.${token}`,
    })
    expect([await socket.gone(), socket.frames]).toEqual([4401, []])
    for (const other of [browser.token, '', 'x', `${token}x`, JSON.stringify({ badge: token }), owner.cookie])
      expectProblem(await badge(other), 401, 'invalid_token')
    // Nor is any of these a place for it.
    expectProblem(await badge('', { authorization: `Bearer ${token}` }), 401, 'invalid_token')
    expectProblem(await knock(`/widget/v1/badge?badge=${token}`, { method: 'GET' }), 405, 'method_not_allowed')
  })

  it('[VW4] forged ones read nothing', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const now = Date.now()
    const owner_ = { workspace: owner.workspace, device: device(browser), conversation: vic.id }
    const good = await mintBadgeToken(env, owner_, now)
    const iat = Math.floor(now / 1000)
    const claims = { ws: owner.workspace, sub: device(browser), cv: vic.id, aud: 'foyer:badge', iat, exp: iat + 3_600 }
    const other = (await badgeToken(await visitor(), vic.id)).body.badge
    expect((await badge(good)).status).toBe(200)
    for (const [name, token] of await forgedVisitorTokens(good, other, claims, now)) {
      const answer = await badge(token)
      expect([name, answer.status, answer.body.unread]).toEqual([
        name,
        expect.toSatisfy((s) => s === 401 || s === 413),
        undefined,
      ])
    }
    expectProblem(await badge(await mintBadgeToken(env, owner_, now - VISITOR_TOKEN_MS)), 401, 'invalid_token')
    const former = await mintBadgeToken({ VISITOR_SECRET: 'another key of enough characters ......' }, owner_, now)
    expectProblem(await badge(former), 401, 'invalid_token')
  })

  it('[VW4] of somebody else’s conversation it says nothing', async () => {
    const [browser, other] = [await visitor(), await visitor()]
    const vic = await browser.arrives('hello')
    await (await owner.opens(vic.id)).says('a secret number of messages')
    const made = await badgeToken(other, vic.id)
    if (made.status === 201) expect((await badge(made.body.badge)).body).toEqual({ unread: 0 })
    else expectProblem(made, 404, 'not_found')
    const unknown = conversationIdFor(env.ID_SECRET, owner.workspace, 'nobody', 'x:1')
    const none = await badgeToken(other, unknown)
    // One that exists and one that does not look alike.
    expect(none.status).toBe(made.status)
    if (none.status === 201) expect((await badge(none.body.badge)).body).toEqual({ unread: 0 })
    for (const id of ['', 'x', 'a'.repeat(32), vic.id.toUpperCase()])
      expectProblem(await badgeToken(other, id), 404, 'not_found')
  })
})

describe('[CP3] what a visitor tells of themself', () => {
  const tell = (browser: Browser, body: object) =>
    ask('/widget/v1/contact', { method: 'PUT', body, headers: bearer(browser.token) })

  it('[CP3] appears for agents at once, and the widget remembers that it was told', async () => {
    const browser = await visitor()
    const { channel } = await installation()
    // Before there is a conversation there is nobody to name.
    expectProblem(await tell(browser, { email: 'vic@example.com' }), 404, 'not_found')
    const vic = await browser.arrives('hello')
    const watching = await owner.watches()
    // As young as it is: D1 has nothing of the conversation yet, and what is told must not be lost when it comes.
    await eventually(async () => expect((await tell(browser, { email: 'first@example.com' })).status).toBe(204))
    const read = async () => (await owner.ask(`/api/v1/conversations/${vic.id}`)).body.contact
    expect(await read()).toMatchObject({ name: null, email: 'first@example.com' })
    await indexed(owner.workspace)
    expect(await read()).toMatchObject({ name: null, email: 'first@example.com' })
    expect((await tell(browser, { email: 'second@example.com' })).status).toBe(204)
    await watching.get((f) => f.type === 'contact' && f.contact.email === 'second@example.com')
    const from = watching.frames.length
    expect((await tell(browser, { email: 'VIC@example.com', name: 'Vic' })).status).toBe(204)
    const { contact } = (await owner.ask(`/api/v1/conversations/${vic.id}`)).body
    expect(contact).toMatchObject({ name: 'Vic', email: 'vic@example.com' })
    expect(await watching.get((f) => f.type === 'contact', from)).toEqual({ type: 'contact', contact })
    const session = await ask('/widget/v1/sessions', { body: { channel, token: browser.token } })
    expect(session.body).toMatchObject({ email: 'vic@example.com', renewed: false })
    // To somebody new it is not told.
    expect((await ask('/widget/v1/sessions', { body: { channel } })).body.email).toBe(null)
    expect((await tell(browser, { email: 'new@example.com' })).status).toBe(204)
    expect((await owner.ask(`/api/v1/conversations/${vic.id}`)).body.contact).toMatchObject({
      name: 'Vic',
      email: 'new@example.com',
    })
  })

  it.each([
    {},
    { email: 'vic' },
    { email: null },
    { email: 'v@example.com', name: '' },
    { email: 'v@example.com', id: 'c_x' },
  ])('[CP3] %j is refused', async (body) => {
    const browser = await visitor()
    await browser.arrives('hello')
    expectProblem(await tell(browser, body), 422, 'invalid_request')
  })

  it('[DL9] a visitor who does so without end is told when to go on, and no dashboard hears of it', async () => {
    const browser = await visitor({ ip: '198.51.100.7' })
    await browser.arrives('hello')
    const watching = await owner.watches()
    const answers = []
    for (let i = 0; i < 14; i += 1) answers.push(await tell(browser, { email: `vic${i}@example.com` }))
    const refused = answers.slice(10)
    expect(answers.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(204))
    for (const answer of refused) {
      expectProblem(answer, 429, 'too_many_attempts')
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(30)
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60)
      expect(answer.body.retryAt).toBeGreaterThan(Date.now())
    }
    const other = await visitor({ ip: '198.51.100.8' })
    await other.arrives('hello too')
    expect((await tell(other, { email: 'other@example.com' })).status).toBe(204)
    await watching.get((f) => f.type === 'contact' && f.contact.email === 'other@example.com')
    expect(watching.frames.filter((frame) => frame.type === 'contact')).toHaveLength(11)
  })

  it('[DL9] many devices of one address are held together', async () => {
    const inbox = inboxStub(owner.workspace)
    const admitted = []
    for (let i = 0; i < 70; i += 1) admitted.push(await inbox.admitContact(`d_${i}`, '198.51.100.9'))
    expect(admitted.slice(0, 60)).toEqual(Array(60).fill(null))
    for (const retryAt of admitted.slice(60)) expect(retryAt).toBeGreaterThan(Date.now() - 1_000)
    expect(await inbox.admitContact('d_0', '198.51.100.10')).toBe(null)
  })

  it('[DL9] no visitor may ask without end, whatever it is', async () => {
    const [browser, other] = [await visitor(), await visitor()]
    const list = (who: Browser) => ask('/widget/v1/conversations', { headers: bearer(who.token) })
    const answers = await Promise.all(Array.from({ length: 310 }, () => list(browser)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(300)
    const refused = answers.find(({ status }) => status !== 200)
    if (!refused) throw new Error('none was refused')
    expectProblem(refused, 429, 'too_many_attempts')
    expect(refused.headers.get('retry-after')).toBe('60')
    expect((await list(other)).status).toBe(200)
  })

  it('[CP3] about nobody else', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    await indexed(owner.workspace)
    const mallory = await stranger()
    const elsewhere = await mintVisitorToken(env, mallory.workspace, device(browser), Date.now())
    const answer = await ask('/widget/v1/contact', {
      method: 'PUT',
      body: { email: 'evil@example.com' },
      headers: bearer(elsewhere),
    })
    expectProblem(answer, 404, 'not_found')
    expect((await owner.ask(`/api/v1/conversations/${vic.id}`)).body.contact.email).toBe(null)
  })
})

it('[CV1] while D1 is out of reach whoever’s channel was read in the last minute can begin; later it says to wait', async () => {
  const browser = await visitor()
  const now = Date.now()
  vi.spyOn(Object.getPrototypeOf(env.DB), 'prepare').mockImplementation(() => {
    throw new Error('D1_ERROR: out of reach')
  })
  try {
    expect(await browser.start('Hello')).toMatchObject({ status: 201 })
    vi.spyOn(Date, 'now').mockReturnValue(now + 61_000)
    expect(await browser.start('Hello?')).toMatchObject({ status: 503 })
  } finally {
    vi.restoreAllMocks()
  }
})
