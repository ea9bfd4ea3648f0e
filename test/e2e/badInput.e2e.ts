/** What is wrong gets its own clear answer from the running product, and nothing else stops working because of it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { allEntries, type Client, firstChannel, newVisitor, OWNER, setUp, signIn } from './support/client.ts'
import { Product, until } from './support/product.ts'

let product: Product
let owner: Client
let channel: string

before(async () => {
  product = await Product.open()
  owner = await setUp(product, 'https://shop.example')
  channel = (await firstChannel(owner)).id
})
after(() => product.close())

interface Bad {
  what: string
  status: number
  code: string
  method?: string
  path: string
  headers?: Record<string, string>
  body?: string
}

const JSON_TYPE = { 'content-type': 'application/json' }
const credentials = { email: 'ana@shop.example', password: 'wrong wrong wrong' }

const HTTP: readonly Bad[] = [
  { what: 'broken JSON', path: '/api/v1/session', body: '{"email":', status: 400, code: 'malformed' },
  {
    what: 'an unknown key',
    path: '/api/v1/session',
    body: JSON.stringify({ ...credentials, admin: true }),
    status: 422,
    code: 'invalid_request',
  },
  {
    what: 'another content type',
    path: '/api/v1/session',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(credentials),
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    what: 'a body of 1 MB',
    path: '/api/v1/session',
    body: `"${'x'.repeat(1_000_000)}"`,
    status: 413,
    code: 'too_large',
  },
  {
    what: 'another website',
    path: '/api/v1/session',
    headers: { origin: 'https://evil.example' },
    body: JSON.stringify(credentials),
    status: 403,
    code: 'wrong_origin',
  },
  {
    what: 'a wrong method',
    method: 'PUT',
    path: '/api/v1/session',
    body: '{}',
    status: 405,
    code: 'method_not_allowed',
  },
  { what: 'an unknown path', method: 'GET', path: '/api/v1/nothing', status: 404, code: 'not_found' },
  { what: 'no session', method: 'GET', path: '/api/v1/members', status: 401, code: 'unauthorized' },
  {
    what: 'a forged cookie',
    method: 'GET',
    path: '/api/v1/session',
    headers: { cookie: '__Host-foyer=abc.def' },
    status: 401,
    code: 'unauthorized',
  },
  {
    what: 'a forged visitor token',
    path: '/widget/v1/conversations',
    headers: { authorization: 'Bearer a.b.c' },
    body: JSON.stringify({
      channel: 'c',
      clientId: 'a:1',
      text: 'hi',
      source: { page: null, title: null, referrer: null },
    }),
    status: 401,
    code: 'invalid_token',
  },
  {
    what: 'an unknown channel',
    path: '/widget/v1/sessions',
    body: JSON.stringify({ channel: 'nowhere' }),
    status: 404,
    code: 'not_found',
  },
]

for (const { what, status, code, method = 'POST', path, headers, body } of HTTP) {
  test(`${what} is answered ${status} ${code}`, async () => {
    const answer = await fetch(product.origin + path, {
      method,
      headers: { origin: product.origin, ...(body === undefined ? {} : JSON_TYPE), ...headers },
      ...(body === undefined ? {} : { body }),
    })
    assert.equal(answer.status, status)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
    const problem = await answer.json()
    assert.equal(problem.code, code)
    assert.equal(problem.status, status)
    assert.match(problem.detail, /\.$/)
    assert.ok(problem.requestId.length > 0)
  })
}

test('[MS1] a blank text and one of 2,001 characters are refused with their reason', async () => {
  const vic = await newVisitor(product.origin, channel, '203.0.113.7')
  for (const [text, code] of [
    ['  \n ', 'message_blank'],
    ['x'.repeat(2_001), 'message_too_long'],
  ] as const) {
    const answer = await vic.start(`${code.slice(0, 20)}:1`, text)
    const problem = answer.body as { id: string; code?: string }
    assert.deepEqual([answer.status, problem.code], [422, code])
  }
})

/** Frames that are no good, and what is said about them. */
const FRAMES: ReadonlyArray<readonly [what: string, frame: string, answer: RegExp]> = [
  ['no JSON', 'hello', /"type":"error".*"frame_not_json"/],
  ['1 MB', JSON.stringify({ type: 'seen', public: 1, x: 'y'.repeat(1_000_000) }), /"type":"error".*"frame_too_large"/],
  ['no frame', '{"type":"dance"}', /"type":"error".*"frame_invalid"/],
  [
    'an unknown command',
    frameOf('bad:1', { type: 'explode' }),
    /"frame_invalid".*"id":"bad:1"|"id":"bad:1".*"frame_invalid"/,
  ],
  ['an unknown key', frameOf('bad:2', { type: 'send_message', text: 'a', bold: true }), /"frame_invalid"/],
  ['a blank text', frameOf('bad:3', { type: 'send_message', text: ' ' }), /"refused".*"message_blank"/],
  [
    '2,001 characters',
    frameOf('bad:4', { type: 'send_message', text: 'x'.repeat(2_001) }),
    /"refused".*"message_too_long"/,
  ],
  ['what only agents may', frameOf('bad:5', { type: 'add_note', text: 'a' }), /"refused".*"not_allowed"/],
]

function frameOf(id: string, command: object): string {
  return JSON.stringify({ type: 'command', id, command })
}

test('bad frames are answered one by one, and the socket stays open for good ones', async () => {
  const vic = await newVisitor(product.origin, channel, '203.0.113.8')
  const { body } = await vic.start('good:1', 'Hello.')
  const socket = vic.client.socket(`/widget/v1/conversations/${body.id}/socket`, ['foyer.v1', `t.${vic.token}`])
  const heard: string[] = []
  socket.addEventListener('message', (event) => heard.push(String(event.data)))
  await until(async () => heard.some((text) => text.includes('"welcome"')), 'the socket is open')
  for (const [what, frame, answer] of FRAMES) {
    heard.length = 0
    socket.send(frame)
    await until(async () => heard.some((text) => answer.test(text)), `${what} is answered`)
  }
  socket.send(frameOf('good:2', { type: 'send_message', text: 'Still here.' }))
  await until(async () => heard.some((text) => text.includes('Still here.')), 'a good command is taken')
  socket.send('ping')
  await until(async () => heard.includes('pong'), 'a ping is answered')
  socket.close()
})

test('a socket that may not be opened says why by its close code', async () => {
  const vic = await newVisitor(product.origin, channel, '203.0.113.9')
  const mal = await newVisitor(product.origin, channel, '203.0.113.10')
  const { body } = await vic.start('mine:1', 'For my eyes.')
  const unknown = `${body.id.slice(0, -1)}${body.id.endsWith('a') ? 'b' : 'a'}`
  const asVisitor = `/widget/v1/conversations/${body.id}/socket`
  const forged = asVisitor.replace(body.id, unknown)
  const attempts: ReadonlyArray<readonly [what: string, open: () => WebSocket, code: number]> = [
    ['a forged token', () => vic.client.socket(asVisitor, ['foyer.v1', 't.a.b.c']), 4401],
    ['no token', () => vic.client.socket(asVisitor, ['foyer.v1']), 4401],
    ['somebody else', () => mal.client.socket(asVisitor, ['foyer.v1', `t.${mal.token}`]), 4404],
    ['a forged id', () => vic.client.socket(forged, ['foyer.v1', `t.${vic.token}`]), 4404],
    ['no session', () => vic.client.socket(`/api/v1/conversations/${body.id}/socket`), 4401],
    ['a forged id, as an agent', () => owner.socket(`/api/v1/conversations/${unknown}/socket`), 4404],
  ]
  for (const [what, open, code] of attempts) {
    const closed = await new Promise<number>((resolve) =>
      open().addEventListener('close', (event) => resolve(event.code)),
    )
    assert.equal(closed, code, what)
  }
})

test('[PR2] whoever was cut off and goes on sending is not heard', async () => {
  const vic = await newVisitor(product.origin, channel, '203.0.113.11')
  const { body } = await vic.start('deaf:1', 'Hello.')
  const other = await signIn(product.origin, OWNER.email, OWNER.password)
  const line = await other.deafSocket(`/api/v1/conversations/${body.id}/socket`)
  const note = (n: number, text: string) =>
    line.send({ type: 'command', id: `deaf:${n}`, command: { type: 'add_note', text } })
  await until(async () => line.heard.includes('"welcome"'), 'the socket is open')
  note(1, 'Signed in.')
  await until(async () => line.heard.includes('Signed in.'), 'the note is taken')
  assert.equal((await other.ask('DELETE', '/api/v1/session')).status, 204)
  await until(async () => line.heard.includes('rights changed'), 'the socket is closed')
  note(2, 'Signed out.')
  // What comes later through another line is taken: so was the frame before it, if it was.
  await new Promise((resolve) => setTimeout(resolve, 300))
  await owner.want('POST', `/api/v1/conversations/${body.id}/notes`, { text: 'Fence.' })
  const texts = (await allEntries(owner, body.id)).flatMap((entry) => ('text' in entry.body ? [entry.body.text] : []))
  assert.deepEqual(texts, ['Hello.', 'Signed in.', 'Fence.'])
  line.end()
})
