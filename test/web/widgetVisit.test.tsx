import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ClientId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { createVisit, type Visit } from '../../web/widget/createVisit.ts'
import { createKeep, type Keep } from '../../web/widget/keep.ts'
import type { OutboxStore } from '../../web/widget/outbox/outboxStore.ts'
import type { Unsent } from '../../web/widget/outbox/unsent.ts'
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
let answer: (request: Asked) => Response | Error
let dispose: () => void
/** The browser's database: what outlives a page. */
let stored: Map<string, Unsent>

const problem = (status: number, code: string, extra: object = {}) =>
  Response.json({ type: 'x', title: 'x', status, code, detail: `No: ${code}.`, requestId: 'r', ...extra }, { status })

/** The server when all is well. */
function healthy({ path, body }: Asked): Response {
  if (path.endsWith('/sessions')) {
    return Response.json(
      {
        ...{ token: 'token-1', you: 'visitor:vic', workspace: 'Tallow', renewed: body['token'] === undefined },
        ...{ colour: '#1d5fc4', greeting: '', email: null },
      },
      { status: 201 },
    )
  }
  server.does(VIC, { type: 'start', text: String(body['text']) }, body['clientId'] as ClientId)
  return Response.json({ id: ID }, { status: 201 })
}

function arrive(): void {
  const page = async () => ({ url: 'https://shop.example/vases', title: 'Vases', referrer: '' })
  const store: OutboxStore = {
    read: async () => [...stored.values()],
    put: async (item) => stored.set(item.id, item),
    remove: async (id) => stored.delete(id),
  }
  visit = createRoot((end) => {
    dispose = end
    return createVisit({
      channel: 'ch_1',
      keep,
      page,
      store: Promise.resolve(store),
    })
  })
}

/** Everything that is on its way arrives, and what follows from it. */
async function flows(): Promise<void> {
  for (let i = 0; i < 30; i += 1) {
    await settle()
    server.deliver()
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0)
const starts = () => asked.filter(({ path }) => path === '/widget/v1/conversations')
const shown = () => [
  ...(visit.talk()?.entries ?? []).flatMap((entry) => ('text' in entry.body ? entry.body.text : [])),
  ...visit.waiting().map((item) => `${item.text} (${visit.statusOf(item)})`),
]

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.install()
  localStorage.clear()
  server = new FakeServer(VIC)
  keep = createKeep('ch_1')
  asked = []
  stored = new Map()
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
    expect(shown()).toEqual(['hello (queued)'])
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
    expect(keep.read()).toMatchObject({ token: 'token-1', workspace: 'Tallow', conversation: ID })
    await settle()
    expect(stored.size).toBe(0)
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
    server.accept()
    await flows()
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
    expect(starts().map(({ token }) => token)).toHaveLength(2)
    expect(asked.filter(({ path }) => path.endsWith('/sessions'))).toHaveLength(2)
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
    expect(visit.waiting()).toMatchObject([{ refusal: { code: 'too_many_conversations' } }])
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
    expect([shown(), visit.visitor.workspace(), visit.link()]).toEqual([['from before'], 'Tallow', 'live'])
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

  it('[CV12] keeps what was written for a conversation that is gone, and begins a new one with it, once', async () => {
    arrive()
    server.accept().deliver()
    server.drops(CLOSE.deleting)
    visit.say('first of two')
    visit.say('second', 2)
    await settle()
    expect([visit.link(), visit.waiting().map((item) => visit.statusOf(item))]).toEqual([
      'deleting',
      ['queued', 'queued'],
    ])
    const written = visit.waiting().map(({ id }) => id)
    await vi.advanceTimersByTimeAsync(35_000)
    server.drops(CLOSE.gone)
    const before = asked.length
    server = new FakeServer(VIC)
    await settle()
    expect(visit.ended()).toBe(true)
    expect(visit.waiting().map(({ id, text, quote, to }) => [id, text, quote, to])).toEqual([
      [`r${written[0]}`, 'first of two', undefined, expect.anything()],
      [`r${written[1]}`, 'second', undefined, expect.anything()],
    ])
    expect(asked.slice(before).filter((request) => JSON.stringify(request).includes('first of two'))).toHaveLength(1)
    server.accept().deliver()
    await settle()
    server.deliver()
    expect(shown()).toEqual(['first of two', 'second'])
    expect(visit.ended()).toBe(true)
  })

  it('may start anew when the conversation is gone and nothing waits', async () => {
    arrive()
    server.accept().deliver()
    server.drops(CLOSE.gone)
    expect([visit.ended(), visit.talk(), visit.open(), keep.read().conversation]).toEqual([true, null, null, undefined])
    visit.turnTo(null)
    expect(visit.ended()).toBe(false)
  })

  it('[CV4] reopens a closed conversation with a message, and may end it', async () => {
    server.does(ANA, { type: 'close' })
    arrive()
    server.accept().deliver()
    visit.say('one more thing')
    await settle()
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

describe('[DL5] what was written without a network', () => {
  const leaves = (): void => dispose()
  const offline = (): void => {
    answer = () => new TypeError('Failed to fetch')
  }
  const inOrder = () => [...stored.values()].sort((a, b) => a.at - b.at).map(({ text }) => text)

  it('is kept in order, survives the page, and is sent once, in order, into one conversation', async () => {
    offline()
    arrive()
    for (const text of ['one', 'two', 'three']) visit.say(text)
    await settle()
    expect(shown()).toEqual(['one (queued)', 'two (queued)', 'three (queued)'])
    leaves()
    expect(inOrder()).toEqual(['one', 'two', 'three'])
    asked = []
    answer = healthy
    arrive()
    await settle()
    server.accept()
    await flows()
    expect([shown(), starts().length, stored.size]).toEqual([['one', 'two', 'three'], 1, 0])
  })

  it('is sent as a repeat only where an earlier page may have sent it', async () => {
    server.does(VIC, { type: 'start', text: 'from before' })
    keep.write({ token: 'token-1', conversation: ID })
    arrive()
    server.accept().deliver()
    const hear = FakeSocket.onSend
    FakeSocket.onSend = () => undefined
    visit.say('one')
    visit.say('two')
    await flows()
    leaves()
    FakeSocket.onSend = hear
    arrive()
    await settle()
    server.accept()
    await flows()
    const sent = server.heard.filter((frame) => frame.type === 'command')
    expect(sent.map(({ retry }) => retry ?? false)).toEqual([true, false])
    expect(shown()).toEqual(['from before', 'one', 'two'])
  })

  it('goes out from the list too: for a conversation that is not on screen', async () => {
    server.does(VIC, { type: 'start', text: 'from before' })
    keep.write({ token: 'token-1', conversation: ID })
    arrive()
    await settle()
    visit.say('while away')
    visit.turnTo(null)
    await settle()
    expect(shown()).toEqual([])
    server.accept()
    await flows()
    expect([stored.size, server.log.some((entry) => 'text' in entry.body && entry.body.text === 'while away')]).toEqual(
      [0, true],
    )
  })

  it('keeps what was refused for good, over the page, until the visitor decides', async () => {
    server.does(VIC, { type: 'start', text: 'from before' })
    keep.write({ token: 'token-1', conversation: ID })
    arrive()
    server.accept().deliver()
    visit.say('x'.repeat(2_001))
    visit.say('after it')
    await flows()
    expect(visit.waiting().map((item) => visit.statusOf(item))).toEqual(['refused'])
    expect(shown().slice(0, 2)).toEqual(['from before', 'after it'])
    leaves()
    arrive()
    server.accept()
    await flows()
    expect(visit.waiting()).toMatchObject([{ refusal: { code: 'message_too_long' } }])
    visit.discard(visit.waiting()[0]?.id ?? '')
    await settle()
    expect([visit.waiting(), stored.size]).toEqual([[], 0])
  })

  it('takes a quote along', async () => {
    server.does(VIC, { type: 'start', text: 'from before' })
    keep.write({ token: 'token-1', conversation: ID })
    arrive()
    server.accept().deliver()
    visit.say('about that', 1)
    await flows()
    expect(server.heard.findLast((frame) => frame.type === 'command')).toMatchObject({ command: { quote: 1 } })
  })
})

describe('[CV12] what was begun and never acknowledged, and is deleted', () => {
  const deleting = () => problem(404, 'not_found', { retryAt: Date.now() + 35_000 })
  const saidFirst = async () => {
    arrive()
    await settle()
    answer = deleting
    visit.say('hello')
    visit.say('anybody?')
    await settle()
  }

  it('[CV12][DL2] waits until it is known whether that is undone, and then has begun it, once', async () => {
    await saidFirst()
    expect(shown()).toEqual(['hello (queued)', 'anybody? (queued)'])
    expect([...stored.values()].some(({ begun }) => begun)).toBe(false)
    answer = healthy
    await vi.advanceTimersByTimeAsync(34_000)
    expect(starts()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1_000)
    server.accept()
    await flows()
    expect(new Set(starts().map(({ body }) => body['clientId'])).size).toBe(1)
    expect(shown()).toEqual(['hello', 'anybody?'])
  })

  it('[CV12] is kept for a new one once it is gone for good, without what it was to continue', async () => {
    await saidFirst()
    answer = (request) => (request.body['clientId'] === first ? problem(404, 'not_found') : healthy(request))
    const first = starts()[0]?.body['clientId']
    await vi.advanceTimersByTimeAsync(35_000)
    server.accept()
    await flows()
    expect(starts().map(({ body }) => body['clientId'])).toEqual([first, first, `r${first}`])
    expect(shown()).toEqual(['hello', 'anybody?'])
    expect([visit.open(), stored.size]).toEqual([ID, 0])
  })

  it('[CV4][CV12] goes on without the former conversation, where that was deleted before anything was written', async () => {
    server = new FakeServer(VIC, 200, { reopen: 'never' })
    server.does(VIC, { type: 'start', text: 'hello' })
    server.does(ANA, { type: 'close' })
    keep.write({ conversation: ID })
    arrive()
    server.accept().deliver()
    visit.goOn()
    answer = (request) => (request.body['continues'] === ID ? problem(404, 'not_found') : healthy(request))
    server = new FakeServer(VIC)
    visit.say('one more thing')
    await settle()
    expect(starts().map(({ body }) => body['continues'])).toEqual([ID, undefined])
    server.accept()
    await flows()
    expect([shown(), stored.size]).toEqual([['one more thing'], 0])
  })

  it('[CV12] does not begin anew for ever', async () => {
    await saidFirst()
    answer = () => problem(404, 'not_found')
    await vi.advanceTimersByTimeAsync(60_000)
    const asked = starts().length
    await vi.advanceTimersByTimeAsync(600_000)
    expect(starts()).toHaveLength(asked)
    expect(shown()).toEqual(['hello (refused)', 'anybody? (refused)'])
    // By hand it does, once each time: what is refused under its ids is refused for ever.
    visit.retry(visit.waiting()[0]?.id ?? '')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(starts()).toHaveLength(asked + 2)
    answer = healthy
    visit.retry(visit.waiting()[0]?.id ?? '')
    await settle()
    server.accept()
    await flows()
    expect(starts()).toHaveLength(asked + 3)
    expect(shown()).toEqual(['hello', 'anybody?'])
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
    expect([visit.link(), visit.visitor.workspace()]).toEqual(['live', 'Tallow'])
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
