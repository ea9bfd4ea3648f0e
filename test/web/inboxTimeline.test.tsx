import { cleanup, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import type { MemberId } from '../../core/ids.ts'
import { InboxProvider, type InboxState } from '../../web/inbox/app/InboxContext.tsx'
import { createDrafts } from '../../web/inbox/composer/createDrafts.ts'
import type { Rows } from '../../web/inbox/list/createRows.ts'
import { activityText } from '../../web/inbox/timeline/activity.ts'
import { placeOf, RUN_MS } from '../../web/inbox/timeline/grouping.ts'
import { Timeline } from '../../web/inbox/timeline/Timeline.tsx'
import { createConversation, type LiveConversation } from '../../web/lib/createConversation.ts'
import { ANA, BEN, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'

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
  const names = { me: 'ana', nameOf: (id: string) => ({ ben: 'Ben', ana: 'Ana' })[id] ?? '?', contact: 'Coral Fox' }

  function sentences(...acts: Array<[typeof ANA, Command]>): string[] {
    FakeSocket.install()
    const server = new FakeServer(ANA)
    server.does(VIC, { type: 'start', text: 'hello' })
    for (const [actor, command] of acts) server.does(actor, command)
    const entries = server.visible
    return entries.flatMap((entry, i) => activityText(entries.slice(Math.max(0, i - 3), i), entry, names) ?? [])
  }

  it.each<[string, Array<[typeof ANA, Command]>, string[]]>([
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
      'a colleague helps out',
      [
        [ANA, { type: 'accept' }],
        [BEN, { type: 'send_message', text: 'hi' }],
      ],
      ['You took the conversation', 'Ben joined'],
    ],
  ])('%s', (_, acts, expected) => {
    expect(sentences(...acts)).toEqual(['Coral Fox started the conversation', ...expected])
  })
})

describe('the timeline', () => {
  let server: FakeServer
  let live: LiveConversation

  function inbox(): InboxState {
    const rows = {} as Rows
    const members = { list: () => [], nameOf: (id: string) => (id === 'ben' ? 'Ben' : '?'), refresh: async () => {} }
    const conversations = { open: () => live, leave: () => {} }
    return { me: 'ana' as MemberId, rows, members, conversations, drafts: createDrafts(), channels: () => [] }
  }

  beforeEach(() => {
    FakeSocket.install()
    server = new FakeServer(ANA)
    server.does(VIC, { type: 'start', text: 'Where is my lamp?' })
    render(() => {
      live = createConversation({ id: ID, url: '/socket', audience: 'team' })
      return (
        <InboxProvider state={inbox()}>
          <Timeline live={live} contact="Coral Fox" />
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

  it('[MS9] makes links clickable and never markup of a text', () => {
    server.does(VIC, { type: 'send_message', text: '<b>see</b> https://example.org/a' })
    server.deliver()
    expect(screen.getByRole('link', { name: 'https://example.org/a' }).getAttribute('rel')).toContain('noopener')
    expect(log()).toContain('<b>see</b>')
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
})
