import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { createSignal } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WidgetConversation } from '../../core/api/widget.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { HostLink } from '../../web/widget/hostLink.ts'
import { createKeep } from '../../web/widget/keep.ts'
import { openOutboxStore } from '../../web/widget/outbox/outboxStore.ts'
import { Widget } from '../../web/widget/Widget.tsx'
import { ANA, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'

let server: FakeServer
let closed: number
let asked: string[]
/** What the launcher was told. */
let told: unknown[]
let conversations: WidgetConversation[] = []

const session = {
  ...{ token: 't', you: 'visitor:vic', workspace: 'Tallow & Fern', renewed: true },
  ...{ colour: '#0a7d4b', greeting: 'Welcome in.', email: null },
}

let contactAnswer: () => Response
/** What the server has at the chat's own address. */
let answersPage: () => Promise<Response>

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.install()
  localStorage.clear()
  closed = 0
  server = new FakeServer(VIC)
  asked = []
  told = []
  contactAnswer = () => new Response(null, { status: 204 })
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (!init) return answersPage()
    asked.push(`${init.method} ${path} ${init.body ?? ''}`)
    if (path.endsWith('/contact')) return contactAnswer()
    if (path.endsWith('/badge-tokens')) return Response.json({ badge: 'b.1' }, { status: 201 })
    return Response.json(init.method === 'GET' ? { list: conversations } : session, { status: 201 })
  })
})

afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function open(conversation?: typeof ID, token: string | null = 't'): Promise<HTMLTextAreaElement> {
  const keep = createKeep('ch_1')
  if (conversation) keep.write({ token: token ?? undefined, conversation })
  const [shown] = createSignal(true)
  const [kept] = createSignal({})
  const host: HostLink = {
    ...{ shown, kept, page: () => null, ready: async () => undefined },
    close: () => (closed += 1),
    keep: (name, value) => told.push({ [name]: value }),
    unread: (count) => told.push(count),
  }
  render(() => <Widget channel="ch_1" host={host} keep={keep} store={openOutboxStore('ch_1')} />)
  await vi.advanceTimersByTimeAsync(0)
  await vi.dynamicImportSettled()
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
    expect(screen.getByText('This conversation was closed')).toBeTruthy()
    expect(screen.getByText(/Write to reopen it/)).toBeTruthy()
  })

  it('[BN3] has a sentence in place of the composer while one is blocked, and no way to begin anew', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    server.signals({ type: 'policy', policy: { mayWrite: false, mayStart: false, reopen: 'any_message' } })
    server.deliver()
    expect(screen.queryByRole('textbox')).toBeNull()
    expect(screen.getByText("You can't write here any more.").role).toBe('status')
    expect(screen.queryByText('End conversation')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'All conversations' }))
    await vi.dynamicImportSettled()
    expect(screen.getByText("You can't start a new conversation here.")).toBeTruthy()
    // The button that led here is gone.
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Your conversations' }))
    expect(screen.queryByRole('button', { name: 'New conversation' })).toBeNull()
    server.signals({ type: 'policy', policy: { mayWrite: true, reopen: 'any_message' } })
    server.deliver()
    expect(screen.getByRole('button', { name: 'New conversation' })).toBeTruthy()
  })

  it('[CV4] goes on where one can write at once, without what was quoted from what is closed for good', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    server.does(ANA, { type: 'send_message', text: 'hi' })
    await open(ID)
    server.accept().deliver()
    fireEvent.click(screen.getAllByRole('button', { name: /^Quote/ })[0] ?? document.body)
    fireEvent.click(screen.getByRole('button', { name: 'Do not quote' }))
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message' }))
    fireEvent.click(screen.getAllByRole('button', { name: /^Quote/ })[0] ?? document.body)
    expect(screen.getByRole('button', { name: 'Do not quote' })).toBeTruthy()
    server.does(ANA, { type: 'close' })
    server.signals({ type: 'policy', policy: { mayWrite: true, reopen: 'never' } })
    server.deliver()
    const goOn = screen.getByRole('button', { name: 'Go on in a new one' })
    goOn.focus()
    fireEvent.click(goOn)
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message' }))
    expect(screen.queryByRole('button', { name: 'Do not quote' })).toBeNull()
  })

  it('ends the conversation from its menu, once that is confirmed', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    fireEvent.click(screen.getByText('Download conversation'))
    await vi.dynamicImportSettled()
    fireEvent.click(screen.getByText('Cancel'))
    fireEvent.click(screen.getByText('End conversation'))
    await vi.dynamicImportSettled()
    expect(screen.getByText('End this conversation?')).toBeTruthy()
    server.deliver()
    expect(log()).not.toContain('closed')
    fireEvent.click(screen.getAllByRole('button', { name: 'End conversation', hidden: true }).at(-1) ?? document.body)
    server.deliver()
    expect(log()).toContain('You closed the conversation')
    expect(screen.queryByText('End conversation')).toBeNull()
    expect(screen.getByText('Download conversation')).toBeTruthy()
  })

  it.each([
    [{ mayWrite: true, reopen: 'any_message' }, /^You can write here again whenever you like\.$/],
    [{ mayWrite: true, reopen: 'visitor_message' }, /^You can write here again whenever you like\.$/],
    [{ mayWrite: true, reopen: 'never' }, /^It is closed for good then\. You can begin a new one whenever you like\.$/],
    [{ mayWrite: true, mayStart: false, reopen: 'never' }, /^It is closed for good then\.$/],
  ] as const)('[CV4] says before the end what is possible afterwards, by %j', async (policy, sentence) => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    fireEvent.click(screen.getByText('End conversation'))
    await vi.dynamicImportSettled()
    // Also where an administrator decides anew while it is being asked.
    server.signals({ type: 'policy', policy })
    server.deliver()
    expect(screen.getByText(sentence)).toBeTruthy()
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

  it('[CV12] says kindly that the conversation is being removed, and goes on in a new one with what was written', async () => {
    const input = await open(ID)
    fireEvent.input(input, { target: { value: 'unsent' } })
    fireEvent.keyDown(input, { key: 'Enter' })
    fireEvent.input(input, { target: { value: 'and half a thought' } })
    await vi.advanceTimersByTimeAsync(0)
    server.drops(CLOSE.deleting)
    expect(screen.getByText(/is being removed. What you write is kept/)).toBeTruthy()
    await vi.advanceTimersByTimeAsync(35_000)
    server.drops(CLOSE.gone)
    expect(screen.getByText('This conversation was removed. What you write begins a new one.')).toBeTruthy()
    expect(screen.getByText('unsent')).toBeTruthy()
    expect(input.value).toBe('and half a thought')
  })

  it('tells the server how far was read', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    await vi.advanceTimersByTimeAsync(0)
    expect(server.heard).toEqual([{ type: 'seen', public: 2 }])
    expect(told).toContain(0)
  })
})

describe('the channel’s own look', () => {
  it('has its colour and greeting, and the launcher is told', async () => {
    await open()
    expect(screen.getByRole('heading', { name: 'Welcome in.' })).toBeTruthy()
    expect(document.documentElement.style.getPropertyValue('--brand')).toBe('#0a7d4b')
    expect(told).toContainEqual({ colour: '#0a7d4b' })
  })
})

describe('[DL7] typing', () => {
  it('is shown with the name, and told', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    const input = await open(ID)
    server.accept().deliver()
    server.signals({ type: 'signal', from: 'agent:ana', name: 'Ana', typing: 'reply' })
    server.deliver()
    expect(screen.getByText('Ana is typing…')).toBeTruthy()
    fireEvent.input(input, { target: { value: 'h' } })
    fireEvent.blur(input)
    expect(server.heard.filter(({ type }) => type === 'typing')).toEqual([
      { type: 'typing', in: 'reply' },
      { type: 'typing', in: null },
    ])
  })
})

describe('[VW1] the launcher', () => {
  it('is told the number of new messages and keeps the token of its badge', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    server.does(ANA, { type: 'send_message', text: 'one' })
    server.does(ANA, { type: 'send_message', text: 'two' })
    await open(ID)
    server.accept().deliver(2)
    await vi.advanceTimersByTimeAsync(0)
    expect(told).toContain(2)
    expect(told).toContainEqual({ badge: 'b.1' })
    server.deliver()
    expect(told.at(-1)).toBe(0)
    expect(asked.filter((request) => request.includes('badge-tokens'))).toHaveLength(1)
  })
})

describe('several conversations', () => {
  async function lists(): Promise<void> {
    fireEvent.click(screen.getByRole('button', { name: 'All conversations' }))
    await vi.dynamicImportSettled()
    await vi.advanceTimersByTimeAsync(0)
  }

  it('are listed with what is new, and one can be turned to or begun', async () => {
    conversations = [
      {
        ...{ id: ID, status: 'active_human', startedAt: 1, lastMessageAt: Date.now(), unread: 2 },
        lastMessage: { author: 'agent:ana', text: 'It ships today', at: 1 },
      },
      {
        ...{ id: ID.replace('a', 'b'), status: 'closed', startedAt: 1, lastMessageAt: Date.now(), unread: 0 },
        lastMessage: { author: 'visitor:vic', text: 'thanks', at: 1 },
      },
    ]
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    await lists()
    const rows = screen.getAllByRole('listitem').map((row) => row.textContent)
    expect(rows).toEqual([
      expect.stringMatching(/^It ships today.*2 new/),
      expect.stringMatching(/^You: thanks.*Closed/),
    ])
    fireEvent.click(screen.getByRole('button', { name: /You: thanks/ }))
    expect(FakeSocket.last.url).toContain(ID.replace('a', 'b'))
    await lists()
    fireEvent.click(screen.getByRole('button', { name: 'New conversation' }))
    expect(screen.getByRole('heading', { name: 'Welcome in.' })).toBeTruthy()
  })

  it('keep the way back to them on the first visit too, while a new one has yet to begin', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID, null)
    server.accept().deliver()
    await lists()
    fireEvent.click(screen.getByRole('button', { name: 'New conversation' }))
    await lists()
    expect(screen.getByRole('region', { name: 'Your conversations' })).toBeTruthy()
  })

  it('whose part of the page is gone after an update load the page anew, if there is one', async () => {
    vi.doMock('../../web/widget/ConversationList.tsx', () => Promise.reject(new Error('404')))
    const reload = vi.spyOn(location, 'reload').mockReturnValue()
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    answersPage = () => Promise.reject(new TypeError('no network'))
    await lists()
    expect(reload).not.toHaveBeenCalled()
    expect(log()).toContain('hello')
    answersPage = async () => new Response('<!doctype html>')
    await lists()
    expect(reload).toHaveBeenCalledOnce()
    vi.doUnmock('../../web/widget/ConversationList.tsx')
  })
})

describe('the question for an email', () => {
  const card = () => screen.queryByLabelText('Where can we reach you if you leave?')

  it('comes when nobody has answered for a while, is validated, and not asked again', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    await open(ID)
    server.accept().deliver()
    await vi.advanceTimersByTimeAsync(29_000)
    FakeSocket.last.says('pong')
    expect(card()).toBeNull()
    await vi.advanceTimersByTimeAsync(1_000)
    await vi.dynamicImportSettled()
    const input = card() ?? document.body
    fireEvent.input(input, { target: { value: 'vic at home' } })
    fireEvent.submit(input.closest('form') ?? document.body)
    expect(screen.getByText(/does not look like an email address/)).toBeTruthy()
    fireEvent.input(input, { target: { value: ' vic@home.example ' } })
    fireEvent.submit(input.closest('form') ?? document.body)
    await vi.advanceTimersByTimeAsync(0)
    expect(asked.at(-1)).toBe('PUT /widget/v1/contact {"email":"vic@home.example"}')
    expect(screen.getByText(/Thank you/)).toBeTruthy()
    expect(createKeep('ch_1').read().asked).toBe(true)
  })

  it('[DL9] given too often says so and keeps what was typed', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    server.does(VIC, { type: 'send_message', text: 'anybody?' })
    contactAnswer = () =>
      Response.json(
        {
          status: 429,
          code: 'too_many_attempts',
          detail: 'Wait a little and try again.',
          retryAt: Date.now() + 60_000,
        },
        { status: 429 },
      )
    await open(ID)
    server.accept().deliver()
    await vi.advanceTimersByTimeAsync(0)
    const input = screen.getByLabelText<HTMLInputElement>('Where can we reach you if you leave?')
    fireEvent.input(input, { target: { value: 'vic@home.example' } })
    fireEvent.submit(input.closest('form') ?? document.body)
    await vi.advanceTimersByTimeAsync(0)
    expect([screen.getByText('Wait a little and try again.').id, input.value, input.isConnected]).toEqual([
      'email-fault',
      'vic@home.example',
      true,
    ])
    contactAnswer = () => new Response(null, { status: 204 })
    fireEvent.submit(input.closest('form') ?? document.body)
    await vi.advanceTimersByTimeAsync(0)
    expect(screen.getByText(/Thank you/)).toBeTruthy()
  })

  it('[BN3] is not asked of whom nobody would answer', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    server.does(VIC, { type: 'send_message', text: 'anybody?' })
    await open(ID)
    server.accept().deliver()
    await vi.advanceTimersByTimeAsync(0)
    await vi.dynamicImportSettled()
    expect(card()).toBeTruthy()
    server.signals({ type: 'policy', policy: { mayWrite: false, reopen: 'any_message' } })
    server.deliver()
    expect(card()).toBeNull()
  })

  it('does not come where an agent has answered; comes with the second message and can be skipped for good', async () => {
    server.does(VIC, { type: 'start', text: 'hello' })
    server.does(ANA, { type: 'send_message', text: 'hi' })
    await open(ID)
    server.accept().deliver()
    await vi.advanceTimersByTimeAsync(31_000)
    expect(card()).toBeNull()
    server.does(VIC, { type: 'send_message', text: 'one more' })
    server.deliver()
    await vi.advanceTimersByTimeAsync(0)
    fireEvent.click(screen.getByRole('button', { name: 'Not now' }))
    expect([card(), createKeep('ch_1').read().asked]).toEqual([null, true])
    // Where the card was.
    expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Conversation' }))
  })
})
