import { listDurableObjectIds } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { encodeIdentity, IDENTITY_HEADER, type Identity } from '../../core/protocol/identity.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { app } from '../../worker/app.ts'
import { conversationIdFor } from '../../worker/ids.ts'
import { type Knock, knock } from '../support/corpora/knock.ts'
import { filled, nameOf, type Operation, operations, PAGES, SOCKETS } from '../support/corpora/operations.ts'
import { expectProblem, expectSecurityHeaders } from '../support/corpora/problems.ts'
import { installation } from '../support/installation.ts'
import { agent, openLine, stranger, visitor } from '../support/play.ts'

let owner: Awaited<ReturnType<typeof agent>>
let mallory: Awaited<ReturnType<typeof agent>>
let vic: Awaited<ReturnType<typeof visitor>>
let channel: string
/** A conversation of the owner's workspace. */
let conversation: string

beforeAll(async () => {
  channel = (await installation()).channel
  owner = await agent()
  mallory = await stranger()
  vic = await visitor({ ip: '198.51.100.1' })
  conversation = (await vic.start('Hello')).body.id
})

const ALL = operations()
const WITH_BODY = ALL.filter((operation) => operation.body !== undefined)

/** Asks as somebody who may, so that only what the test made wrong can be the reason. */
function asked(operation: Operation, change: Knock & { id?: string } = {}) {
  const names = { channel, member: owner.member, conversation }
  const right = operations(names).find((o) => nameOf(o) === nameOf(operation))
  const { body, raw } = { body: right?.body, raw: right?.text, ...change }
  const rights: Record<string, string> =
    operation.by === 'agent'
      ? { cookie: owner.cookie, 'foyer-workspace': owner.workspace }
      : operation.by === 'visitor'
        ? { authorization: `Bearer ${vic.token}` }
        : {}
  return knock(filled(operation.path, change.id ?? conversation), {
    method: operation.method,
    bindings: change.bindings ?? {},
    ...(raw !== undefined ? { raw } : body !== undefined ? { body } : {}),
    headers: { 'cf-connecting-ip': '198.51.100.2', ...rights, ...change.headers },
  })
}

describe('paths and methods', () => {
  const paths = new Map<string, string[]>()
  for (const { path, method } of ALL) paths.set(path, [...(paths.get(path) ?? []), method])
  // As an id, `preview` and `accept` are those of no invitation.
  for (const word of ['preview', 'accept']) paths.get(`/api/v1/invitations/${word}`)?.push('DELETE')

  test.each([...paths])('%s knows %j alone', async (path, known) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((verb) => !known.includes(verb))) {
      const answer = await knock(filled(path, conversation), { method })
      expectProblem(answer, 405, 'method_not_allowed')
      expect(answer.headers.get('allow')?.split(', ').sort()).toEqual([...known].sort())
    }
  })

  test.each([...SOCKETS, ...PAGES.filter((path) => path !== '/widget.js')])('%s knows GET alone', async (path) => {
    const answer = await knock(path.replace('{id}', conversation), { method: 'POST', body: {} })
    expectProblem(answer, 405, 'method_not_allowed')
    expect(answer.headers.get('allow')).toBe('GET')
  })

  test('every path is found by one regular expression: none is in the way of another', () => {
    expect(app.router.name).toContain('RegExpRouter')
  })

  test('the dashboard knows GET alone', async () => {
    expectProblem(await knock('/dashboard/inbox/all', { method: 'POST', body: {} }), 405, 'method_not_allowed')
  })

  test.each(SOCKETS)('%s is for sockets', async (path) => {
    expectProblem(
      await knock(path.replace('{id}', conversation), { headers: { cookie: owner.cookie } }),
      426,
      'upgrade_required',
    )
  })

  test.each([
    '/api',
    '/api/v1',
    '/api/v1/',
    '/api/v2/session',
    '/api/v1/session/',
    '/api/v1/sessions/',
    '/api/v1/me/',
    '/widget/v1/badge/',
    '/api/v1/conversations/x/y/z',
    '/api/v1/conversations//messages',
    '/widget/v1/nothing',
    '/nothing',
    '/assets/missing.js',
    '/inbox/index.html',
    '/.env',
    '/wrangler.toml',
    '/%2e%2e/wrangler.toml',
    '/api/v1/%E0%A4%A',
    `/${'x'.repeat(3_000)}`,
    '/widget/frame?channel=ch_none',
    '/widget/frame',
  ])('%s is not there', async (path) => {
    expectProblem(await knock(path), 404, 'not_found')
    if (!path.startsWith('/widget/frame'))
      expectProblem(await knock(path, { method: 'POST', body: {} }), 404, 'not_found')
  })

  test('good answers carry the same headers', async () => {
    for (const answer of [
      await knock('/healthz'),
      await knock('/api/v1/installation'),
      await knock('/openapi.json'),
      await owner.ask('/api/v1/members'),
    ]) {
      expect(answer.status).toBe(200)
      expectSecurityHeaders(answer)
    }
    const preflight = await knock('/api/v1/session', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })
    expect(preflight.headers.get('access-control-allow-origin')).toBe(null)
  })
})

describe('bodies', () => {
  test.each(WITH_BODY)('$method $path: broken JSON', async (operation) => {
    for (const raw of ['{', '{"a":1', 'hello', "{'a':1}", '{"a":1}x'])
      expectProblem(await asked(operation, { raw }), 400, 'malformed')
  })

  test.each(WITH_BODY)('$method $path: JSON of another shape', async (operation) => {
    for (const raw of ['null', '[]', '1', '"x"', 'true', ...(operation.partial ? [] : ['{}'])]) {
      const { errors } = expectProblem(await asked(operation, { raw }), 422, 'invalid_request')
      expect(errors?.length).toBeGreaterThan(0)
    }
  })

  test.each(WITH_BODY)('$method $path: an unknown key is named', async (operation) => {
    for (const name of ['surplus', 'id', 'author', '__proto__', 'constructor']) {
      const raw = `${JSON.stringify(operation.body).slice(0, -1)},${JSON.stringify(name)}:1}`
      const { errors } = expectProblem(await asked(operation, { raw }), 422, 'invalid_request')
      expect(JSON.stringify(errors)).toContain(name)
    }
  })

  test('a fault says where it is, also deep inside', async () => {
    const setUp = operations().find((o) => nameOf(o) === 'POST /api/v1/installation')
    const body = { ...setUp?.body, owner: { name: 'Eve', email: 'eve', password: 'short', admin: true } }
    const { errors } = expectProblem(await knock('/api/v1/installation', { body }), 422, 'invalid_request')
    expect(errors?.map((error) => error.path)).toEqual(expect.arrayContaining(['owner.email', 'owner.password']))
    expect(errors?.find((error) => error.message.includes('admin'))?.path).toMatch(/^owner/)
  })

  test.each(ALL.filter((operation) => operation.method !== 'GET' && operation.text === undefined))(
    '$method $path: another content type',
    async (operation) => {
      const raw = JSON.stringify(operation.body ?? {})
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/jsonp',
        'text/plain; application/json',
        '',
      ])
        expectProblem(await asked(operation, { raw, headers: { 'content-type': type } }), 415, 'unsupported_media_type')
    },
  )

  test('a content type with a charset, in capitals, is JSON all the same', async () => {
    const answer = await knock('/api/v1/session', {
      raw: '{}',
      headers: { 'content-type': 'Application/JSON; charset=utf-8' },
    })
    expectProblem(answer, 422, 'invalid_request')
  })

  test.each(WITH_BODY)('$method $path: no body at all', async (operation) => {
    const answer = await asked(operation, { raw: '', headers: { 'content-type': 'application/json' } })
    expect([400, 422]).toContain(answer.status)
    expectProblem(answer, answer.status)
  })

  const TOO_MUCH = 64 * 1024 + 1

  test.each(WITH_BODY)('$method $path: too large, announced or streamed', async (operation) => {
    const raw = JSON.stringify({ ...operation.body, text: 'x'.repeat(TOO_MUCH) })
    expectProblem(await asked(operation, { raw }), 413, 'too_large')
    expectProblem(await asked(operation, { raw: streamed(raw) }), 413, 'too_large')
  })

  test('64 KiB fit', async () => {
    const text = 'x'.repeat(64 * 1024 - JSON.stringify({ clientId: 'op:9', text: '' }).length)
    const path = `/api/v1/conversations/${conversation}/messages`
    expectProblem(await owner.ask(path, { body: { clientId: 'op:9', text } }), 422, 'message_too_long')
    expectProblem(
      await owner.ask(path, { raw: streamed(JSON.stringify({ clientId: 'op:9', text })) }),
      422,
      'message_too_long',
    )
    expectProblem(await owner.ask(path, { body: { clientId: 'op:9', text: `${text}x` } }), 413, 'too_large')
  })
})

/** A body whose length nobody announces. */
function streamed(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 10_000) controller.enqueue(bytes.slice(at, at + 10_000))
      controller.close()
    },
  })
}

describe('where a request comes from', () => {
  const CHANGES = ALL.filter((operation) => operation.method !== 'GET' && operation.text === undefined)
  const FOREIGN = [
    'https://evil.example',
    'null',
    'http://localhost:1',
    'https://localhost',
    'http://localhost.evil.example',
    'http://LOCALHOST',
    'http://localhost/',
    'localhost',
  ]

  test.each(CHANGES)('$method $path: another origin', async (operation) => {
    for (const origin of FOREIGN) expectProblem(await asked(operation, { headers: { origin } }), 403, 'wrong_origin')
  })

  test.each(CHANGES)('$method $path: a cookie without an origin', async (operation) => {
    const headers = { origin: null, cookie: owner.cookie }
    expect(expectProblem(await asked(operation, { headers }), 403, 'wrong_origin').detail).toContain('header Origin')
  })

  test('a program without a cookie needs no origin', async () => {
    expectProblem(await knock('/api/v1/session', { body: {}, headers: { origin: null } }), 422, 'invalid_request')
  })

  test.each(SOCKETS)('%s: another origin, or none', async (path) => {
    for (const origin of [...FOREIGN, undefined]) {
      const answer = await knock(`${path.replace('{id}', conversation)}?workspace=${owner.workspace}`, {
        headers: {
          upgrade: 'websocket',
          cookie: owner.cookie,
          'sec-websocket-protocol': `foyer.v1, t.${vic.token}`,
          origin: origin ?? null,
        },
      })
      expectProblem(answer, 403, 'wrong_origin')
    }
  })
})

describe('who asks', () => {
  test.each(ALL.filter((operation) => operation.by === 'agent'))(
    '$method $path: nobody is signed in',
    async (operation) => {
      expectProblem(await asked(operation, { headers: { cookie: '' } }), 401, 'unauthorized')
      expectProblem(
        await asked(operation, { headers: { cookie: '__Host-foyer=forged.signature' } }),
        401,
        'unauthorized',
      )
      // A visitor is nobody here, and their token is no key. Routes of the session do not look at it at all.
      expectProblem(
        await asked(operation, { headers: { cookie: '', authorization: `Bearer ${vic.token}` } }),
        401,
        /^(invalid_key|unauthorized)$/,
      )
    },
  )

  test.each(ALL.filter((operation) => operation.inWorkspace))('$method $path: another workspace', async (operation) => {
    for (const workspace of [mallory.workspace, 'w_none', "' OR 1=1 --", owner.workspace.toUpperCase()])
      expectProblem(await asked(operation, { headers: { 'foyer-workspace': workspace } }), 403, 'forbidden')
    expectProblem(await asked(operation, { headers: { cookie: mallory.cookie } }), 403, 'forbidden')
    expectProblem(await asked(operation, { headers: { 'foyer-workspace': '' } }), 422, 'workspace_required')
  })

  test('the inbox socket tells by its close code', async () => {
    const open = (query: string, cookie: string) => openLine(`/api/v1/inbox/socket${query}`, { cookie })
    expect(await (await open(`?workspace=${owner.workspace}`, '')).gone()).toBe(4401)
    expect(await (await open(`?workspace=${owner.workspace}`, mallory.cookie)).gone()).toBe(4403)
    expect(await (await open(`?workspace=${mallory.workspace}`, owner.cookie)).gone()).toBe(4403)
    expect(await (await open('', owner.cookie)).gone()).toBe(4403)
    const names = (await listDurableObjectIds(env.INBOX)).map(String)
    expect(names).not.toContain(String(env.INBOX.idFromName('')))
  })
})

describe('conversations that are not there', () => {
  const OF_CONVERSATIONS = ALL.filter((operation) => operation.path.includes('conversations/{id}'))

  async function ids() {
    const good = conversationIdFor(env.ID_SECRET, owner.workspace, 'nobody', 'x:1')
    const otherSecret = conversationIdFor('another secret of the same length....', owner.workspace, 'nobody', 'x:1')
    const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1)
    return {
      unknown: good,
      forged: [
        otherSecret,
        flip(good, 0),
        flip(good, 20),
        flip(good, 31),
        flip(conversation, 31),
        conversation.toUpperCase(),
        conversation.slice(1),
        `${conversation}a`,
        'a'.repeat(32),
        'x',
        'inbox',
        '%00',
        '%2e%2e%2f',
        '%F0%9F%98%8D',
        "'%20OR%201=1--",
        'x'.repeat(65),
        'x'.repeat(2_000),
      ],
    }
  }

  test.each(OF_CONVERSATIONS)('$method $path: a forged id wakes no object', async (operation) => {
    const before = (await listDurableObjectIds(env.CONVERSATION)).map(String).sort()
    for (const id of (await ids()).forged) expectProblem(await asked(operation, { id }), 404, 'not_found')
    expect((await listDurableObjectIds(env.CONVERSATION)).map(String).sort()).toEqual(before)
  })

  test.each(OF_CONVERSATIONS)(
    '$method $path: forged, unknown and of another workspace look alike',
    async (operation) => {
      const { unknown, forged } = await ids()
      const bare = ({ body }: { body: Record<string, unknown> }) => ({ ...body, requestId: undefined })
      // Whoever is named is a member where the asker is: nobody else can be named at all.
      const own = operation.body && 'member' in operation.body ? { body: { member: mallory.member } } : {}
      const other =
        operation.by === 'visitor' ? { authorization: `Bearer ${(await visitor()).token}` } : { cookie: mallory.cookie }
      const [a, b, c] = [
        await asked(operation, { id: forged[0] ?? '' }),
        await asked(operation, { id: unknown }),
        await asked(operation, { ...own, headers: other }),
      ]
      for (const answer of [a, b, c]) expectProblem(answer, 404, 'not_found')
      expect(bare(b)).toEqual(bare(c))
      expect(bare(a)).toEqual(bare(b))
    },
  )

  test('sockets of agents and visitors close with 4404', async () => {
    const { unknown, forged } = await ids()
    const before = (await listDurableObjectIds(env.CONVERSATION)).map(String).sort()
    for (const id of forged.slice(0, 12)) {
      expect(await (await openLine(`/api/v1/conversations/${id}/socket`, { cookie: owner.cookie })).gone()).toBe(4404)
      expect(
        await (
          await openLine(`/widget/v1/conversations/${id}/socket`, {
            'sec-websocket-protocol': `foyer.v1, t.${vic.token}`,
          })
        ).gone(),
      ).toBe(4404)
    }
    expect((await listDurableObjectIds(env.CONVERSATION)).map(String).sort()).toEqual(before)
    const other = await visitor({ ip: '198.51.100.3' })
    for (const [id, cookie, token] of [
      [unknown, owner.cookie, vic.token],
      [conversation, mallory.cookie, other.token],
    ] as const) {
      expect(await (await openLine(`/api/v1/conversations/${id}/socket`, { cookie })).gone()).toBe(4404)
      expect(
        await (
          await openLine(`/widget/v1/conversations/${id}/socket`, { 'sec-websocket-protocol': `foyer.v1, t.${token}` })
        ).gone(),
      ).toBe(4404)
    }
  })

  test('nothing was written by any of it', async () => {
    const { body } = await owner.ask(`/api/v1/conversations/${conversation}/entries`)
    expect(body.list.map((entry: { type: string }) => entry.type)).toEqual([
      'conversation.status_changed',
      'message.created',
    ])
  })
})

describe('the identity header is ours alone', () => {
  const forged = (): string => {
    const identity: Identity = {
      kind: 'agent',
      memberships: [{ workspace: owner.workspace, member: owner.member, name: 'Forged', role: 'owner' }],
      sessionExpiresAt: Date.now() + 1e9,
      asOf: Date.now(),
    }
    return encodeIdentity(identity)
  }

  test('it opens nothing over HTTP', async () => {
    const headers = { [IDENTITY_HEADER]: forged() }
    for (const operation of ALL.filter((o) => o.by === 'agent')) {
      expectProblem(await asked(operation, { headers: { ...headers, cookie: '' } }), 401, 'unauthorized')
      // A session is one's own, whatever the header says.
      if (operation.path.startsWith('/api/v1/session')) continue
      const other = await asked(operation, { headers: { ...headers, cookie: mallory.cookie } })
      // 422: who is named is nobody whom this asker could name.
      expect([nameOf(operation), other.status]).toEqual([
        nameOf(operation),
        operation.path.endsWith('/collaborators') ? 422 : expect.toSatisfy((status) => [403, 404].includes(status)),
      ])
    }
  })

  test('it opens no socket and renames nobody', async () => {
    for (const name of [IDENTITY_HEADER, 'Foyer-Identity', 'FOYER-IDENTITY']) {
      const headers = { [name]: forged() }
      expect(await (await openLine(`/api/v1/conversations/${conversation}/socket`, headers)).gone()).toBe(4401)
      expect(await (await openLine(`/api/v1/inbox/socket?workspace=${owner.workspace}`, headers)).gone()).toBe(4401)
      expect(
        await (
          await openLine(`/api/v1/conversations/${conversation}/socket`, { ...headers, cookie: mallory.cookie })
        ).gone(),
      ).toBe(4404)
      const line = await openLine(`/widget/v1/conversations/${conversation}/socket`, {
        ...headers,
        'sec-websocket-protocol': `foyer.v1, t.${vic.token}`,
      })
      expect(await line.get((frame) => frame.type === 'welcome')).toMatchObject({ you: vic.you, state: { team: null } })
      line.close()
    }
  })

  test('other headers of ours change nothing either', async () => {
    const headers = {
      'foyer-client-ip': '203.0.113.9',
      'foyer-request-id': 'forged-request-id',
      'x-forwarded-for': '203.0.113.9',
    }
    const answer = await knock('/api/v1/session', { headers })
    expectProblem(answer, 401, 'unauthorized')
    expect(answer.body.requestId).not.toBe('forged-request-id')
  })
})

describe('nonsense on an open socket', () => {
  test('[MS1] each is answered, and the socket stays open', async () => {
    const seat = await vic.opens(conversation)
    const { line } = seat
    const answerTo = async (data: string | ArrayBuffer) => {
      const from = line.frames.length
      if (typeof data === 'string') line.send(data)
      else line.sendBytes(data)
      return line.get((frame) => frame.type === 'error' || frame.type === 'refused', from)
    }
    expect(await answerTo('{')).toMatchObject({ type: 'error', code: 'frame_not_json' })
    expect(await answerTo('')).toMatchObject({ type: 'error', code: 'frame_not_json' })
    expect(await answerTo(new ArrayBuffer(8))).toMatchObject({ type: 'error', code: 'frame_not_json' })
    expect(await answerTo('x'.repeat(1_000_000))).toMatchObject({ type: 'error', code: 'frame_too_large' })
    expect(await answerTo(new ArrayBuffer(1_000_000))).toMatchObject({ type: 'error', code: 'frame_too_large' })
    expect(await answerTo('{"type":"sing"}')).toMatchObject({ type: 'error', code: 'frame_invalid' })
    expect(await answerTo('{"type":"command","id":"h:1","command":{"type":"delete"}}')).toMatchObject({
      type: 'error',
      code: 'frame_invalid',
      id: 'h:1',
    })
    const saying = (n: number, text: string) =>
      JSON.stringify({ type: 'command', id: `h:${n}`, command: { type: 'send_message', text } })
    expect(await answerTo(saying(2, 'x'.repeat(2_001)))).toMatchObject({
      type: 'refused',
      id: 'h:2',
      code: 'message_too_long',
    })
    expect(await answerTo(saying(3, ' \n\u200b'))).toMatchObject({ type: 'refused', id: 'h:3', code: 'message_blank' })
    for (const command of [
      { type: 'add_note', text: 'x' },
      { type: 'accept' },
      { type: 'reopen' },
      { type: 'set_status', to: 'closed' },
    ])
      expect(await answerTo(JSON.stringify({ type: 'command', id: 'h:4', command }))).toMatchObject({
        type: 'refused',
        code: 'not_allowed',
      })
    line.send('ping')
    await seat.says('still here')
    expect(line.raw).toContain('pong')
    expect(line.closed).toBe(null)
    expect(JSON.stringify(line.raw)).not.toMatch(/\.ts:|sqlite|stack/i)
    line.close()
  })

  test('[MS1] over HTTP the same texts are refused alike', async () => {
    const path = `/api/v1/conversations/${conversation}`
    for (const kind of ['messages', 'notes']) {
      expectProblem(
        await owner.ask(`${path}/${kind}`, { body: { clientId: 'h:5', text: 'x'.repeat(2_001) } }),
        422,
        'message_too_long',
      )
      expectProblem(await owner.ask(`${path}/${kind}`, { body: { clientId: 'h:5', text: ' ' } }), 422, 'message_blank')
      expectProblem(await owner.ask(`${path}/${kind}`, { body: { clientId: 'h', text: 'x' } }), 422, 'invalid_request')
    }
    const start = (text: string) => vic.start(text)
    expectProblem(await start('x'.repeat(2_001)), 422, 'message_too_long')
    expectProblem(await start(' '), 422, 'message_blank')
  })

  test('the inbox socket passes over what it does not know, and stays open', async () => {
    const line = await owner.watches()
    for (const nonsense of ['{"type":"hello"}', '{', '[]', 'x'.repeat(5_000), '{"type":"read","id":"x"}'])
      line.send(nonsense)
    line.sendBytes(new ArrayBuffer(10))
    line.send({ type: 'presence', state: 'away' })
    const away = (frame: InboxFrame) => frame.type === 'members' && frame.list.some((m) => m.availability === 'away')
    await line.get(away)
    expect(line.closed).toBeNull()
    line.close()
  })
})

describe('while D1 is out of reach', () => {
  afterEach(() => vi.restoreAllMocks())

  /** The database as it is when nobody answers. */
  const dead = new Proxy(env.DB, {
    get: () => () => {
      throw new Error('D1_ERROR: no such host, SELECT secret FROM everywhere')
    },
  })
  const DEAD = ALL.filter((operation) => !operation.withoutD1)

  test.each(DEAD)('$method $path answers 503, and shows nothing of the inside', async (operation) => {
    const told = vi.spyOn(console, 'error').mockReturnValue()
    expectProblem(
      await asked(operation, { headers: { cookie: owner.cookie }, bindings: { DB: dead } }),
      503,
      'unavailable',
    )
    // The operator learns of it, in one line and without secrets.
    expect(JSON.stringify(told.mock.calls)).not.toContain(owner.cookie)
  })
})
