import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClientId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { createVisit, type Visit } from '../../web/widget/createVisit.ts'
import { createKeep, type Keep } from '../../web/widget/keep.ts'
import { ANA, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'

interface Asked {
  path: string
  body: Record<string, unknown>
  token: string | null
}

let server: FakeServer
let visit: Visit
let keep: Keep
let asked: Asked[]
let returned: string[]
let answer: (request: Asked) => Response | Error
let dispose: () => void

const problem = (status: number, code: string, extra: object = {}) =>
  Response.json({ type: 'x', title: 'x', status, code, detail: `No: ${code}.`, requestId: 'r', ...extra }, { status })

/** The server when all is well. */
function healthy({ path, body }: Asked): Response {
  if (path.endsWith('/sessions')) {
    return Response.json(
      { token: 'token-1', you: 'visitor:vic', workspace: 'Tallow', renewed: body['token'] === undefined },
      { status: 201 },
    )
  }
  server.does(VIC, { type: 'start', text: String(body['text']) }, body['clientId'] as ClientId)
  return Response.json({ id: ID }, { status: 201 })
}

function arrive(): void {
  const [page] = createSignal({ url: 'https://shop.example/vases', title: 'Vases', referrer: '' })
  visit = createRoot((end) => {
    dispose = end
    return createVisit({ channel: 'ch_1', keep, page, onReturned: (texts) => returned.push(...texts) })
  })
}

const settle = () => vi.advanceTimersByTimeAsync(0)
const starts = () => asked.filter(({ path }) => path === '/widget/v1/conversations')
const shown = () => [
  ...(visit.talk()?.entries ?? []).flatMap((entry) => ('text' in entry.body ? entry.body.text : [])),
  ...visit.waiting().map(({ command, status }) => `${'text' in command ? command.text : command.type} (${status})`),
]

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.install()
  localStorage.clear()
  server = new FakeServer(VIC)
  keep = createKeep('ch_1')
  asked = []
  returned = []
  answer = healthy
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const token = new Headers(init.headers).get('authorization')
    const request = { path, body: JSON.parse(String(init.body)), token }
    asked.push(request)
    const result = answer(request)
    if (result instanceof Error) throw result
    return result
  })
})

afterEach(() => {
  dispose()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the first message', () => {
  it('is shown at once, starts the conversation, and becomes an entry', async () => {
    arrive()
    visit.say('hello')
    expect(shown()).toEqual(['hello (sending)'])
    await settle()
    expect(starts()).toMatchObject([
      {
        token: 'Bearer token-1',
        body: {
          channel: 'ch_1',
          text: 'hello',
          source: { page: 'https://shop.example/vases', title: 'Vases', referrer: null },
        },
      },
    ])
    expect(FakeSocket.last.url).toMatch(new RegExp(`/widget/v1/conversations/${ID}/socket$`))
    expect(FakeSocket.last.protocols).toEqual(['foyer.v1', 't.token-1'])
    expect(shown()).toEqual(['hello (sending)'])
    server.accept().deliver()
    expect(shown()).toEqual(['hello'])
    expect(keep.read()).toEqual({ token: 'token-1', workspace: 'Tallow', conversation: ID })
  })

  it('[DL2] is asked for under one client id until the network is back', async () => {
    arrive()
    await settle()
    answer = () => new TypeError('Failed to fetch')
    visit.say('hello')
    await vi.advanceTimersByTimeAsync(5_000)
    answer = healthy
    dispatchEvent(new Event('online'))
    await settle()
    server.accept().deliver()
    expect(starts().length).toBeGreaterThan(1)
    expect(new Set(starts().map(({ body }) => body['clientId'])).size).toBe(1)
    expect(shown()).toEqual(['hello'])
  })

  it('is followed by what was written meanwhile, in order', async () => {
    arrive()
    visit.say('one')
    visit.say('two')
    visit.say('three')
    await settle()
    server.accept().deliver()
    expect([shown(), starts().length]).toEqual([['one', 'two', 'three'], 1])
  })

  it('shows a new token where the one it had is not taken', async () => {
    keep.write({ token: 'old' })
    arrive()
    let refused = false
    answer = (request) => {
      if (!request.path.endsWith('/conversations') || refused) return healthy(request)
      refused = true
      return problem(401, 'invalid_token')
    }
    visit.say('hello')
    await settle()
    server.accept().deliver()
    expect(starts().map(({ token }) => token)).toEqual(['Bearer old', 'Bearer token-1'])
    expect(shown()).toEqual(['hello'])
  })

  it('[DL9] waits as long as it is told, then starts by itself', async () => {
    arrive()
    answer = (request) =>
      request.path.endsWith('/sessions')
        ? healthy(request)
        : problem(429, 'too_many_conversations', { retryAt: Date.now() + 720_000 })
    visit.say('hello')
    await settle()
    expect(visit.waiting()).toMatchObject([{ status: 'refused', refusal: { code: 'too_many_conversations' } }])
    answer = healthy
    await vi.advanceTimersByTimeAsync(719_000)
    expect(starts()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_000)
    server.accept().deliver()
    expect(shown()).toEqual(['hello'])
  })

  it('keeps its text and reason where it is refused, and can be tried again', async () => {
    arrive()
    answer = (request) => (request.path.endsWith('/sessions') ? healthy(request) : problem(422, 'invalid_request'))
    visit.say('hello')
    await settle()
    expect(shown()).toEqual(['hello (refused)'])
    answer = healthy
    visit.retry(visit.waiting()[0]?.id ?? '')
    await settle()
    server.accept().deliver()
    expect(shown()).toEqual(['hello'])
  })
})

describe('a visitor who comes back', () => {
  beforeEach(() => {
    server.does(VIC, { type: 'start', text: 'from before' })
    keep.write({ token: 'token-1', conversation: ID, workspace: 'Tallow' })
  })

  it('sees the conversation without a new message, even while the session cannot be asked for', async () => {
    answer = () => new TypeError('Failed to fetch')
    arrive()
    await settle()
    server.accept().deliver()
    expect([shown(), visit.workspace(), visit.link()]).toEqual([['from before'], 'Tallow', 'live'])
  })

  it('is renewed, not lost, when the token has expired meanwhile', async () => {
    arrive()
    await settle()
    server.drops(CLOSE.unauthorized)
    await settle()
    server.accept().deliver()
    expect([shown(), visit.link()]).toEqual([['from before'], 'live'])
  })

  it('does not hammer the server that refuses every token', async () => {
    arrive()
    for (let i = 0; i < 20; i += 1) {
      await vi.advanceTimersByTimeAsync(500)
      server.drops(CLOSE.unauthorized)
    }
    expect(asked.length).toBeLessThan(6)
  })

  it('gets the text back and may start anew when the conversation is gone', async () => {
    arrive()
    visit.say('not stored')
    await settle()
    server.drops(CLOSE.gone)
    expect([visit.ended(), visit.talk(), returned, keep.read().conversation]).toEqual([
      true,
      null,
      ['not stored'],
      undefined,
    ])
    server = new FakeServer(VIC)
    visit.say('again')
    await settle()
    server.accept().deliver()
    expect([shown(), visit.ended()]).toEqual([['again'], false])
  })

  it('[CV4] reopens a closed conversation with a message, and may end it', async () => {
    server.does(ANA, { type: 'close' })
    arrive()
    server.accept().deliver()
    visit.say('one more thing')
    server.deliver()
    expect(visit.talk()?.state.public.status).toBe('waiting_human')
    visit.end()
    server.deliver()
    expect(visit.talk()?.state.public.status).toBe('closed')
  })

  it('[DL9] sends what came too fast by itself, in order', async () => {
    arrive()
    server.accept().deliver()
    for (let i = 0; i < 24; i += 1) {
      visit.say(`${i}`)
      server.deliver()
    }
    expect(visit.waiting().length).toBeGreaterThan(0)
    for (let i = 0; i < 60 && visit.waiting().length > 0; i += 1) {
      await vi.advanceTimersByTimeAsync(500)
      server.deliver()
    }
    expect(shown()).toEqual(['from before', ...Array.from({ length: 24 }, (_, i) => `${i}`)])
  })
})

describe('bad luck', () => {
  it('says that an unknown channel has no chat', async () => {
    answer = () => problem(404, 'not_found')
    arrive()
    await settle()
    expect(visit.link()).toBe('unavailable')
    visit.say('hello?')
    await settle()
    expect(shown()).toEqual(['hello? (refused)'])
  })

  it('waits and says so while nothing answers', async () => {
    answer = () => new TypeError('Failed to fetch')
    arrive()
    await settle()
    expect(visit.link()).toBe('waiting')
    answer = healthy
    dispatchEvent(new Event('online'))
    await settle()
    expect([visit.link(), visit.workspace()]).toEqual(['live', 'Tallow'])
  })

  it('lives in memory where storage throws at every access', async () => {
    vi.stubGlobal(
      'localStorage',
      new Proxy(
        {},
        {
          get: () => {
            throw new DOMException('denied', 'SecurityError')
          },
        },
      ),
    )
    arrive()
    visit.say('hello')
    await settle()
    server.accept().deliver()
    expect([shown(), keep.read().conversation]).toEqual([['hello'], ID])
  })

  it.each(['', 'null', '[]', '{', '{"token":1,"conversation":"../../x","workspace":{}}', '"text"'])(
    'reads %j in storage as nothing',
    (text) => {
      localStorage.setItem('foyer:ch_1', text)
      expect(createKeep('ch_1').read()).toEqual({})
      arrive()
      expect(visit.talk()).toBeNull()
    },
  )
})
