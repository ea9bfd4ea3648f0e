import { cleanup, render, screen, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { PublicEntry } from '../../core/conversation/entries.ts'
import { createClientIds } from '../../web/lib/clientIds.ts'
import { EntryRow } from '../../web/widget/EntryRow.tsx'
import { activityText, beginsDay, together } from '../../web/widget/grouping.ts'
import { WaitingRow } from '../../web/widget/WaitingRow.tsx'

afterEach(cleanup)

const NOON = new Date(2026, 10, 20, 12).getTime()
const MINUTE = 60_000
const YOU = 'visitor:vic'
const ANA = 'agent:ana'

function said(text: string, author: PublicEntry['author'] = YOU, at = NOON, n = 1): PublicEntry {
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
    from: 'closed' | 'active_human' | null,
    to: 'closed' | 'waiting_human',
  ) => ({ n: 2, at: NOON, author, type: 'conversation.status_changed', body: { from, to } }) as const
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
    { entry: status(ANA, 'active_human', 'waiting_human'), says: null },
    { entry: said('hello'), says: null },
  ])('$says', ({ entry, says }) => {
    expect(activityText(entry, YOU, { [ANA]: 'Ana' })).toBe(says)
  })
})

describe('a message in the timeline', () => {
  const show = (entry: PublicEntry, extra: { previous?: PublicEntry; next?: PublicEntry; sent?: boolean } = {}) =>
    render(() => (
      <EntryRow
        entry={entry}
        previous={extra.previous}
        next={extra.next}
        you={YOU}
        people={{ [ANA]: 'Ana Lind' }}
        sent={extra.sent ?? false}
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

describe('a message on its way', () => {
  const id = createClientIds()()
  const base = { id, at: NOON, command: { type: 'send_message', text: 'hello' } } as const

  it('says so', () => {
    render(() => (
      <WaitingRow
        item={{ ...base, status: 'sending' }}
        joined={false}
        pacedUntil={undefined}
        last
        onRetry={() => undefined}
        onEdit={() => undefined}
      />
    ))
    expect(screen.getByText('Sending…')).toBeTruthy()
  })

  it('leaves it to the newest of several to say so', () => {
    const item = { ...base, status: 'sending' } as const
    render(() => (
      <WaitingRow
        item={item}
        joined={false}
        pacedUntil={undefined}
        last={false}
        onRetry={() => undefined}
        onEdit={() => undefined}
      />
    ))
    expect(screen.queryByText('Sending…')).toBeNull()
  })

  it('says why not, and offers to try again or to change it', () => {
    const done: string[] = []
    const refusal = { code: 'not_allowed', message: 'You are not allowed to do this.' }
    render(() => (
      <WaitingRow
        item={{ ...base, status: 'refused', refusal }}
        joined={false}
        pacedUntil={undefined}
        last
        onRetry={() => done.push('retry')}
        onEdit={(text) => done.push(`edit ${text}`)}
      />
    ))
    expect(screen.getByRole('alert').textContent).toContain(refusal.message)
    screen.getByRole('button', { name: 'Retry' }).click()
    screen.getByRole('button', { name: 'Edit' }).click()
    expect(done).toEqual(['retry', 'edit hello'])
  })

  it.each([
    { inMs: 5_000, says: /in a moment/ },
    { inMs: 10 * MINUTE, says: /by itself at \d/ },
  ])('[DL9] says when it goes out by itself', ({ inMs, says }) => {
    const retryAt = Date.now() + inMs
    const item = { ...base, status: 'refused', refusal: { code: 'rate_limited', message: 'x', retryAt } } as const
    render(() => (
      <WaitingRow
        item={item}
        joined={false}
        pacedUntil={retryAt}
        last
        onRetry={() => undefined}
        onEdit={() => undefined}
      />
    ))
    expect(screen.getByText(says)).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
