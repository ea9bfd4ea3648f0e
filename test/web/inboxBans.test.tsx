import { MemoryRouter, Route } from '@solidjs/router'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { createRoot, type JSX } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ban } from '../../core/api/bans.ts'
import type { BanMark } from '../../core/bans/ban.ts'
import type { MemberId } from '../../core/ids.ts'
import { BanBadge } from '../../web/inbox/bans/BanBadge.tsx'
import { BansPage } from '../../web/inbox/bans/BansPage.tsx'
import { ConversationMenu } from '../../web/inbox/conversation/ConversationMenu.tsx'
import { createPermissions } from '../../web/inbox/conversation/createPermissions.ts'
import { createKnownRows } from '../../web/inbox/list/createKnownRows.ts'
import { createMarkers } from '../../web/inbox/list/createMarkers.ts'
import type { InboxRow } from '../../web/inbox/list/rows.ts'
import { ApiProblem } from '../../web/lib/api.ts'
import { ID } from './fakeServer.ts'
import { inboxRow, liveRow, ME, Stage, sessionOf, signedIn, UNREAD } from './inboxStage.tsx'

beforeEach(() => {
  // The small DOM has no popovers.
  HTMLElement.prototype.hidePopover = () => {}
})
afterEach(cleanup)

const OWNER = sessionOf({ id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'owner' })
const AGENT = sessionOf({ id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' })
const MARK: BanMark = { scope: 'contact', kind: 'ban', until: null }

function show(part: () => JSX.Element, answers: Parameters<typeof signedIn>[1] = {}, session = OWNER) {
  const { control, calls } = signedIn(session, answers)
  render(() => (
    <Stage control={control}>
      <MemoryRouter>
        <Route path="*" component={part} />
      </MemoryRouter>
    </Stage>
  ))
  return calls
}

const press = (role: 'menuitem' | 'button', name: string | RegExp) =>
  fireEvent.click(screen.getByRole(role, { name, hidden: true }))
const submit = () => fireEvent.submit(screen.getByRole('dialog').querySelector('form') as HTMLFormElement)
const menu = (row: InboxRow | undefined) => () => (
  <ConversationMenu id={ID} row={row} collaborators={[]} onMarkUnread={() => {}} />
)

describe('[BN3] the menu of a conversation', () => {
  const row = inboxRow(ID)
  const HELD = `GET /api/v1/bans?search=-${ID}`

  it('[BN3] has one entry with both presets, and says what each does', async () => {
    const calls = show(menu(row))
    press('menuitem', 'Ban or block…')
    const dialog = await screen.findByRole('dialog')
    expect(within(dialog).getByRole('radio', { name: /^Ban They cannot start/ })).toHaveProperty('checked', true)
    fireEvent.click(within(dialog).getByRole('radio', { name: /^Block/ }))
    fireEvent.input(within(dialog).getByLabelText('Reason'), { target: { value: ' rude ' } })
    expect(within(dialog).getByRole('button', { name: 'Block visitor' })).toBeTruthy()
    submit()
    await screen.findByText(/is blocked\./)
    expect(calls).toEqual([
      `PUT /api/v1/contacts/p-${ID}/ban ${JSON.stringify({ kind: 'block', reason: 'rude', expiresAt: null, conversation: ID })}`,
    ])
    expect(screen.queryByRole('dialog')).toBe(null)
  })

  it('[BN4] bans the device alone, for a while', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(1_000)
    const calls = show(menu(row))
    press('menuitem', 'Ban or block…')
    fireEvent.change(await screen.findByLabelText('Whom'), { target: { value: 'device' } })
    fireEvent.change(screen.getByLabelText('How long'), { target: { value: 'week' } })
    submit()
    await screen.findByText(/is banned\./)
    const asked = { scope: 'device', target: 'd', kind: 'ban', reason: '', expiresAt: 604_801_000, conversation: ID }
    expect(calls).toEqual([`POST /api/v1/bans ${JSON.stringify(asked)}`])
    vi.restoreAllMocks()
  })

  it('[BN4] bans the address they write from, and asks once more where it is one’s own', async () => {
    let answers = 0
    const calls = show(menu(row), {
      'POST /api/v1/bans': () => {
        answers += 1
        if (answers > 1) return {}
        const problem = { type: '', title: '', status: 409, requestId: '' }
        throw new ApiProblem({ ...problem, code: 'own_address', detail: 'Your own widget would go silent, too.' })
      },
    })
    press('menuitem', 'Ban or block…')
    fireEvent.change(await screen.findByLabelText('Whom'), { target: { value: 'network' } })
    expect(screen.queryByRole('radio')).toBe(null)
    submit()
    await screen.findByText(/would go silent/)
    press('button', 'Ban all the same')
    submit()
    await screen.findByText(/^The address of .* is banned\./)
    const asked = { scope: 'network', reason: '', expiresAt: null, conversation: ID }
    expect(calls).toEqual([
      `POST /api/v1/bans ${JSON.stringify({ ...asked, evenMine: false })}`,
      `POST /api/v1/bans ${JSON.stringify({ ...asked, evenMine: true })}`,
    ])
  })

  it('[BN4] wants a date that is still to come', async () => {
    const calls = show(menu(row))
    press('menuitem', 'Ban or block…')
    fireEvent.change(await screen.findByLabelText('How long'), { target: { value: 'date' } })
    submit()
    expect((await screen.findByRole('alert')).textContent).toBe('Choose a date.')
    fireEvent.input(screen.getByLabelText('Until'), { target: { value: '2020-01-01T00:00' } })
    submit()
    await waitFor(() => expect(screen.getByRole('alert').textContent).toBe('Choose a date that is still to come.'))
    expect(calls).toEqual([])
  })

  it('[BN3] the entry turns into Unban', async () => {
    const calls = show(menu({ ...row, bans: [MARK] }), { [HELD]: () => ({ list: [], next: null }) })
    expect(screen.queryByRole('menuitem', { name: 'Ban or block…', hidden: true })).toBe(null)
    press('menuitem', 'Unban')
    await screen.findByText(/is no longer banned\./)
    expect(calls).toEqual([HELD, `DELETE /api/v1/contacts/p-${ID}/ban?conversation=${ID}`])
  })

  it('[BN3] takes an Unban back, with reason and end', async () => {
    const end = Date.now() + 60_000
    const held = [
      { scope: 'contact', target: row.contact.id, kind: 'ban', reason: 'Rude', expiresAt: null },
      { scope: 'device', target: row.device, kind: 'block', reason: '', expiresAt: end },
      { scope: 'contact', target: 'somebody else', kind: 'ban', reason: `like ${row.contact.id}`, expiresAt: null },
    ]
    const calls = show(menu({ ...row, bans: [MARK] }), { [HELD]: () => ({ list: held, next: null }) })
    press('menuitem', 'Unban')
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    await screen.findByText(/is blocked again\./)
    const again = { kind: 'ban', reason: 'Rude', expiresAt: null, conversation: ID }
    const device = { scope: 'device', target: row.device, kind: 'block', reason: '', expiresAt: end, conversation: ID }
    expect(calls.slice(2)).toEqual([
      `PUT /api/v1/contacts/${row.contact.id}/ban ${JSON.stringify(again)}`,
      `POST /api/v1/bans ${JSON.stringify(device)}`,
    ])
  })

  it('[BN3] says that a block is over, though the row has heard so before', async () => {
    const blocked: InboxRow = { ...row, bans: [{ ...MARK, kind: 'block' }] }
    const lift = `DELETE /api/v1/contacts/p-${ID}/ban`
    show(menu(blocked), {
      [HELD]: () => ({ list: [], next: null }),
      [`${lift}?conversation=${ID}`]: () => {
        blocked.bans = []
      },
    })
    press('menuitem', 'Unban')
    await screen.findByText(/is no longer blocked\./)
  })

  it('[BN3] tells why it could not be lifted, but not where somebody else was faster', async () => {
    const codes = ['not_found', 'unavailable']
    show(menu({ ...row, bans: [MARK] }), {
      [HELD]: () => ({ list: [], next: null }),
      [`DELETE /api/v1/contacts/p-${ID}/ban?conversation=${ID}`]: () => {
        const code = codes.shift() ?? ''
        throw new ApiProblem({ type: '', title: '', status: 0, code, detail: `It is ${code}.`, requestId: '' })
      },
    })
    // Once more as soon as the first is over.
    await waitFor(() => {
      press('menuitem', 'Unban')
      expect(codes).toEqual([])
    })
    await screen.findByText('It is unavailable.')
    expect(screen.queryByText('It is not_found.')).toBe(null)
  })

  it('[PR1] has no such entry without the right', () => {
    show(menu(row), {}, AGENT)
    expect(screen.queryByRole('menuitem', { name: /Ban|Unban/, hidden: true })).toBe(null)
  })
})

describe('[BN2] the badge', () => {
  const worn = (bans: BanMark[] | undefined) => {
    const { container } = render(() => <BanBadge bans={bans} />)
    return container.textContent
  }

  it('[BN2] says the strongest of what is in force', () => {
    expect(worn(undefined)).toBe('')
    expect(worn([MARK])).toBe('Banned')
    expect(worn([MARK, { scope: 'device', kind: 'block', until: null }])).toBe('Blocked')
    expect(worn([{ ...MARK, until: Date.now() - 60_000 }])).toBe('')
  })
})

describe('[BN1] the list of conversations', () => {
  const told = { ...MARK, target: 'p-one', lifted: false }
  const known = () => createRoot(() => createKnownRows('ana' as MemberId, createMarkers()))

  it('[BN1] wears a ban as soon as it is told, in all rows of the contact or device, and no other', () => {
    const rows = known()
    const one = { ...inboxRow('one', { device: 'd1' as never }), reader: UNREAD }
    const two = { ...inboxRow('two', { device: 'd2' as never }), reader: UNREAD }
    rows.keep([one, two])
    rows.hearBan(told)
    rows.hearBan({ scope: 'device', kind: 'block', until: null, target: 'd2', lifted: false })
    expect(rows.row('one')?.bans).toEqual([MARK])
    expect(rows.row('two')?.bans).toEqual([{ scope: 'device', kind: 'block', until: null }])
    // A live row knows nothing of bans, and an answer that was on its way knows nothing of this one yet.
    rows.hear([liveRow('one', { rev: 2, device: 'd1' as never })])
    rows.keep([one])
    expect(rows.row('one')?.bans).toEqual([MARK])
    rows.hearBan({ ...told, lifted: true })
    rows.keep([{ ...one, rev: 3, bans: [MARK] }])
    expect(rows.row('one')?.bans).toBeUndefined()
  })
})

describe('[BN3] the composer', () => {
  it('[BN3] says why it cannot send to who is blocked', () => {
    const standing = { status: () => 'active_human', assignee: () => null, collaborators: () => [] } as never
    const fault = (ban?: 'ban' | 'block') => {
      const policy = () => ({ mayWrite: true, reopen: 'any_message', ...(ban && { ban }) }) as const
      return createPermissions({
        me: ME,
        role: () => 'owner',
        rights: () => [],
        live: { policy },
        standing,
      }).answerFault()
    }
    expect([fault(), fault('ban')]).toEqual([null, null])
    expect(fault('block')).toMatch(/blocked.*Notes are possible/)
  })
})

describe('[CV8] changing what one said', () => {
  it('[CV8] is for who may write there, whoever said it, and to nobody who is blocked', () => {
    const fault = (assignee: string, role: 'owner' | 'agent', ban?: 'block') => {
      const standing = { status: () => 'active_human', assignee: () => assignee, collaborators: () => [] } as never
      const policy = () =>
        ({ mayWrite: true, reopen: 'any_message', writers: 'assignee_and_collaborators', ...(ban && { ban }) }) as const
      return createPermissions({ me: ME, role: () => role, rights: () => [], live: { policy }, standing }).editFault()
    }
    expect([fault(ME, 'agent'), fault('ben', 'owner')]).toEqual([null, null])
    expect(fault('ben', 'agent')).toMatch(/^Only the assignee/)
    expect(fault(ME, 'agent', 'block')).toMatch(/blocked/)
  })
})

describe('[BN4] /dashboard/settings/bans', () => {
  const ban: Ban = {
    id: 'bn1',
    scope: 'contact',
    target: 'c_vic',
    kind: 'ban',
    reason: 'Kept insulting Ben',
    email: 'vic@example.com',
    expiresAt: null,
    createdAt: 1,
    createdBy: 'agent:ana',
    contact: { id: 'c_vic', name: 'Vic', email: 'vic@example.com', createdAt: 1 },
  }
  const network: Ban = {
    ...ban,
    id: 'bn2',
    scope: 'network',
    target: '203.0.113.0/24',
    kind: 'block',
    reason: '',
    email: null,
    contact: null,
    createdBy: 'agent:ben',
  }

  it('[BN4] lists who is shut out, how far, why, until when and by whom', async () => {
    show(() => <BansPage />, { 'GET /api/v1/bans': () => ({ list: [ban, network], next: null }) })
    const [one, two] = await screen.findAllByRole('listitem')
    expect(one?.textContent).toMatch(
      /^VicContact · until lifted · by you, .*Also whoever gives vic@example\.com.*Kept insulting Ben.*Banned/,
    )
    expect(two?.textContent).toMatch(/^203\.0\.113\.0\/24Network · until lifted · by Ben, .*Blocked/)
  })

  it('[BN4] lifts one after asking', async () => {
    const calls = show(() => <BansPage />, { 'GET /api/v1/bans': () => ({ list: [ban], next: null }) })
    fireEvent.click(await screen.findByRole('button', { name: 'Lift the ban of Vic' }))
    press('button', 'Lift ban')
    await screen.findByText('The ban of Vic is lifted.')
    expect(calls).toContain('DELETE /api/v1/bans/bn1')
  })

  it('[BN4] searches, and says what to do where there is none', async () => {
    vi.useFakeTimers()
    const calls = show(() => <BansPage />, {
      'GET /api/v1/bans': () => ({ list: [], next: null }),
      'GET /api/v1/bans?search=a%20%25': () => ({ list: [], next: null }),
    })
    await vi.advanceTimersByTimeAsync(0)
    expect(screen.getByText(/Nobody is banned\./)).toBeTruthy()
    fireEvent.input(screen.getByLabelText('Search bans'), { target: { value: 'a' } })
    fireEvent.input(screen.getByLabelText('Search bans'), { target: { value: 'a %' } })
    await vi.advanceTimersByTimeAsync(300)
    expect(screen.getByText(/No ban has this in it/)).toBeTruthy()
    expect(calls).toEqual(['GET /api/v1/bans', 'GET /api/v1/bans?search=a%20%25'])
    vi.useRealTimers()
  })

  it('[BN4] refuses what is no network before it is sent', async () => {
    const calls = show(() => <BansPage />, { 'GET /api/v1/bans': () => ({ list: [], next: null }) })
    await screen.findByText(/Nobody is banned\./)
    press('button', 'Ban network')
    for (const [text, sentence] of [
      ['everybody', /^Write an address like/],
      ['0.0.0.0/0', /too wide/],
    ] as const) {
      fireEvent.input(screen.getByLabelText('Address or network'), { target: { value: text } })
      submit()
      await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(sentence))
    }
    expect(calls).toEqual(['GET /api/v1/bans'])
  })
})
