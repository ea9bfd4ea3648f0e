import { MemoryRouter, Route } from '@solidjs/router'
import { cleanup, fireEvent, render, screen, waitFor } from '@solidjs/testing-library'
import type { JSX } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '../../core/api/accounts.ts'
import type { MemberId } from '../../core/ids.ts'
import { RIGHTS } from '../../core/rights.ts'
import type { InboxState } from '../../web/inbox/app/InboxContext.tsx'
import { MeMenu } from '../../web/inbox/app/MeMenu.tsx'
import { Colleagues } from '../../web/inbox/conversation/Colleagues.tsx'
import { ConversationMenu } from '../../web/inbox/conversation/ConversationMenu.tsx'
import type { InboxRow } from '../../web/inbox/list/rows.ts'
import { createChoice } from '../../web/inbox/session/createChoice.ts'
import { NotificationsPage } from '../../web/inbox/settings/NotificationsPage.tsx'
import { ProfilePage } from '../../web/inbox/settings/ProfilePage.tsx'
import type { LiveConversation } from '../../web/lib/createConversation.ts'
import { ID } from './fakeServer.ts'
import { inboxState, Stage, sessionOf, signedIn } from './inboxStage.tsx'

beforeEach(() => {
  localStorage.clear()
  // The small DOM has no popovers.
  HTMLElement.prototype.hidePopover = () => {}
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const ANA = sessionOf({ id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' })

function show(part: () => JSX.Element, state: InboxState = inboxState(), session: Session = ANA) {
  const { control, calls } = signedIn(session)
  const chosen: string[] = []
  const away = vi.fn(async () => {})
  render(() => (
    <Stage control={{ ...control, choose: (id) => chosen.push(id), signOutEverywhere: away }} state={state}>
      <MemoryRouter>
        <Route path="*" component={part} />
      </MemoryRouter>
    </Stage>
  ))
  return { calls, chosen, away }
}

const press = (role: 'menuitem' | 'menuitemradio' | 'button', name: string | RegExp) =>
  fireEvent.click(screen.getByRole(role, { name, hidden: true }))

describe('the menu of a conversation', () => {
  const open = (collaborators: string[] = [], row?: InboxRow) => {
    const onMarkUnread = vi.fn()
    const shown = show(() => (
      <ConversationMenu id={ID} row={row} collaborators={collaborators} onMarkUnread={onMarkUnread} />
    ))
    return { ...shown, onMarkUnread }
  }

  it('[LK1] copies the absolute link, and confirms', async () => {
    const writeText = vi.fn(async (_: string) => {})
    vi.stubGlobal('navigator', { clipboard: { writeText } })
    open()
    press('menuitem', 'Copy link')
    expect(await screen.findByText('Link copied.')).toBeTruthy()
    expect(writeText).toHaveBeenCalledExactlyOnceWith(`${location.origin}/dashboard/inbox/all?id=${ID}`)
  })

  it('[LK1] says so where the browser does not allow copying', async () => {
    vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new Error('no')) } })
    open()
    press('menuitem', 'Copy link')
    expect(await screen.findByText(/does not allow copying/)).toBeTruthy()
  })

  it('[IB9] marks as unread', () => {
    const { onMarkUnread } = open()
    press('menuitem', /Mark as unread/)
    expect(onMarkUnread).toHaveBeenCalledOnce()
  })

  it('[CV10] follows, and stops following', () => {
    const { calls } = open()
    press('menuitem', 'Follow')
    expect(calls).toEqual([`POST /api/v1/conversations/${ID}/collaborators {"member":"ana"}`])
    cleanup()
    const following = open(['ana'])
    press('menuitem', 'Stop following')
    expect(following.calls).toEqual([`DELETE /api/v1/conversations/${ID}/collaborators/ana`])
  })
})

describe('[CV14] colleagues who are here', () => {
  const live = (present: string[], replying: string[]) =>
    ({
      present: () => present.map((name) => ({ member: name.toLowerCase() as MemberId, name })),
      typists: () => replying.map((name) => ({ from: `agent:${name.toLowerCase()}`, name, in: 'reply' })),
    }) as unknown as LiveConversation

  it('are viewing or replying; oneself is not among them', () => {
    show(() => <Colleagues live={live(['Ana', 'Ben', 'Carl'], ['Carl'])} />)
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Ben is viewing',
      'Carl is replying',
    ])
  })

  it('nothing where one is alone', () => {
    show(() => <Colleagues live={live(['Ana'], [])} />)
    expect(screen.queryByRole('list')).toBeNull()
  })
})

describe('the menu of oneself', () => {
  const second = { id: 'w2', name: 'Second House', timeZone: 'UTC' }
  const both: Session = {
    ...ANA,
    memberships: [
      ...ANA.memberships,
      { workspace: second, member: 'ana2', name: 'Ana', role: 'owner', rights: [...RIGHTS] },
    ],
  }

  it('switches to away and back', async () => {
    const { calls } = show(() => <MeMenu />)
    press('menuitemradio', 'Away')
    await waitFor(() => expect(calls).toEqual(['PATCH /api/v1/me {"available":false}']))
  })

  it('switches the workspace', () => {
    const { chosen } = show(() => <MeMenu />, inboxState(), both)
    press('menuitemradio', 'Second House')
    expect(chosen).toEqual(['w2'])
  })

  it('remembers the workspace, and falls back to the first where one no longer belongs to it', () => {
    createChoice(() => both.memberships).choose('w2')
    expect(createChoice(() => both.memberships).membership()?.workspace.id).toBe('w2')
    expect(createChoice(() => ANA.memberships).membership()?.workspace.id).toBe('w')
  })
})

describe('Settings → Notifications', () => {
  it('[IB8] asks for the permission on the click and not before, and obeys a no', async () => {
    const requestPermission = vi.fn(async () => 'denied')
    vi.stubGlobal('Notification', { permission: 'default', requestPermission })
    const state = inboxState()
    show(() => <NotificationsPage />, state)
    expect(requestPermission).not.toHaveBeenCalled()
    const box = screen.getByRole('checkbox', { name: /By the browser/ }) as HTMLInputElement
    fireEvent.click(box)
    expect(requestPermission).toHaveBeenCalledOnce()
    await waitFor(() => expect(box.checked).toBe(false))
    expect(state.preferences.choices.browser).toBe(false)
  })

  it('switches the sound off', () => {
    const state = inboxState()
    show(() => <NotificationsPage />, state)
    fireEvent.click(screen.getByRole('checkbox', { name: /Sound/ }))
    expect(state.preferences.choices.sound).toBe(false)
  })
})

describe('Settings → Profile', () => {
  it('changes the display name', async () => {
    const { calls } = show(() => <ProfilePage />)
    fireEvent.input(screen.getByLabelText('Display name'), { target: { value: ' Ana L. ' } })
    press('button', 'Save name')
    await waitFor(() => expect(calls).toEqual(['PATCH /api/v1/me {"name":"Ana L."}']))
  })

  it('signs out everywhere only after saying what happens', () => {
    const { away } = show(() => <ProfilePage />)
    press('button', 'Sign out everywhere')
    expect(away).not.toHaveBeenCalled()
    expect(screen.getByText(/loses its session at once/)).toBeTruthy()
    const buttons = screen.getAllByRole('button', { name: 'Sign out everywhere', hidden: true })
    fireEvent.click(buttons.at(-1) ?? document.body)
    expect(away).toHaveBeenCalledOnce()
  })
})
