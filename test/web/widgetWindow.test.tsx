import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { createSignal } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE } from '../../core/protocol/close.ts'
import type { HostLink } from '../../web/widget/hostLink.ts'
import { createKeep } from '../../web/widget/keep.ts'
import { Widget } from '../../web/widget/Widget.tsx'
import { ANA, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'

let server: FakeServer
let closed: number

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.install()
  localStorage.clear()
  closed = 0
  server = new FakeServer(VIC)
  const session = { token: 't', you: 'visitor:vic', workspace: 'Tallow & Fern', renewed: true }
  vi.stubGlobal('fetch', async () => Response.json(session, { status: 201 }))
})

afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function open(conversation?: typeof ID): Promise<HTMLTextAreaElement> {
  const keep = createKeep('ch_1')
  if (conversation) keep.write({ token: 't', conversation })
  const [shown] = createSignal(true)
  const host: HostLink = { shown, page: () => null, ready: () => undefined, close: () => (closed += 1) }
  render(() => <Widget channel="ch_1" host={host} keep={keep} />)
  await vi.advanceTimersByTimeAsync(0)
  return screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
}

const log = (): string => screen.getByRole('log', { name: 'Messages' }).textContent ?? ''

describe('the window of the chat', () => {
  it('greets in the name of the workspace', async () => {
    await open()
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Tallow & Fern')
    expect(screen.getByText(/Ask Tallow & Fern anything/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'More' })).toBeNull()
  })

  it('closes with its button and with Escape', async () => {
    await open()
    fireEvent.click(screen.getByRole('button', { name: 'Close chat' }))
    fireEvent.keyDown(window, { key: 'Escape' })
    expect(closed).toBe(2)
  })

  it('shows a conversation with days, names and what happened, and who serves', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    server.does(ANA, { type: 'add_note', text: 'SECRET' })
    server.does(ANA, { type: 'send_message', text: 'hi Vic' })
    await open(ID)
    server.accept().deliver()
    expect(log()).toMatch(/hello.*Ana joined the conversation.*Ana.*hi Vic/)
    expect(document.body.textContent).not.toContain('SECRET')
    expect(screen.getByText('You are talking with Ana')).toBeTruthy()
    server.does(ANA, { type: 'close' })
    server.deliver()
    expect(log()).toContain('Ana closed the conversation')
    expect(screen.getByText('This conversation is closed')).toBeTruthy()
  })

  it('ends the conversation from its menu', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    fireEvent.click(screen.getByText('End conversation'))
    server.deliver()
    expect(log()).toContain('You closed the conversation')
  })

  it('says that the connection is lost and that it is on its way back', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver().drops()
    expect(screen.getByText(/connection was lost/)).toBeTruthy()
    await vi.advanceTimersByTimeAsync(1_000)
    server.accept().deliver()
    expect(screen.queryByText(/connection was lost/)).toBeNull()
  })

  it('gives the text back to the composer where the conversation is gone', async () => {
    const input = await open(ID)
    fireEvent.input(input, { target: { value: 'unsent' } })
    fireEvent.keyDown(input, { key: 'Enter' })
    fireEvent.input(input, { target: { value: 'and half a thought' } })
    server.drops(CLOSE.gone)
    expect(screen.getByText('This conversation is no longer available')).toBeTruthy()
    expect(input.value).toBe('unsent\nand half a thought')
  })

  it('tells the server how far was read', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    await vi.advanceTimersByTimeAsync(0)
    expect(server.heard).toEqual([{ type: 'seen', public: 2 }])
  })
})
