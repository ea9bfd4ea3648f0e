import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { createSignal } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BanKind, BanScope } from '../../core/bans/ban.ts'
import { type Actor, authorOf, type Command } from '../../core/conversation/command.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import { type Author, authorKind, type MemberId, memberOf } from '../../core/ids.ts'
import { InboxProvider } from '../../web/inbox/app/InboxContext.tsx'
import { createMessageActs, type MessageActs } from '../../web/inbox/conversation/createMessageActs.ts'
import { activityText } from '../../web/inbox/timeline/activity.ts'
import { placeOf, RUN_MS } from '../../web/inbox/timeline/grouping.ts'
import { Timeline } from '../../web/inbox/timeline/Timeline.tsx'
import { teamAudience } from '../../web/lib/audience.ts'
import { createConversation, type LiveConversation } from '../../web/lib/createConversation.ts'
import { exactTime, timeOfDay } from '../../web/lib/times.ts'
import { ANA, BEN, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'
import { inboxState, ME } from './inboxStage.tsx'

const NOON = new Date(2026, 10, 20, 12).getTime()
const at = (later: number, author: Entry['author'] = 'visitor:v', type: Entry['type'] = 'message.created') => ({
  at: NOON + later,
  author,
  type,
})

describe('runs and days', () => {
  const previous = at(0)
  it.each([
    ['soon after, by the same author', at(RUN_MS - 1), { newDay: false, first: false }],
    ['five minutes later', at(RUN_MS), { newDay: false, first: true }],
    ['by somebody else', at(1, 'agent:a'), { newDay: false, first: true }],
    ['a note of the same author', at(1, 'visitor:v', 'note.created'), { newDay: false, first: true }],
    ['on the next day', at(13 * 3_600_000), { newDay: true, first: true }],
  ])('%s', (_, entry, expected) => {
    expect(placeOf(previous, entry, undefined)).toMatchObject(expected)
    expect(placeOf(undefined, previous, entry).last).toBe(expected.first)
  })

  it('begins a day and a run with the first entry', () => {
    expect(placeOf(undefined, previous, undefined)).toEqual({ newDay: true, first: true, last: true })
  })
})

describe('[CV11] activities as sentences', () => {
  const names = {
    me: 'ana',
    nameOf: (id: string) => ({ ben: 'Ben', ana: 'Ana' })[id] ?? '?',
    author: (author: Author) => {
      const id = memberOf(author)
      if (id !== null) return id === 'ana' ? 'You' : names.nameOf(id)
      return { visitor: 'Coral Fox', key: 'Order bot', assistant: 'Nova · AI' }[authorKind(author) as string] ?? 'Foyer'
    },
  }

  let bans = 0
  function told(kind: BanKind, scope: BanScope, lifted = false): [Actor, Command] {
    bans += 1
    return [
      { kind: 'system' },
      { type: 'tell_ban', ban: { version: bans, by: authorOf(BEN), scope, kind, until: null, lifted } },
    ]
  }

  function sentences(...acts: Array<[Actor, Command]>): string[] {
    FakeSocket.install()
    const server = new FakeServer(ANA)
    server.does(VIC, { type: 'start', text: 'hello' })
    for (const [actor, command] of acts) server.does(actor, command)
    const entries = server.visible
    return entries.flatMap((entry, i) => activityText(entries.slice(Math.max(0, i - 3), i), entry, names) ?? [])
  }

  it.each<[string, Array<[Actor, Command]>, string[]]>([
    ['accepting is one act', [[ANA, { type: 'accept' }]], ['You took the conversation']],
    ['a colleague accepts', [[BEN, { type: 'accept' }]], ['Ben took the conversation']],
    ['a first answer takes it too', [[BEN, { type: 'send_message', text: 'hi' }]], ['Ben took the conversation']],
    [
      'assigning to a colleague and to nobody',
      [
        [ANA, { type: 'assign', to: 'ben' as MemberId }],
        [ANA, { type: 'assign', to: null }],
      ],
      ['You assigned the conversation to Ben', 'You unassigned Ben'],
    ],
    ['the visitor ends it', [[VIC, { type: 'close' }]], ['Coral Fox closed the conversation']],
    [
      'writing reopens it',
      [
        [BEN, { type: 'close' }],
        [VIC, { type: 'send_message', text: 'wait' }],
      ],
      ['Ben closed the conversation', 'Coral Fox reopened the conversation'],
    ],
    [
      'a colleague answers first what is another’s',
      [
        [ANA, { type: 'assign', to: 'ana' as MemberId }],
        [ANA, { type: 'set_status', to: 'waiting_human' }],
        [BEN, { type: 'send_message', text: 'hi' }],
      ],
      [
        'You took the conversation',
        'You set the conversation to waiting',
        'Ben set the conversation to active',
        'Ben joined',
      ],
    ],
    [
      'a colleague helps out',
      [
        [ANA, { type: 'accept' }],
        [BEN, { type: 'send_message', text: 'hi' }],
      ],
      ['You took the conversation', 'Ben joined'],
    ],
    [
      'a block, a ban of the address, and that they end',
      [told('block', 'contact'), told('ban', 'network'), told('block', 'contact', true), told('ban', 'network', true)],
      [
        'Ben blocked the visitor',
        'Ben banned the visitor’s IP address',
        'Ben unbanned the visitor',
        'Ben unbanned the visitor’s IP address',
      ],
    ],
  ])('%s', (_, acts, expected) => {
    expect(sentences(...acts)).toEqual(['Coral Fox started the conversation', ...expected])
  })
})

describe('the timeline', () => {
  let server: FakeServer
  let live: LiveConversation
  let acts: MessageActs
  let undo: (() => void) | undefined
  const quotes: string[] = []
  const [newAfter, setNewAfter] = createSignal<number | null>(null)
  const [ticks, setTicks] = createSignal(true)
  const [edits, setEdits] = createSignal(true)
  const [editFault, setEditFault] = createSignal<string | null>(null)

  beforeEach(() => {
    FakeSocket.install()
    server = new FakeServer(ANA)
    server.does(VIC, { type: 'start', text: 'Where is my lamp?' })
    render(() => {
      live = createConversation({ id: ID, url: '/socket', audience: teamAudience })
      acts = createMessageActs({
        me: ME,
        role: () => 'agent',
        edits,
        live,
        permissions: { editFault },
        notify: (_, __, options) => (undo = options?.action?.run),
      })
      return (
        <InboxProvider state={inboxState()}>
          <Timeline
            id={ID}
            live={live}
            contact="Coral Fox"
            ticks={ticks()}
            acts={acts}
            reading={{ newAfter, seen: () => {} }}
            onQuote={(said) => quotes.push(said.body.text)}
          />
        </InboxProvider>
      )
    })
    server.accept().deliver()
  })

  afterEach(() => {
    cleanup()
    vi.unstubAllGlobals()
  })

  const log = () => screen.getByRole('log', { name: 'Conversation' }).textContent ?? ''

  it('shows who said what, and notes as notes', () => {
    server.does(BEN, { type: 'send_message', text: 'On its way' })
    server.does(BEN, { type: 'add_note', text: 'be generous' })
    server.deliver()
    expect(log()).toContain('Coral Fox: Where is my lamp?')
    expect(log()).toContain('Ben: On its way')
    expect(log()).toContain('Internal note by Ben: be generous')
  })

  it('[RT6] calls an answer changed where the score did, not where words were added', () => {
    server.does(ANA, { type: 'request_rating' })
    server.does(VIC, { type: 'submit_rating', score: 4 })
    server.does(VIC, { type: 'submit_rating', score: 4, comment: 'Friendly.' })
    server.deliver()
    expect(log()).toContain('Coral Fox rated the conversation 4 of 5, good')
    expect(log()).toContain('Friendly.')
    server.does(VIC, { type: 'submit_rating', score: 2, comment: 'Friendly.' })
    server.deliver()
    expect(log()).toContain('Coral Fox changed the rating to 2 of 5, bad')
  })

  it('[MS9] makes links clickable and never markup of a text', () => {
    server.does(VIC, { type: 'send_message', text: '<b>see</b> https://example.org/a' })
    server.deliver()
    expect(screen.getByRole('link', { name: 'https://example.org/a' }).getAttribute('rel')).toContain('noopener')
    expect(log()).toContain('<b>see</b>')
  })

  it('[DL6] says how far a message has come only where the channel can tell', () => {
    server.does(ANA, { type: 'send_message', text: 'On its way' })
    server.deliver()
    expect(screen.getByRole('img', { name: 'Sent' })).toBeTruthy()
    setTicks(false)
    expect(screen.queryByRole('img', { name: 'Sent' })).toBeNull()
    setTicks(true)
  })

  it('[DL1] says "Sending…" until the message is stored', () => {
    live.send({ type: 'send_message', text: 'Yes' })
    expect(log()).toContain('Sending…')
    server.deliver()
    expect(log()).toContain('You: Yes')
    expect(log()).not.toContain('Sending…')
  })

  it('shows why a message was refused, and lets it go', () => {
    live.send({ type: 'send_message', text: '   ' })
    server.deliver()
    expect(screen.getByRole('alert').textContent).toContain('an empty message cannot be sent')
    screen.getByRole('button', { name: 'Discard' }).click()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('keeps what is written while the link is down, and says so', () => {
    server.drops()
    live.send({ type: 'send_message', text: 'Still there?' })
    expect(log()).toContain('Sent once connected')
  })

  const says = (text: string) => {
    server.does(ANA, { type: 'send_message', text })
    server.deliver()
    return server.log.findLast((entry) => entry.type === 'message.created')?.n ?? 0
  }
  const line = (ref: number | string) => {
    const found = document.querySelector<HTMLElement>(`[data-ref="${ref}"]`)
    if (!found) throw new Error(`no line ${ref}`)
    return found
  }
  const tool = (ref: number, name: string) => {
    fireEvent.pointerEnter(line(ref))
    return within(line(ref)).queryByRole('button', { name })
  }
  const marks = () => screen.queryAllByRole('img').map((mark) => mark.getAttribute('aria-label'))

  it('[DL6] marks: waiting, stored, read by the visitor, not sent', () => {
    live.send({ type: 'send_message', text: 'Yes' })
    expect(marks()).toEqual(['Not sent yet'])
    server.deliver()
    expect(marks()).toEqual(['Sent'])
    FakeSocket.last.says({ type: 'cursors', cursors: { visitor: 99, agents: 0 } })
    expect(marks()).toEqual(['Read'])
    live.send({ type: 'send_message', text: ' ' })
    server.deliver()
    expect(marks()).toEqual(['Read', 'Not sent'])
  })

  it('[DL6] notes and the visitor have no marks', () => {
    server.does(ANA, { type: 'add_note', text: 'hm' })
    server.deliver()
    expect(marks()).toEqual([])
  })

  it('[IB9] shows where the new messages begin', () => {
    server.does(VIC, { type: 'send_message', text: 'Hello?' })
    server.deliver()
    expect(screen.queryByText('New messages')).toBeNull()
    setNewAfter(2)
    const heading = screen.getByText('New messages')
    expect(heading.compareDocumentPosition(screen.getByText('Hello?'))).toBe(Node.DOCUMENT_POSITION_FOLLOWING)
    expect(heading.compareDocumentPosition(screen.getByText('Where is my lamp?'))).toBe(
      Node.DOCUMENT_POSITION_PRECEDING,
    )
    setNewAfter(null)
  })

  it('[MS4] quotes: offers it, shows the beginning of the original, and leads there', () => {
    const asked = server.visible.find((entry) => entry.type === 'message.created')?.n ?? 0
    tool(asked, 'Quote')?.click()
    expect(quotes).toEqual(['Where is my lamp?'])
    server.does(ANA, { type: 'send_message', text: 'On its way', quote: asked })
    server.deliver()
    screen.getByRole('button', { name: /^Quoted: *Coral Fox *: *Where is my lamp/ }).click()
    expect(document.activeElement).toBe(line(asked))
  })

  it('[MS8] edits an own message in its place', () => {
    const n = says('Helo')
    tool(n, 'Edit')?.click()
    const box = screen.getByRole('textbox', { name: 'Edit message' })
    fireEvent.input(box, { target: { value: 'Hello' } })
    fireEvent.keyDown(box, { key: 'Enter' })
    server.deliver()
    expect(screen.queryByRole('textbox', { name: 'Edit message' })).toBeNull()
    expect(log()).toContain('You: Hello')
    expect(log()).not.toContain('Helo')
    expect(log()).toContain('edited')
  })

  it('[MS1] [MS8] counts an edit from 1,800 characters on, and takes none past 2,000', () => {
    const n = says('Helo')
    tool(n, 'Edit')?.click()
    const box = screen.getByRole('textbox', { name: 'Edit message' })
    const counted = (length: number) => {
      fireEvent.input(box, { target: { value: '🙂'.repeat(length) } })
      return within(line(n)).getByRole('status').textContent
    }
    const save = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Save' })
    expect([counted(1_799), counted(1_800), counted(2_000)]).toEqual(['', '1,800 of 2,000', '2,000 of 2,000'])
    expect([save().disabled, box.getAttribute('aria-invalid')]).toEqual([false, null])
    expect(counted(2_001)).toBe('Too long by 1. Shorten it.')
    expect([save().disabled, box.getAttribute('aria-invalid')]).toEqual([true, 'true'])
    fireEvent.keyDown(box, { key: 'Enter' })
    expect(server.heard.some((frame) => frame.type === 'command')).toBe(false)
    counted(2_000)
    fireEvent.keyDown(box, { key: 'Enter' })
    expect(server.heard.some((frame) => frame.type === 'command')).toBe(true)
  })

  it('[MS8] Escape leaves a message as it was', () => {
    const n = says('Helo')
    tool(n, 'Edit')?.click()
    const box = screen.getByRole('textbox', { name: 'Edit message' })
    fireEvent.input(box, { target: { value: 'Hello' } })
    fireEvent.keyDown(box, { key: 'Escape' })
    expect(log()).toContain('You: Helo')
    expect(server.heard.some((frame) => frame.type === 'command')).toBe(false)
  })

  it('[MS8] a refused edit keeps what was typed, with the reason', () => {
    const n = says('Hello')
    tool(n, 'Edit')?.click()
    server.does(ANA, { type: 'delete_message', ref: n })
    const box = screen.getByRole('textbox', { name: 'Edit message' }) as HTMLTextAreaElement
    fireEvent.input(box, { target: { value: 'Hello!' } })
    fireEvent.keyDown(box, { key: 'Enter' })
    FakeSocket.last.says({
      type: 'refused',
      id: live.pending[0]?.id,
      code: 'message_deleted',
      message: 'This message was deleted.',
    })
    expect(screen.getByRole('alert').textContent).toBe('This message was deleted.')
    expect(box.value).toBe('Hello!')
  })

  it('[MS8] deletes after a moment in which it can be undone', () => {
    vi.useFakeTimers()
    const n = says('Wrong chat')
    tool(n, 'Delete')?.click()
    undo?.()
    vi.advanceTimersByTime(10_000)
    server.deliver()
    expect(log()).toContain('Wrong chat')
    tool(n, 'Delete')?.click()
    expect(log()).not.toContain('Wrong chat')
    vi.advanceTimersByTime(5_000)
    server.deliver()
    expect(log()).toContain(`You: Deleted by you · ${timeOfDay(server.log.at(-1)?.at ?? 0)}`)
    expect(server.log.at(-1)?.type).toBe('message.deleted')
    vi.useRealTimers()
  })

  it('[MS8] says who deleted a message and when, whoever wrote it, and still who wrote it', () => {
    const admin = { ...BEN, role: 'admin' } as const
    const mine = says('Mine')
    const erase = (ref: number, later?: number) =>
      server.does(admin, { type: 'delete_message', ref }, undefined, later).at(-1)?.at ?? 0
    const at = erase(mine)
    const dayAfter = erase(2, 86_400_000)
    server.deliver()
    expect(line(mine).textContent).toBe(`You: Deleted by Ben · ${timeOfDay(at)}You · ${timeOfDay(at - 1_000)}`)
    expect(line(2).textContent).toContain(`Coral Fox: Deleted by Ben · ${exactTime(dayAfter)}`)
  })

  it('[MS8] deletes at once when one leaves', () => {
    const n = says('Wrong chat')
    tool(n, 'Delete')?.click()
    cleanup()
    expect(server.heard.at(-1)).toMatchObject({ type: 'command', command: { type: 'delete_message', ref: n } })
  })

  it('[CV8] whoever may not write there any more can take an own message back, and not change it', () => {
    const n = says('Hello')
    setEditFault('Only the assignee …')
    expect(tool(n, 'Edit')).toBeNull()
    expect(tool(n, 'Delete')).toBeTruthy()
    setEditFault(null)
    expect(tool(n, 'Edit')).toBeTruthy()
  })

  it('[MS8] offers neither for what a colleague or the visitor wrote', () => {
    server.does(BEN, { type: 'send_message', text: 'Mine' })
    server.deliver()
    const theirs = server.visible.findLast((entry) => entry.type === 'message.created')?.n ?? 0
    expect(tool(theirs, 'Quote')).toBeTruthy()
    expect(tool(theirs, 'Edit')).toBeNull()
    expect(tool(theirs, 'Delete')).toBeNull()
  })

  it('[MS8] offers neither where the visitor reads it elsewhere', () => {
    const n = says('By mail')
    setEdits(false)
    expect([tool(n, 'Edit'), tool(n, 'Delete')]).toEqual([null, null])
    setEdits(true)
    expect(tool(n, 'Edit')).toBeTruthy()
  })

  it('reads out what is new, once: neither a page that comes in nor what is on its way', async () => {
    const box = screen.getByRole('log', { name: 'Conversation' })
    const silent = (text: string) => screen.getByText(text).closest('[aria-live="off"]') !== null
    expect(box.getAttribute('aria-busy')).toBe('true')
    await waitFor(() => expect(box.getAttribute('aria-busy')).toBe('false'))
    live.send({ type: 'send_message', text: 'On its way' })
    expect(silent('On its way')).toBe(true)
    server.deliver()
    expect(silent('On its way')).toBe(false)
    fireEvent.focusIn(line(server.log.at(-1)?.n ?? 0))
    expect(screen.getByRole('button', { name: 'Quote' }).closest('[aria-live="off"]')).toBeTruthy()
  })

  it('keeps a name from right to left apart from the time and the words beside it', () => {
    server.does(BEN, { type: 'send_message', text: 'On its way' })
    server.deliver()
    const apart = [...screen.getByRole('log').querySelectorAll('bdi')].map(({ dir, textContent }) => [dir, textContent])
    expect(apart).toContainEqual(['', 'Ben'])
    // The sentence itself is English, whoever it begins with.
    expect(apart).toContainEqual(['ltr', 'Ben took the conversation'])
  })

  it('the arrow keys lead from message to message', () => {
    const last = says('One')
    const box = screen.getByRole('log', { name: 'Conversation' })
    fireEvent.keyDown(box, { key: 'ArrowUp' })
    expect(document.activeElement).toBe(line(last))
    fireEvent.keyDown(line(last), { key: 'ArrowUp' })
    expect(document.activeElement?.textContent).toContain('Where is my lamp?')
  })
})
