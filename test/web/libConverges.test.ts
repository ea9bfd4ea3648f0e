import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Actor, authorOf } from '../../core/conversation/command.ts'
import { publicAudience, teamAudience } from '../../web/lib/audience.ts'
import { createConversation, type LiveConversation } from '../../web/lib/createConversation.ts'
import { exactly, fc } from '../support/properties.ts'
import { ANA, BEN, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'

type Step =
  | {
      do: 'act'
      actor: Actor
      what: 'say' | 'note' | 'edit' | 'delete' | 'close' | 'reopen' | 'accept' | 'wait' | 'leave'
    }
  | { do: 'send' }
  | { do: 'older' }
  | { do: 'deliver'; count: number }
  | { do: 'lose' }
  | { do: 'twice' }
  | { do: 'swap' }
  | { do: 'drop' }
  | { do: 'connect' }

const what = fc.constantFrom(
  'say',
  'note',
  'edit',
  'delete',
  'close',
  'reopen',
  'accept',
  'wait',
  'leave',
) as fc.Arbitrary<'say'>
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('act'), actor: fc.constantFrom(VIC, ANA, BEN), what }) },
  { weight: 3, arbitrary: fc.constant({ do: 'send' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'older' }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver'), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'lose' }, { do: 'twice' }, { do: 'swap' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'drop' }) },
  { weight: 3, arbitrary: fc.constant({ do: 'connect' }) },
) as fc.Arbitrary<Step>

function act(server: FakeServer, actor: Actor, what: string, n: number): void {
  const text = `${what} ${n}`
  if (what === 'say') server.does(actor, { type: 'send_message', text })
  else if (what === 'note') server.does(actor, { type: 'add_note', text })
  else if (what === 'edit') server.does(actor, { type: 'edit_message', ref: ownBefore(server, actor, n), text })
  else if (what === 'delete') server.does(actor, { type: 'delete_message', ref: ownBefore(server, actor, n) })
  else if (what === 'wait') server.does(actor, { type: 'set_status', to: 'waiting_human' })
  else if (what === 'leave') server.does(actor, { type: 'assign', to: null })
  else if (what === 'close' || what === 'reopen' || what === 'accept') server.does(actor, { type: what })
}

/** Some message of the actor: the `pick`th of them, over and over. */
function ownBefore(server: FakeServer, actor: Actor, pick: number): number {
  const own = server.log.filter((entry) => entry.type === 'message.created' && entry.author === authorOf(actor))
  return own[pick % Math.max(1, own.length)]?.n ?? 1
}

/** Only live frames may be lost, doubled or swapped: a page answers a question, and a link that loses it is broken. */
function disturb(server: FakeServer, how: 'lose' | 'twice' | 'swap'): void {
  const live = (frame: object | undefined): frame is object =>
    frame !== undefined && 'list' in frame && !('page' in frame)
  const [first, second] = server.wire
  if (!live(first)) return
  if (how === 'lose') server.wire.shift()
  if (how === 'twice') server.wire.unshift(first)
  if (how === 'swap' && live(second)) server.wire.splice(0, 2, second, first)
}

function play(server: FakeServer, talk: LiveConversation, step: Step, n: number): void {
  if (step.do === 'act') act(server, step.actor, step.what, n)
  else if (step.do === 'send') talk.send({ type: 'send_message', text: `mine ${n}` })
  else if (step.do === 'older') talk.loadOlder()
  else if (step.do === 'deliver') server.deliver(step.count)
  else if (step.do === 'drop') server.drops()
  else if (step.do === 'connect') reconnect(server, talk)
  else disturb(server, step.do)
}

function reconnect(server: FakeServer, talk: LiveConversation): void {
  while (talk.link() === 'waiting') vi.advanceTimersByTime(100)
  if (talk.link() === 'connecting' && server.wire.length === 0) server.accept()
}

function heal(server: FakeServer, talk: LiveConversation): void {
  server.deliver()
  if (server.socket) server.drops()
  while (talk.link() === 'waiting') vi.advanceTimersByTime(100)
  server.accept().deliver()
  while (talk.hasOlder()) {
    talk.loadOlder()
    server.deliver()
  }
  while (talk.pending.some((item) => item.status === 'sending' || item.refusal?.retryAt !== undefined)) {
    vi.advanceTimersByTime(500)
    server.deliver()
  }
}

describe('[Q13] whatever happens on the way', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    FakeSocket.install()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it.each([
    { name: 'an agent', reader: ANA, audience: teamAudience },
    { name: 'a visitor', reader: VIC, audience: publicAudience },
  ])('$name ends with the entries and the state of a fresh fetch', ({ reader, audience }) => {
    const open = () => createConversation({ id: ID, url: '/socket', audience })
    fc.assert(
      fc.property(exactly(step, 60), fc.integer({ min: 1, max: 7 }), (steps, pageSize) => {
        createRoot((dispose) => {
          const server = new FakeServer(reader, pageSize)
          server.does(VIC, { type: 'start', text: 'hello' })
          const talk = open()
          server.accept()
          for (const [n, step] of steps.entries()) {
            play(server, talk, step, n)
            // Never a hole, at any moment.
            const numbers = talk.entries.flatMap((entry) => ('after' in entry ? [] : entry.n))
            expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i))
          }
          heal(server, talk)
          expect(talk.entries).toEqual(server.visible)
          expect(talk.pending.filter((p) => p.status === 'sending')).toEqual([])
          const asSeen = JSON.parse(JSON.stringify(talk.state))

          const fresh = open()
          server.accept().deliver()
          expect(asSeen).toEqual(JSON.parse(JSON.stringify(fresh.state)))
          dispose()
        })
      }),
      { numRuns: 300, endOnFailure: true },
    )
  })
})
