/** What agents see of an assistant, and how they give it a conversation and take it back. */
import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import type { JSX } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Member } from '../../core/api/accounts.ts'
import type { Status } from '../../core/conversation/entries.ts'
import type { Author, MemberId } from '../../core/ids.ts'
import { AssignDialog } from '../../web/inbox/conversation/AssignDialog.tsx'
import { createMessageActs } from '../../web/inbox/conversation/createMessageActs.ts'
import { createPermissions } from '../../web/inbox/conversation/createPermissions.ts'
import { createLiveRows } from '../../web/inbox/list/createLiveRows.ts'
import { Row } from '../../web/inbox/list/Row.tsx'
import { StatusMenu } from '../../web/inbox/panel/StatusMenu.tsx'
import { Timeline } from '../../web/inbox/timeline/Timeline.tsx'
import { teamAudience } from '../../web/lib/audience.ts'
import { createConversation } from '../../web/lib/createConversation.ts'
import { eventually } from '../support/eventually.ts'
import { ANA, FakeServer, ID, NOVA, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'
import { inboxRow, inboxState, liveRow, ME, members, Stage, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)

function show(part: () => JSX.Element) {
  const { control, calls } = signedIn(sessionOf({ id: 'ana', name: 'Ana', email: 'a@b.cd', role: 'agent' }))
  render(() => (
    <Stage control={control} state={inboxState({ members: members({ list: () => PEOPLE }) })}>
      {part()}
    </Stage>
  ))
  return () => calls.map((call) => call.replace(/,"clientId":"[^"]*"/, '').replace(ID, 'ID'))
}

const person = (id: string, name: string): Member => ({
  ...{ id, name, email: `${id}@example.com`, role: 'agent', createdAt: 1, available: true, disabledAt: null },
})
const PEOPLE = [person('ana', 'Ana'), person('ben', 'Ben')]

const permissions = (hasAssistant: boolean, barred: string | null = null) => ({
  answerFault: () => null,
  editFault: () => null,
  mustReopen: () => false,
  mayReopen: () => true,
  closesForGood: () => false,
  assignFault: () => barred,
  askFault: () => null,
  asksAgainAt: () => null,
  hasAssistant: () => hasAssistant,
})

const choice = (name: string) => {
  const found = screen.getAllByRole<HTMLButtonElement>('button', { hidden: true })
  const button = found.find(({ textContent }) => textContent?.startsWith(name))
  if (!button) throw new Error(`there is no ${name}`)
  return button
}

const CLOSING = { close: (by?: () => void) => by?.() }

describe('[CV6] assigning', () => {
  const assign = (status: Status, assignee: string | null, may = permissions(true)) => {
    const standing = { status: () => status, assignee: () => assignee as MemberId | null }
    const closed = vi.fn()
    const calls = show(() => (
      <AssignDialog id={ID} standing={standing} members={PEOPLE} permissions={may} onClose={closed} />
    ))
    return { calls, closed }
  }

  it('offers the assistant where the channel has one, and nowhere else', () => {
    assign('waiting_human', null, permissions(false))
    expect(screen.queryByText('Assistant')).toBeNull()
    cleanup()
    const { calls } = assign('active_human', 'ana')
    expect(choice('Assistant').getAttribute('aria-pressed')).toBe('false')
    fireEvent.click(choice('Assistant'))
    expect(calls()).toEqual(['PATCH /api/v1/conversations/ID {"status":"active_ai"}'])
  })

  it('shows whose it is, and takes it from the assistant for oneself, a colleague, or whoever comes', () => {
    const { calls, closed } = assign('active_ai', null)
    const pressed = ['Ana', 'Ben', 'Assistant', 'Nobody'].filter(
      (name) => choice(name).getAttribute('aria-pressed') === 'true',
    )
    expect(pressed).toEqual(['Assistant'])
    fireEvent.click(choice('Assistant'))
    expect(closed).toHaveBeenCalledOnce()
    fireEvent.click(choice('Nobody'))
    expect(calls()).toEqual(['PATCH /api/v1/conversations/ID {"status":"waiting_human"}'])
  })

  it('lets the assignee step in, who is one already', () => {
    const { calls } = assign('active_ai', 'ana')
    fireEvent.click(choice('Ana'))
    expect(calls()).toEqual(['PATCH /api/v1/conversations/ID {"assignee":"ana"}'])
  })

  it('takes it from nobody who may keep it', () => {
    assign('active_human', 'ben', permissions(true, 'Only the assignee.'))
    expect(choice('Assistant').disabled).toBe(true)
    cleanup()
    assign('waiting_human', null, permissions(true, 'Only the assignee.'))
    expect(choice('Assistant').disabled).toBe(false)
  })
})

describe('[CV2] the status by hand', () => {
  it('is one of those that an agent may set, with the assistant where there is one', () => {
    // The browser of the tests has no popovers.
    HTMLElement.prototype.hidePopover = () => {}
    const words = () => screen.getAllByRole('menuitemradio', { hidden: true }).map(({ textContent }) => textContent)
    show(() => <StatusMenu id={ID} status="waiting_human" permissions={permissions(false)} closing={CLOSING} />)
    expect(words()).toEqual(['Waiting', 'Active', 'Resolved'])
    cleanup()
    const calls = show(() => (
      <StatusMenu id={ID} status="waiting_human" permissions={permissions(true)} closing={CLOSING} />
    ))
    expect(words()).toEqual(['Waiting', 'Active', 'Active with AI', 'Resolved'])
    fireEvent.click(screen.getByText('Active with AI'))
    fireEvent.click(screen.getAllByText('Waiting').at(-1) ?? document.body)
    expect(calls()).toEqual(['PATCH /api/v1/conversations/ID {"status":"active_ai"}'])
  })

  it('[CV4] cannot be changed once it is closed for good', () => {
    show(() => (
      <StatusMenu
        id={ID}
        status="closed"
        permissions={{ ...permissions(true), mayReopen: () => false }}
        closing={CLOSING}
      />
    ))
    expect(screen.queryByRole('button')).toBeNull()
    expect(screen.getByText('Resolved')).toBeTruthy()
  })
})

describe('[MS2] at a glance', () => {
  let server: FakeServer
  beforeEach(() => {
    FakeSocket.install()
    server = new FakeServer(ANA, 200, { assistant: 'nova' })
    server.does(VIC, { type: 'start', text: 'Do you ship?' })
    server.does(NOVA, { type: 'send_message', text: 'We do.', epoch: 1 })
  })
  afterEach(() => vi.unstubAllGlobals())

  it('[MS2] [CV11] the timeline tells the assistant from agents, and what became of its turn', () => {
    server.does(NOVA, { type: 'hand_off', epoch: 1 })
    server.does(ANA, { type: 'send_message', text: 'Me now' })
    server.does(ANA, { type: 'set_status', to: 'active_ai' })
    let answers: () => boolean = () => false
    show(() => {
      const live = createConversation({ id: ID, url: '/socket', audience: teamAudience })
      const standing = { status: () => live.state.public.status, assignee: () => null } as never
      const permissions = createPermissions({ me: ME, role: () => 'agent', rights: () => [], live, standing })
      answers = permissions.hasAssistant
      const acts = createMessageActs({
        me: ME,
        role: () => 'agent',
        edits: () => true,
        live,
        permissions,
        notify: () => {},
      })
      const reading = { newAfter: () => null, seen: () => {} }
      return <Timeline id={ID} live={live} contact="Coral Fox" ticks acts={acts} reading={reading} onQuote={() => {}} />
    })
    server.accept().deliver()
    const log = screen.getByRole('log').textContent ?? ''
    for (const words of [
      'Nova · AI joined',
      'Nova · AI: We do.',
      'Nova · AI asked for a person',
      'You gave the conversation to the assistant',
    ])
      expect(log).toContain(words)
    // That it is nobody's goes without saying.
    expect(log).not.toContain('unassigned')
    expect(screen.getByText('We do.').closest('[data-kind]')?.getAttribute('data-kind')).toBe('assistant')
    expect(screen.getByText('Me now').closest('[data-kind]')?.getAttribute('data-kind')).toBe('agent')
    expect(answers()).toBe(true)
  })

  it('[IB1] the row says that the assistant spoke last, and that it has it', () => {
    const lastMessage = { author: 'assistant:nova' as Author, text: 'We do.', at: 1 }
    show(() => <Row row={inboxRow('a', { status: 'active_ai', lastMessage })} view="all" open={false} />)
    expect(screen.getByRole('listitem').textContent).toContain('AI: We do.')
    expect(screen.getByTitle('Active with AI').querySelector('svg')).toBeTruthy()
  })
})

it('[AI2] that it handed off is news; that somebody set it to waiting who had it is none', () => {
  const news: string[] = []
  const before = inboxRow('a', { status: 'active_ai', rev: 3, visitorMessages: 1 })
  let known = before
  const live = createLiveRows({
    known: { row: () => known, hear: () => {} },
    markers: { of: () => ({ id: 'a', public: 0, visitor: 0, unread: false }) },
    lookUp: async () => {},
    onNews: ({ id }) => news.push(id),
  })
  const waiting = liveRow('a', { status: 'waiting_human', rev: 4, visitorMessages: 1 })
  live.hear([waiting])
  return eventually(() => expect(news).toEqual(['a'])).then(() => {
    known = { ...before, status: 'active_human' }
    live.hear([waiting])
    expect(news).toEqual(['a'])
  })
})
