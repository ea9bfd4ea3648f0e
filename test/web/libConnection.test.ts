import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE } from '../../core/protocol/close.ts'
import { type Connection, connect, type LinkState } from '../../web/lib/connection.ts'
import { FakeSocket } from './fakeSocket.ts'

describe('a connection', () => {
  let states: LinkState[]
  let frames: unknown[]
  let link: Connection

  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    FakeSocket.install()
    states = []
    frames = []
    link = connect({
      url: () => `/socket?try=${FakeSocket.all.length}`,
      protocols: ['foyer.v1', 't.abc'],
      onFrame: (frame) => frames.push(frame),
      onState: (state) => states.push(state),
    })
  })

  afterEach(() => {
    link.close()
    vi.useRealTimers()
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  it('asks for its address before every attempt and opens it as a socket address', () => {
    expect(FakeSocket.last.url).toMatch(/^ws:\/\/[^/]+\/socket\?try=0$/)
    expect(FakeSocket.last.protocols).toEqual(['foyer.v1', 't.abc'])
    FakeSocket.last.ends()
    vi.advanceTimersByTime(1000)
    expect(FakeSocket.last.url).toContain('try=1')
  })

  it('is live with the first frame, not with the upgrade', () => {
    expect(link.send({ a: 1 })).toBe(false)
    FakeSocket.last.says({ type: 'welcome' })
    expect(states).toEqual(['connecting', 'live'])
    expect(frames).toEqual([{ type: 'welcome' }])
    expect(link.send({ a: 1 })).toBe(true)
    expect(FakeSocket.last.sent).toEqual(['{"a":1}'])
  })

  it('pings after 25 seconds of silence and takes no answer for a dead socket', () => {
    FakeSocket.last.says({})
    vi.advanceTimersByTime(24_999)
    expect(FakeSocket.last.sent).toEqual([])
    vi.advanceTimersByTime(1)
    expect(FakeSocket.last.sent).toEqual(['ping'])
    FakeSocket.last.says('pong')
    vi.advanceTimersByTime(25_000)
    expect(FakeSocket.last.sent).toEqual(['ping', 'ping'])
    expect(frames).toEqual([{}])
    vi.advanceTimersByTime(10_000)
    expect(states.at(-1)).toBe('waiting')
  })

  it('gives up on an attempt that nobody answers', () => {
    vi.advanceTimersByTime(10_000)
    expect(states).toEqual(['connecting', 'waiting'])
  })

  it('comes back with pauses that double up to 30 seconds, each half of it on average', () => {
    const pauses: number[] = []
    for (let i = 0; i < 8; i += 1) {
      FakeSocket.last.ends()
      const opened = FakeSocket.all.length
      const from = Date.now()
      while (FakeSocket.all.length === opened) vi.advanceTimersByTime(100)
      pauses.push(Date.now() - from)
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
  })

  it('calms down after a link that lasted, and only then', () => {
    const pauseAfterLiving = (ms: number): number => {
      FakeSocket.last.says({})
      vi.advanceTimersByTime(ms)
      FakeSocket.last.ends()
      const from = Date.now()
      const opened = FakeSocket.all.length
      while (FakeSocket.all.length === opened) vi.advanceTimersByTime(100)
      return Date.now() - from
    }
    expect([pauseAfterLiving(0), pauseAfterLiving(0), pauseAfterLiving(0)]).toEqual([500, 1000, 2000])
    expect(pauseAfterLiving(10_000)).toBe(500)
  })

  it.each([
    { code: CLOSE.unauthorized, state: 'unauthorized' },
    { code: CLOSE.gone, state: 'gone' },
    { code: CLOSE.forbidden, state: 'closed' },
    { code: 4409, state: 'closed' },
  ])('stops at $code and says $state', ({ code, state }) => {
    FakeSocket.last.ends(code)
    vi.advanceTimersByTime(120_000)
    dispatchEvent(new Event('online'))
    expect(states).toEqual(['connecting', state])
    expect(FakeSocket.all.length).toBe(1)
    link.reconnect()
    expect(FakeSocket.all.length).toBe(2)
  })

  it('[CV12] asks again after the time to undo a deletion, and not before', () => {
    FakeSocket.last.says({})
    FakeSocket.last.ends(CLOSE.deleting)
    dispatchEvent(new Event('online'))
    vi.advanceTimersByTime(34_999)
    expect([states.at(-1), FakeSocket.all.length]).toEqual(['deleting', 1])
    vi.advanceTimersByTime(1)
    // What is deleted is not shown while it is asked for.
    expect([states.at(-1), FakeSocket.all.length]).toEqual(['deleting', 2])
    FakeSocket.last.says({})
    expect(states.at(-1)).toBe('live')
  })

  it.each([CLOSE.later, 1006, 1012, 3000])('comes back after %i', (code) => {
    FakeSocket.last.ends(code)
    expect(states.at(-1)).toBe('waiting')
    vi.advanceTimersByTime(1000)
    expect(states.at(-1)).toBe('connecting')
  })

  it('comes back at once to renew, but does not spin when that is all it hears', () => {
    FakeSocket.last.says({})
    FakeSocket.last.ends(CLOSE.renew)
    expect(FakeSocket.all.length).toBe(2)
    FakeSocket.last.ends(CLOSE.renew)
    expect(FakeSocket.all.length).toBe(2)
    expect(states.at(-1)).toBe('waiting')
  })

  it('tries at once when the device is online again', () => {
    FakeSocket.last.ends()
    dispatchEvent(new Event('online'))
    expect(FakeSocket.all.length).toBe(2)
  })

  it('probes a live link when the device says it is offline, or the page is looked at again', () => {
    FakeSocket.last.says({})
    dispatchEvent(new Event('offline'))
    document.dispatchEvent(new Event('visibilitychange'))
    expect(FakeSocket.last.sent).toEqual(['ping', 'ping'])
    expect(states.at(-1)).toBe('live')
    vi.advanceTimersByTime(10_000)
    expect(states.at(-1)).toBe('waiting')
  })

  it('is silent after it was closed', () => {
    FakeSocket.last.says({})
    const socket = FakeSocket.last
    link.close()
    expect(socket.readyState).toBe(FakeSocket.CLOSED)
    dispatchEvent(new Event('online'))
    vi.advanceTimersByTime(120_000)
    expect(FakeSocket.all.length).toBe(1)
    expect(states).toEqual(['connecting', 'live', 'closed'])
  })
})
