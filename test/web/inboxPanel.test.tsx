import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CHANNEL_KINDS, type ChannelKind } from '../../core/channelKinds.ts'
import type { Score } from '../../core/conversation/score.ts'
import type { MemberId } from '../../core/ids.ts'
import type { InboxRow } from '../../web/inbox/list/rows.ts'
import { Details } from '../../web/inbox/panel/Details.tsx'
import { exactTime } from '../../web/lib/times.ts'
import { ID } from './fakeServer.ts'
import { inboxRow, inboxState, Stage, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)

const PERMISSIONS = {
  mayReopen: () => true,
  hasAssistant: () => false,
  askFault: (): string | null => null,
  asksAgainAt: (): number | null => null,
}
const ASK = `POST /api/v1/conversations/${ID}/rating-requests`

interface Shown {
  permissions?: Partial<typeof PERMISSIONS>
  kind?: ChannelKind
  score?: Score
  assignee?: MemberId
  onAssign?: () => void
  answers?: Parameters<typeof signedIn>[1]
}

function show(
  row: InboxRow,
  { permissions, kind = 'web', score, assignee, onAssign = () => {}, answers }: Shown = {},
): string[] {
  const ana = sessionOf({ id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' })
  const { control, calls } = signedIn(ana, answers)
  const channels = { list: () => [], kindOf: () => kind, refresh: async () => {} }
  const standing = {
    asks: () => [],
    rating: () => row.rating?.score ?? null,
    score: () => score ?? null,
    status: () => row.status,
    assignee: () => assignee ?? null,
    priority: () => row.priority,
    collaborators: () => [],
  }
  render(() => (
    <Stage control={control} state={inboxState({ channels })}>
      <Details
        id={ID}
        row={row}
        standing={standing}
        permissions={{ ...PERMISSIONS, ...permissions }}
        closing={{ close: (by) => by?.() }}
        onAssign={onAssign}
      />
    </Stage>
  ))
  return calls
}

const seen = () => screen.queryByText('First seen')?.nextElementSibling?.querySelector('time')

it('[CP3] says on which day the visitor was first seen, and when exactly', () => {
  const at = new Date(2024, 4, 6, 14, 5).getTime()
  const row = inboxRow('a')
  show({ ...row, contact: { ...row.contact, createdAt: at } })
  expect(seen()?.textContent).toMatch(/Monday.*May.*2024|Monday.*6.*2024/)
  expect(seen()?.title).toBe(exactTime(at))
  expect(seen()?.dateTime).toBe(new Date(at).toISOString())
})

it('[CP3] says nothing of it while that is not known', () => {
  show(inboxRow('a'))
  expect(screen.getByText('Email')).toBeTruthy()
  expect(screen.queryByText('First seen')).toBeNull()
})

it('[CP2] says whose it is, and leads to the window that assigns it', () => {
  const onAssign = vi.fn()
  show(inboxRow('a'), { assignee: 'ana' as MemberId, onAssign })
  fireEvent.click(screen.getByRole('button', { name: 'Assignee: You' }))
  expect(onAssign).toHaveBeenCalledOnce()
  cleanup()
  show(inboxRow('a'))
  expect(screen.getByRole('button', { name: 'Assignee: Nobody' })).toBeTruthy()
})

describe('the section of actions', () => {
  it('[CP1] is the first of all, and folds for the next conversation too', () => {
    show(inboxRow('a'))
    const [first] = screen.getAllByRole('heading', { level: 3 })
    expect(first?.textContent).toBe('Actions')
    const section = first?.closest('details')
    expect(section?.open).toBe(true)
    if (section) section.open = false
    section?.dispatchEvent(new Event('toggle'))
    cleanup()
    show(inboxRow('b'))
    expect(screen.getByText('Actions').closest('details')?.open).toBe(false)
  })

  it('[LK1] copies the absolute link, and confirms', async () => {
    const writeText = vi.fn(async (_: string) => {})
    vi.stubGlobal('navigator', { clipboard: { writeText } })
    show(inboxRow('a'))
    fireEvent.click(screen.getByRole('button', { name: 'Copy link', hidden: true }))
    expect(await screen.findByText('Link copied.')).toBeTruthy()
    expect(writeText).toHaveBeenCalledExactlyOnceWith(`${location.origin}/dashboard/inbox/all?id=${ID}`)
    vi.unstubAllGlobals()
  })
})

describe('asking for a rating', () => {
  const button = () => screen.queryByRole('button', { name: 'Ask for rating', hidden: true })
  const reason = () => {
    const id = button()?.getAttribute('aria-describedby')
    return id ? document.getElementById(id)?.textContent : undefined
  }
  afterEach(() => void vi.useRealTimers())

  it('[RT1] is one click, and confirmed', async () => {
    const calls = show(inboxRow('a'))
    button()?.click()
    expect(await screen.findByText('The visitor is asked for a rating.')).toBeTruthy()
    expect(calls).toEqual([ASK])
  })

  it('[RT3] is off until the very moment from which it works again, and says when that is', () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 20, 12) })
    const again = Date.now() + 7 * 86_400_000
    const calls = show(inboxRow('a'), { permissions: { asksAgainAt: () => again } })
    expect(button()?.getAttribute('aria-disabled')).toBe('true')
    expect(reason()).toMatch(/You can ask again on .*27.*12:00/)
    button()?.click()
    expect(calls).toEqual([])
    vi.advanceTimersByTime(7 * 86_400_000 - 1)
    expect(button()?.getAttribute('aria-disabled')).toBe('true')
    vi.advanceTimersByTime(1)
    expect(button()?.getAttribute('aria-disabled')).toBeNull()
    expect(reason()).toBeUndefined()
  })

  it.each(CHANNEL_KINDS)('[RT4] in a conversation from %s', (kind) => {
    show(inboxRow('a'), { kind })
    if (kind === 'voice') return expect(button()).toBeNull()
    expect(button()?.getAttribute('aria-disabled')).toBe(kind === 'web' ? null : 'true')
    if (kind !== 'web') expect(reason()).toMatch(/only in the chat on a website\. This conversation came from /)
  })

  it('[CV8] says who may', () => {
    show(inboxRow('a'), { permissions: { askFault: () => 'Only the assignee may ask.' } })
    expect(reason()).toBe('Only the assignee may ask.')
  })
})

it('[RT8] shows both sources, and scores for the team', async () => {
  const calls = show(inboxRow('a', { rating: { score: 5, source: 'visitor' } }), { score: 2 })
  expect(screen.getByText('Rating').nextElementSibling?.textContent).toContain('5 of 5, very good')
  expect(screen.getByText('Team score').nextElementSibling?.textContent).toContain('2 of 5, bad')
  HTMLElement.prototype.hidePopover = () => {}
  screen.getByRole('menuitemradio', { name: /3 of 5, neutral/, hidden: true }).click()
  screen.getByRole('menuitemradio', { name: 'None', hidden: true }).click()
  screen.getByRole('menuitemradio', { name: /2 of 5, bad/, hidden: true }).click()
  const put = `PUT /api/v1/conversations/${ID}/score`
  expect(calls).toEqual([`${put} {"score":3}`, `${put} {"score":null}`])
})
