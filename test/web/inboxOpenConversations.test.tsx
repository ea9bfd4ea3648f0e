import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE } from '../../core/protocol/close.ts'
import {
  createOpenConversations,
  type OpenConversations,
} from '../../web/inbox/conversation/createOpenConversations.ts'
import { ANA, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'

let server: FakeServer
let conversations: OpenConversations
let dispose: () => void
let renew: () => void
const expire = vi.fn()

beforeEach(() => {
  FakeSocket.install()
  expire.mockClear()
  server = new FakeServer(ANA)
  server.does(VIC, { type: 'start', text: 'hello' })
  createRoot((end) => {
    dispose = end
    conversations = createOpenConversations({
      expire,
      onRenewed: (listener) => {
        renew = listener
        return () => {}
      },
    })
  })
})

afterEach(() => {
  dispose()
  vi.unstubAllGlobals()
})

const isClosed = (socket: FakeSocket) => socket.readyState === FakeSocket.CLOSED
const stored = () => server.log.flatMap((entry) => ('text' in entry.body ? entry.body.text : []))

describe('open conversations', () => {
  it('close when they are left', () => {
    conversations.open(ID)
    server.accept().deliver()
    conversations.leave(ID)
    expect(isClosed(FakeSocket.last)).toBe(true)
  })

  it('[DL1] stay open after being left until everything is stored', () => {
    const live = conversations.open(ID)
    server.accept().deliver()
    live.send({ type: 'send_message', text: 'just in time' })
    conversations.leave(ID)
    expect(isClosed(FakeSocket.last)).toBe(false)
    server.deliver()
    expect(stored()).toEqual(['hello', 'just in time'])
    expect(isClosed(FakeSocket.last)).toBe(true)
  })

  it('are taken up again as they were left', () => {
    const live = conversations.open(ID)
    live.send({ type: 'send_message', text: 'not yet connected' })
    conversations.leave(ID)
    expect(conversations.open(ID).pending.map(({ command }) => command)).toEqual([
      { type: 'send_message', text: 'not yet connected' },
    ])
  })

  it('warn before the page is closed while something is on its way', () => {
    const leaves = () => {
      const event = new Event('beforeunload', { cancelable: true })
      dispatchEvent(event)
      return event.defaultPrevented
    }
    const live = conversations.open(ID)
    server.accept().deliver()
    expect(leaves()).toBe(false)
    live.send({ type: 'send_message', text: 'wait' })
    expect(leaves()).toBe(true)
    server.deliver()
    expect(leaves()).toBe(false)
  })

  it('end the session when they are refused, and come back once it is renewed', () => {
    const live = conversations.open(ID)
    server.drops(CLOSE.unauthorized)
    expect(expire).toHaveBeenCalledOnce()
    renew()
    server.accept().deliver()
    expect(live.link()).toBe('live')
  })
})
