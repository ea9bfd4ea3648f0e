import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../../core/conversation/command.ts'
import type { ClientId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { publicAudience, teamAudience } from '../../web/lib/audience.ts'
import { createConversation, type LiveConversation } from '../../web/lib/createConversation.ts'
import { ANA, BEN, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'

let server: FakeServer
let talk: LiveConversation
let dispose: () => void

function begin(reader: Actor, pageSize?: number): void {
  server = new FakeServer(reader, pageSize)
  server.does(VIC, { type: 'start', text: 'hello' })
  talk = createRoot((end) => {
    dispose = end
    return createConversation({
      id: ID,
      url: '/socket',
      audience: reader.kind === 'agent' ? teamAudience : publicAudience,
    })
  })
}

const texts = (): string[] => talk.entries.flatMap((entry) => ('text' in entry.body ? entry.body.text : []))
const says = (text: string) => ({ type: 'send_message', text }) as const
const commands = () => server.heard.filter((frame) => frame.type === 'command')
const asked = () => server.heard.filter((frame) => frame.type === 'more')

/** Time goes by on a link that lives: its pings are answered. */
function passes(ms: number): void {
  for (let left = ms; left > 0; left -= 10_000) {
    vi.advanceTimersByTime(Math.min(left, 10_000))
    FakeSocket.last.says('pong')
  }
}

function reconnects(): void {
  while (talk.link() === 'waiting') vi.advanceTimersByTime(100)
  server.accept().deliver()
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.install()
})

afterEach(() => {
  dispose()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a conversation as its reader holds it', () => {
  it('begins with what it is and its newest page', () => {
    begin(VIC)
    expect([talk.link(), talk.loaded(), talk.you()]).toEqual(['connecting', false, null])
    server.accept().deliver()
    expect([talk.link(), talk.loaded(), talk.you()]).toEqual(['live', true, 'visitor:vic'])
    expect(talk.state.public.status).toBe('waiting_human')
    expect(texts()).toEqual(['hello'])
  })

  it('follows live, notes and assignments included for agents', () => {
    begin(ANA)
    server.accept().deliver()
    server.does(ANA, { type: 'add_note', text: 'a regular' })
    server.does(BEN, says('hi'))
    server.deliver()
    expect(texts()).toEqual(['hello', 'a regular', 'hi'])
    expect(talk.state.team).toMatchObject({ assignee: 'ben', head: 2 })
    expect(talk.state.public).toMatchObject({ status: 'active_human', people: { 'agent:ben': 'Ben' } })
    expect(FakeSocket.all).toHaveLength(1)
  })

  it('[DL4] resumes from its position in both logs, and pages until nothing is missing', () => {
    begin(ANA, 3)
    server.accept().deliver()
    server.does(ANA, { type: 'add_note', text: 'one' })
    server.deliver().drops()
    for (let i = 0; i < 10; i += 1) server.does(i % 2 ? ANA : VIC, says(`while away ${i}`))
    vi.advanceTimersByTime(1000)
    expect(FakeSocket.last.url).toMatch(/\/socket\?public=2&team=1$/)
    server.accept().deliver()
    expect(texts()).toEqual(['hello', 'one', ...Array.from({ length: 10 }, (_, i) => `while away ${i}`)])
    expect(talk.state).toEqual(JSON.parse(JSON.stringify(talk.state)))
    expect(talk.state.public.head).toBe(server.head.public)
  })

  it('names no team position as a visitor', () => {
    begin(VIC)
    server.accept().deliver().drops()
    vi.advanceTimersByTime(1000)
    expect(FakeSocket.last.url).toMatch(/\/socket\?public=2$/)
  })

  it('[DL4] drops an entry that leaves a hole and asks once for everything after it', () => {
    begin(VIC)
    server.accept().deliver()
    server.does(VIC, says('lost on the way'))
    server.wire.length = 0
    server.does(ANA, says('two'))
    server.does(ANA, says('three'))
    server.deliver(1)
    expect(texts()).toEqual(['hello'])
    server.deliver()
    expect(asked()).toEqual([{ type: 'more', after: { public: 2 } }])
    expect(texts()).toEqual(['hello', 'lost on the way', 'two', 'three'])
  })

  it('[DL4] notices a note that stands behind an entry it never got', () => {
    begin(ANA)
    server.accept().deliver()
    server.does(VIC, says('lost on the way'))
    server.wire.length = 0
    server.does(BEN, { type: 'add_note', text: 'about that' })
    server.deliver()
    expect(asked()).toEqual([{ type: 'more', after: { public: 2, team: 0 } }])
    expect(texts()).toEqual(['hello', 'lost on the way', 'about that'])
  })

  it('passes over entries that come twice', () => {
    begin(VIC)
    server.accept().deliver()
    server.does(ANA, says('once'))
    const [frame] = server.wire
    server.wire.push(frame ?? {})
    server.deliver()
    expect(texts()).toEqual(['hello', 'once'])
    expect(asked()).toEqual([])
  })

  it('loads older pages at the top, one at a time', () => {
    begin(ANA, 4)
    for (let i = 0; i < 6; i += 1) {
      server.does(VIC, says(`message ${i}`))
      server.does(ANA, { type: 'add_note', text: `note ${i}` })
    }
    server.accept().deliver()
    expect([talk.hasOlder(), texts()]).toEqual([true, ['message 4', 'note 4', 'message 5', 'note 5']])
    talk.loadOlder()
    talk.loadOlder()
    expect([talk.loadingOlder(), asked().length]).toEqual([true, 1])
    server.does(VIC, says('meanwhile'))
    server.deliver()
    expect(talk.loadingOlder()).toBe(false)
    while (talk.hasOlder()) {
      talk.loadOlder()
      server.deliver()
    }
    expect(talk.entries).toEqual(server.visible)
    expect(texts().at(-1)).toBe('meanwhile')
    talk.loadOlder()
    expect(talk.loadingOlder()).toBe(false)
  })

  it('begins anew where the server knows less than was seen, as after a restored backup', () => {
    begin(VIC)
    server.does(VIC, says('to be forgotten'))
    server.accept().deliver().drops()
    server = new FakeServer(VIC)
    server.does(VIC, { type: 'start', text: 'restored' })
    vi.advanceTimersByTime(1000)
    server.accept().deliver()
    expect(FakeSocket.last.url).toMatch(/\/socket$/)
    server.accept().deliver()
    expect(texts()).toEqual(['restored'])
    expect(talk.state.public.head).toBe(2)
  })
})

describe('[MS8] edited and deleted messages', () => {
  const bodies = () => talk.entries.flatMap((entry) => (entry.type === 'message.created' ? entry.body : []))

  it('read as they do now, live', () => {
    begin(VIC)
    server.does(ANA, says('frist'))
    server.accept().deliver()
    const n = server.log.findLast((entry) => entry.type === 'message.created')?.n ?? 0
    server.does(ANA, { type: 'edit_message', ref: n, text: 'first' })
    server.deliver()
    expect(bodies()).toMatchObject([{ text: 'hello' }, { text: 'first', editedAt: expect.any(Number) }])
    server.does(ANA, { type: 'delete_message', ref: n })
    server.deliver()
    expect(bodies()[1]).toMatchObject({ text: '', deletedAt: expect.any(Number) })
    expect(JSON.stringify(talk.entries)).not.toMatch(/first|frist/)
  })

  it('read as they do now after what was missed, and in older pages', () => {
    begin(ANA, 3)
    for (let i = 0; i < 4; i += 1) server.does(ANA, says(`draft ${i}`))
    server.accept().deliver().drops()
    const [first, last] = [0, -1].map(
      (at) => server.log.filter((e) => e.type === 'message.created' && e.author === 'agent:ana').at(at)?.n ?? 0,
    )
    server.does(ANA, { type: 'edit_message', ref: first ?? 0, text: 'clean first' })
    server.does(ANA, { type: 'edit_message', ref: last ?? 0, text: 'clean last' })
    reconnects()
    while (talk.hasOlder()) {
      talk.loadOlder()
      server.deliver()
    }
    expect(bodies().map(({ text }) => text)).toEqual(['hello', 'clean first', 'draft 1', 'draft 2', 'clean last'])
    expect(talk.entries).toEqual(server.visible)
  })
})

describe('[DL7] who is writing', () => {
  const reports = () => server.heard.flatMap((frame) => (frame.type === 'typing' ? [frame.in] : []))
  const signal = (typing: 'reply' | null) => ({ type: 'signal', from: 'agent:ana', name: 'Ana', typing })

  it('is known until it is withdrawn, its message comes, six seconds pass, or the link is lost', () => {
    begin(VIC)
    server.accept().deliver()
    const ends = [
      () => server.signals(signal(null)),
      () => server.does(ANA, says('done')),
      () => passes(6_000),
      () => server.drops(),
    ]
    for (const end of ends) {
      server.signals(signal('reply'))
      server.deliver()
      expect(talk.typists()).toEqual([{ from: 'agent:ana', name: 'Ana', in: 'reply' }])
      end()
      server.deliver()
      expect(talk.typists()).toEqual([])
    }
  })

  it('lasts as long as it is repeated', () => {
    begin(VIC)
    server.accept().deliver()
    for (let i = 0; i < 4; i += 1) {
      server.signals(signal('reply'))
      server.deliver()
      passes(5_000)
      expect(talk.typists()).toHaveLength(1)
    }
  })

  it('is told at once, every three seconds while it goes on, and when it ends', () => {
    begin(ANA)
    server.accept().deliver()
    for (let i = 0; i < 40; i += 1) {
      talk.typing('reply')
      vi.advanceTimersByTime(100)
    }
    expect(reports()).toEqual(['reply', 'reply'])
    talk.typing('note')
    talk.typing(null)
    talk.typing(null)
    expect(reports()).toEqual(['reply', 'reply', 'note', null])
    talk.typing('reply')
    vi.advanceTimersByTime(5_000)
    expect(reports().slice(4)).toEqual(['reply', null])
  })

  it('says who has it open, until the link is lost', () => {
    begin(ANA)
    server.accept().deliver()
    server.signals({ type: 'present', list: [{ member: 'ben', name: 'Ben' }] })
    server.deliver()
    expect(talk.present()).toEqual([{ member: 'ben', name: 'Ben' }])
    server.drops()
    expect(talk.present()).toEqual([])
  })
})

describe('a reader who keeps commands elsewhere', () => {
  it('[DL5] has them sent one at a time, as repeats where they were tried, and hears what becomes of each', () => {
    server = new FakeServer(VIC)
    server.does(VIC, { type: 'start', text: 'hello' })
    const told: string[] = []
    talk = createRoot((end) => {
      dispose = end
      return createConversation({
        id: ID,
        url: '/socket',
        audience: publicAudience,
        oneAtATime: true,
        on: { settled: (id) => told.push(id), refused: (id, { code }) => told.push(`${id} ${code}`) },
      })
    })
    talk.send(says('one'), { id: 'tab:1' as ClientId, tried: true })
    talk.send(says('  '), { id: 'tab:2' as ClientId, tried: false })
    talk.send(says('three'), { id: 'tab:3' as ClientId, tried: false })
    server.accept().deliver(2)
    expect(commands()).toEqual([{ type: 'command', id: 'tab:1', retry: true, command: says('one') }])
    server.deliver()
    expect(told.slice(-3)).toEqual(['tab:1', 'tab:2 message_blank', 'tab:3'])
    expect(texts()).toEqual(['hello', 'one', 'three'])
  })
})

describe('what was asked and not yet answered', () => {
  it('[DL1] is pending until its own entry is there', () => {
    begin(VIC)
    server.accept().deliver()
    const id = talk.send(says('hey'))
    expect(talk.pending).toMatchObject([{ id, status: 'sending', command: says('hey') }])
    expect(texts()).toEqual(['hello'])
    server.deliver()
    expect(talk.pending).toEqual([])
    expect(texts()).toEqual(['hello', 'hey'])
  })

  it('waits for the link, then goes in order without being called a retry', () => {
    begin(VIC)
    talk.send(says('one'))
    talk.send(says('two'))
    server.accept().deliver()
    expect(commands()).toMatchObject([{ command: says('one') }, { command: says('two') }])
    expect(commands().every((frame) => !('retry' in frame))).toBe(true)
    expect([texts(), talk.pending]).toEqual([['hello', 'one', 'two'], []])
  })

  it('[DL2] is sent again after a drop, in order, once, as a retry', () => {
    begin(VIC)
    server.accept().deliver()
    talk.send(says('one'))
    talk.send(says('two'))
    server.drops()
    talk.send(says('three'))
    reconnects()
    expect(texts()).toEqual(['hello', 'one', 'two', 'three'])
    expect(talk.pending).toEqual([])
    expect(server.log.filter((entry) => entry.type === 'message.created')).toHaveLength(4)
  })

  it('is not sent again when what was missed holds its entry', () => {
    begin(VIC)
    server.accept().deliver()
    talk.send(says('stored, but never heard of'))
    server.drops()
    reconnects()
    expect(commands()).toHaveLength(1)
    expect([texts().at(-1), talk.pending]).toEqual(['stored, but never heard of', []])
  })

  it('is sent again as a retry where the server never got it', () => {
    begin(VIC)
    server.accept().deliver()
    const hear = FakeSocket.onSend
    FakeSocket.onSend = () => {}
    const id = talk.send(says('swallowed'))
    FakeSocket.onSend = hear
    server.drops()
    reconnects()
    expect(commands()).toEqual([{ type: 'command', id, retry: true, command: says('swallowed') }])
    expect(texts().at(-1)).toBe('swallowed')
  })

  it('does not overtake what was missed: nothing goes out before the last page is here', () => {
    begin(VIC, 2)
    server.accept().deliver().drops()
    for (let i = 0; i < 5; i += 1) server.does(ANA, says(`${i}`))
    vi.advanceTimersByTime(1000)
    server.accept().deliver(2)
    talk.send(says('mine'))
    expect(commands()).toEqual([])
    server.deliver()
    expect(texts().at(-1)).toBe('mine')
  })

  it('keeps a refused one with its reason, and sends it again under its id when told to', () => {
    begin(VIC)
    server.accept().deliver()
    const id = talk.send(says('   '))
    server.deliver()
    expect(talk.pending).toMatchObject([{ id, status: 'refused', refusal: { code: 'message_blank' } }])
    passes(120_000)
    expect(commands()).toHaveLength(1)
    talk.retry(id)
    expect(talk.pending).toMatchObject([{ id, status: 'sending' }])
    expect(commands()).toMatchObject([{ id }, { id, retry: true }])
  })

  it('[DL9] keeps to the pace it is told, without letting one overtake another', () => {
    begin(VIC)
    server.accept().deliver()
    for (let i = 0; i < 30; i += 1) {
      talk.send(says(`${i}`))
      server.deliver()
      vi.advanceTimersByTime(7)
    }
    const refused = talk.pending.filter((pending) => pending.status === 'refused')
    expect(refused).toMatchObject([{ refusal: { code: 'rate_limited', retryAt: expect.any(Number) } }])
    expect(talk.pending.length).toBeGreaterThan(5)
    for (let i = 0; i < 100 && talk.pending.length > 0; i += 1) {
      passes(100)
      server.deliver()
    }
    expect(texts()).toEqual(['hello', ...Array.from({ length: 30 }, (_, i) => `${i}`)])
    // Full speed again: nothing waits for the answer to another.
    passes(60_000)
    server.heard.length = 0
    talk.send(says('a'))
    talk.send(says('b'))
    expect(commands()).toHaveLength(2)
  })

  it.each([
    { clock: 'an hour ahead', retryIn: 3_600_000, again: [0, 59_999, 1] },
    { clock: 'an hour behind', retryIn: -3_600_000, again: [0, 499, 1] },
  ])('is tried again within bounds where the server’s clock is $clock', ({ retryIn, again }) => {
    begin(VIC)
    server.accept().deliver()
    FakeSocket.onSend = (_socket, frame) => server.heard.push(JSON.parse(JSON.stringify(frame)))
    const id = talk.send(says('hey'))
    const refused = { type: 'refused', id, code: 'rate_limited', message: 'Wait.', retryAt: Date.now() + retryIn }
    FakeSocket.last.says(refused)
    const tries = again.map((ms) => {
      passes(ms)
      return commands().length
    })
    expect(tries).toEqual([1, 1, 2])
  })

  it('can be discarded', () => {
    begin(VIC)
    server.accept().deliver()
    const id = talk.send(says('   '))
    server.deliver()
    expect(talk.pending).toMatchObject([{ id, status: 'refused', refusal: { code: 'message_blank' } }])
    talk.discard(id)
    expect(talk.pending).toEqual([])
  })

  it('does not take the entry of another for its own', () => {
    begin(ANA)
    server.accept().deliver()
    FakeSocket.onSend = () => {}
    const id = talk.send(says('mine'))
    server.does(BEN, says('same id, other author'), id)
    server.deliver()
    expect(talk.pending).toHaveLength(1)
  })

  it('learns from an error frame that names it', () => {
    begin(VIC)
    server.accept().deliver()
    FakeSocket.onSend = () => {}
    const id = talk.send(says('odd'))
    FakeSocket.last.says({ type: 'error', code: 'frame_invalid', message: 'That was not understood.', id })
    expect(talk.pending).toMatchObject([{ status: 'refused', refusal: { code: 'frame_invalid' } }])
  })
})

describe('the end of a link', () => {
  it('says unauthorized, keeps everything, and goes on after reconnect()', () => {
    begin(ANA)
    server.accept().deliver()
    server.drops(CLOSE.unauthorized)
    talk.send(says('typed while signed out'))
    vi.advanceTimersByTime(120_000)
    expect([talk.link(), texts(), FakeSocket.all.length]).toEqual(['unauthorized', ['hello'], 1])
    talk.reconnect()
    server.accept().deliver()
    expect([talk.link(), texts(), talk.pending]).toEqual(['live', ['hello', 'typed while signed out'], []])
  })

  it('says gone and stays so', () => {
    begin(VIC)
    server.drops(CLOSE.gone)
    vi.advanceTimersByTime(120_000)
    expect([talk.link(), talk.loaded(), FakeSocket.all.length]).toEqual(['gone', false, 1])
  })

  it('closes with its owner', () => {
    begin(VIC)
    server.accept().deliver()
    dispose()
    expect([talk.link(), FakeSocket.last.readyState]).toEqual(['closed', FakeSocket.CLOSED])
  })
})

describe('how far somebody has read', () => {
  const reports = () => server.heard.filter((frame) => frame.type === 'seen')

  it('is told at once, then at most every two seconds, and only when it rose', () => {
    begin(VIC)
    server.accept().deliver()
    talk.seen(1)
    talk.seen(2)
    talk.seen(1)
    expect(reports()).toEqual([{ type: 'seen', public: 1 }])
    vi.advanceTimersByTime(2000)
    expect(reports()).toEqual([
      { type: 'seen', public: 1 },
      { type: 'seen', public: 2 },
    ])
    vi.advanceTimersByTime(10_000)
    talk.seen(2)
    expect(reports()).toHaveLength(2)
  })

  it('is told before one turns away, also within the two seconds', () => {
    begin(VIC)
    server.accept().deliver()
    talk.seen(1)
    talk.seen(2)
    dispose()
    expect(reports().at(-1)).toEqual({ type: 'seen', public: 2 })
    vi.advanceTimersByTime(10_000)
    expect(reports()).toHaveLength(2)
  })

  it('is told again after a drop unless the server knows', () => {
    begin(VIC)
    server.accept().deliver()
    const hear = FakeSocket.onSend
    FakeSocket.onSend = () => {}
    talk.seen(2)
    FakeSocket.onSend = hear
    server.drops()
    reconnects()
    vi.advanceTimersByTime(2000)
    server.deliver()
    expect(reports()).toEqual([{ type: 'seen', public: 2 }])
    expect(talk.cursors).toEqual({ visitor: 2, agents: 0 })
    server.drops()
    reconnects()
    vi.advanceTimersByTime(2000)
    expect(reports()).toHaveLength(1)
  })
})
