import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { InboxProvider } from '../../web/inbox/app/InboxContext.tsx'
import type { InboxRow } from '../../web/inbox/list/rows.ts'
import { Details } from '../../web/inbox/panel/Details.tsx'
import { SessionProvider, WithMe } from '../../web/inbox/session/SessionProvider.tsx'
import { exactTime } from '../../web/lib/times.ts'
import { NoticesProvider } from '../../web/ui/Notices.tsx'
import { ID } from './fakeServer.ts'
import { inboxRow, inboxState, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)

function show(row: InboxRow, permissions = { mayReopen: () => true, hasAssistant: () => false }): void {
  const { control } = signedIn(sessionOf({ id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' }))
  const standing = {
    status: () => row.status,
    assignee: () => null,
    priority: () => row.priority,
    collaborators: () => [],
  }
  render(() => (
    <NoticesProvider>
      <SessionProvider control={control}>
        <WithMe fallback={null}>
          <InboxProvider state={inboxState()}>
            <Details id={ID} row={row} standing={standing} permissions={permissions} />
          </InboxProvider>
        </WithMe>
      </SessionProvider>
    </NoticesProvider>
  ))
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
