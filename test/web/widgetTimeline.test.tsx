import { cleanup, render, screen, within } from '@solidjs/testing-library'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MessageEntry, PublicEntry } from '../../core/conversation/entries.ts'
import { createClientIds } from '../../web/lib/clientIds.ts'
import { EntryRow } from '../../web/widget/EntryRow.tsx'
import { activityText, beginsDay, together } from '../../web/widget/grouping.ts'
import type { Unsent } from '../../web/widget/outbox/unsent.ts'
import { WaitingRow } from '../../web/widget/WaitingRow.tsx'
import { ID } from './fakeServer.ts'

afterEach(cleanup)

const NOON = new Date(2026, 10, 20, 12).getTime()
const MINUTE = 60_000
const YOU = 'visitor:vic'
const ANA = 'agent:ana'

function said(text: string, author: PublicEntry['author'] = YOU, at = NOON, n = 1): MessageEntry {
  return { n, at, author, type: 'message.created', body: { text } }
}

describe('grouping', () => {
  it.each([
    { name: 'the same author within five minutes', later: said('b', YOU, NOON + 5 * MINUTE - 1), expected: true },
    { name: 'five minutes apart', later: said('b', YOU, NOON + 5 * MINUTE), expected: false },
    { name: 'another author', later: said('b', ANA), expected: false },
    { name: 'nothing', later: undefined, expected: false },
  ])('$name: $expected', ({ later, expected }) => {
    expect(together(said('a'), later)).toBe(expected)
  })

  it('parts what midnight parts', () => {
    const [before, after] = [said('a', YOU, NOON + 12 * 60 * MINUTE - 1), said('b', YOU, NOON + 12 * 60 * MINUTE)]
    expect([together(before, after), beginsDay(before, after), beginsDay(undefined, before)]).toEqual([
      false,
      true,
      true,
    ])
  })
})

describe('[CV11] what happened, as the visitor reads it', () => {
  const status = (
    author: PublicEntry['author'],
    from: 'closed' | 'active_human' | 'active_ai' | null,
    to: 'closed' | 'waiting_human',
  ) => ({ n: 2, at: NOON, author, type: 'conversation.status_changed', body: { from, to } }) as const
  const first = status(YOU, null, 'waiting_human')
  const continuing: PublicEntry = { ...first, body: { ...first.body, continues: ID } }
  const NOVA = 'assistant:nova' as const
  const joined: PublicEntry = { n: 3, at: NOON, author: ANA, type: 'agent.joined', body: { name: 'Ana' } }

  it.each([
    { entry: joined, says: 'Ana joined the conversation' },
    { entry: status(ANA, 'active_human', 'closed'), says: 'Ana closed the conversation' },
    { entry: status('agent:ben', 'active_human', 'closed'), says: 'The team closed the conversation' },
    { entry: status(YOU, 'active_human', 'closed'), says: 'You closed the conversation' },
    { entry: status('system', 'active_human', 'closed'), says: 'The conversation was closed' },
    { entry: status(YOU, 'closed', 'waiting_human'), says: 'You reopened the conversation' },
    { entry: status(ANA, 'closed', 'waiting_human'), says: 'Ana reopened the conversation' },
    { entry: status(YOU, null, 'waiting_human'), says: null },
    { entry: continuing, says: 'This continues an earlier conversation' },
    { entry: status(ANA, 'active_human', 'waiting_human'), says: null },
    { entry: { ...joined, author: NOVA } as const, says: 'Nova · AI joined the conversation' },
    { entry: status(NOVA, 'active_ai', 'waiting_human'), says: 'Nova · AI asked a person to take over' },
    { entry: said('hello'), says: null },
  ])('$says', ({ entry, says }) => {
    expect(activityText(entry, YOU, { [ANA]: 'Ana', [NOVA]: 'Nova' })).toBe(says)
  })
})

describe('a message in the timeline', () => {
  let done: string[] = []
  beforeEach(() => {
    done = []
  })
  const show = (entry: PublicEntry, extra: { previous?: PublicEntry; next?: PublicEntry; sent?: boolean } = {}) =>
    render(() => (
      <EntryRow
        entry={entry}
        previous={extra.previous}
        next={extra.next}
        you={YOU}
        people={{ [ANA]: 'Ana Lind', 'assistant:nova': 'Nova' }}
        sent={extra.sent ?? false}
        quoted={(n) => (n === 1 ? said('the *original* words', ANA) : undefined)}
        onQuote={(message) => done.push(`quote ${message.n}`)}
        onJump={(n) => done.push(`jump ${n}`)}
      />
    ))

  it('stands on its side, with the name of an agent', () => {
    show(said('mine'))
    show(said('theirs', ANA))
    const [mine, theirs] = screen.getAllByRole('article')
    expect([mine?.dataset['side'], theirs?.dataset['side']]).toEqual(['own', 'team'])
    expect(within(theirs ?? document.body).getByText('Ana Lind')).toBeTruthy()
    expect(theirs?.textContent).toContain('AL')
  })

  it('[MS2] says of the assistant that it is one', () => {
    show(said('We do.', 'assistant:nova'))
    expect(screen.getByText('Nova · AI').className).toBe('author')
    show(said('Really.', 'assistant:nova', NOON, 2), { previous: said('We do.', 'assistant:nova') })
    expect(screen.getByText('Nova · AI:').className).toBe('unseen')
  })

  it('names the author once in a group, and tells the time at its end', () => {
    show(said('two', ANA, NOON, 2), { previous: said('one', ANA), next: said('three', ANA, NOON, 3) })
    expect(screen.getByText('Ana Lind:').className).toBe('unseen')
    expect(screen.getByRole('article').querySelector('.foot')).toBeNull()
  })

  it('says "Sent" only where told that it is the newest own one', () => {
    show(said('old'))
    expect(screen.queryByText(/Sent/)).toBeNull()
    show(said('new'), { sent: true })
    expect(screen.getByText(/Sent/)).toBeTruthy()
  })

  it('[MS9] shows text as text and links as safe links', () => {
    show(said('<img src=x onerror=alert(1)> https://shop.example/a javascript:alert(1)', ANA))
    const message = screen.getByRole('article')
    expect(message.querySelector('img')).toBeNull()
    expect(message.textContent).toContain('<img src=x onerror=alert(1)>')
    const links = within(message).getAllByRole<HTMLAnchorElement>('link')
    expect(links.map((link) => [link.href, link.target])).toEqual([['https://shop.example/a', '_blank']])
    expect(links[0]?.relList.contains('noopener')).toBe(true)
  })
})

describe('what happened to a message', () => {
  const row = (entry: MessageEntry, done: string[] = []) =>
    render(() => (
      <EntryRow
        entry={entry}
        previous={undefined}
        next={undefined}
        you={YOU}
        people={{ [ANA]: 'Ana Lind' }}
        sent={false}
        quoted={(n) => (n === 1 ? said('the original words', ANA) : undefined)}
        onQuote={(message) => done.push(`quote ${message.n}`)}
        onJump={(n) => done.push(`jump ${n}`)}
      />
    ))

  it('[MS4] shows the beginning of what it quotes and jumps there; an agent’s can be quoted', () => {
    const done: string[] = []
    row({ ...said('that one', ANA, NOON, 5), body: { text: 'that one', quote: 1 } }, done)
    screen.getByRole('button', { name: /In answer to: the original words/ }).click()
    screen.getByRole('button', { name: 'Quote this message' }).click()
    expect(done).toEqual(['jump 1', 'quote 5'])
  })

  it.each([
    { name: 'a finger that is held', pointer: 'touch', forMs: 500, offered: true },
    { name: 'a finger that only touches', pointer: 'touch', forMs: 200, offered: false },
    { name: 'a mouse', pointer: 'mouse', forMs: 500, offered: false },
  ])('[MS4] offers the quote to $name: $offered', ({ pointer, forMs, offered }) => {
    vi.useFakeTimers()
    row(said('that one', ANA))
    const message = screen.getByRole('article')
    message.dispatchEvent(new PointerEvent('pointerdown', { pointerType: pointer, bubbles: true }))
    vi.advanceTimersByTime(forMs)
    message.dispatchEvent(new PointerEvent('pointerup', { pointerType: pointer, bubbles: true }))
    vi.advanceTimersByTime(500)
    expect(document.activeElement === message).toBe(offered)
    vi.useRealTimers()
  })

  it('[MS4] says so where what it quotes is not loaded, and does not offer to quote oneself', () => {
    row({ ...said('that one', YOU, NOON, 5), body: { text: 'that one', quote: 3 } })
    expect(screen.getByRole('button', { name: /An earlier message/ })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Quote this message' })).toBeNull()
  })

  it('[MS8] says that it was edited', () => {
    row({ ...said('better', ANA), body: { text: 'better', editedAt: NOON + 1 } })
    expect(screen.getByRole('article').textContent).toMatch(/better.*Edited · /)
  })

  it('[MS8] says that it was deleted, and nothing else of it', () => {
    row({ ...said('', ANA), body: { text: '', quote: 1, editedAt: NOON, deletedAt: NOON + 1 } })
    expect(screen.getByRole('article').textContent).toContain('This message was deleted')
    expect(screen.queryAllByRole('button')).toEqual([])
  })
})

describe('a message on its way', () => {
  const id = createClientIds()()
  const base: Unsent = { id, to: 'c', at: NOON, text: 'hello', tried: true }
  const show = (item: Unsent, status: 'sending' | 'queued' | 'refused', done: string[] = [], last = true) =>
    render(() => (
      <WaitingRow
        item={item}
        status={status}
        joined={false}
        last={last}
        onRetry={() => done.push('retry')}
        onEdit={(text) => done.push(`edit ${text}`)}
      />
    ))

  it.each([
    { status: 'sending', says: 'Sending…' },
    { status: 'queued', says: 'Queued' },
  ] as const)('says "$says"', ({ status, says }) => {
    show(base, status)
    expect(screen.getByText(says)).toBeTruthy()
  })

  it('leaves it to the newest of several to say so', () => {
    show(base, 'queued', [], false)
    expect(screen.queryByText('Queued')).toBeNull()
  })

  it('says why not, and offers to try again or to change it', () => {
    const done: string[] = []
    const refusal = { code: 'not_allowed', message: 'You are not allowed to do this.' }
    show({ ...base, refusal }, 'refused', done)
    expect(screen.getByRole('alert').textContent).toContain(`Not sent. ${refusal.message}`)
    screen.getByRole('button', { name: 'Retry' }).click()
    screen.getByRole('button', { name: 'Edit' }).click()
    expect(done).toEqual(['retry', 'edit hello'])
  })

  it.each([
    { inMs: 5_000, says: /^Queued.*in a moment/ },
    { inMs: 10 * MINUTE, says: /^Queued.*by itself at \d/ },
  ])('[DL9] says when it goes out by itself', ({ inMs, says }) => {
    show({ ...base, refusal: { code: 'rate_limited', message: 'x', retryAt: Date.now() + inMs } }, 'queued')
    expect(screen.getByText(says)).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
