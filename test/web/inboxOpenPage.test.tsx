/** PR2: what an open conversation offers follows one's rights while one looks at it. */
import { MemoryRouter, Route } from '@solidjs/router'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { createSignal } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '../../core/api/accounts.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { RIGHTS, type Right } from '../../core/rights.ts'
import { InboxProvider } from '../../web/inbox/app/InboxContext.tsx'
import { ConversationPane } from '../../web/inbox/conversation/ConversationPane.tsx'
import { SessionProvider, WithMe } from '../../web/inbox/session/SessionProvider.tsx'
import { NoticesProvider } from '../../web/ui/Notices.tsx'
import { ANA, BEN, FakeServer, ID, VIC } from './fakeServer.ts'
import { FakeSocket } from './fakeSocket.ts'
import { inboxRow, ME, sessionOf, signedIn } from './inboxStage.tsx'

/** Ana as the server knows her by now. */
let now: Session
let inbox: FakeSocket
let conversation: FakeServer

function ana(role: 'admin' | 'agent', rights: readonly Right[]): Session {
  const session = sessionOf({ id: ME, name: 'Ana', email: 'ana@example.com', role })
  return { ...session, memberships: session.memberships.map((one) => ({ ...one, rights: [...rights] })) }
}

const welcome = (rights: readonly Right[]): InboxFrame => ({
  ...{ type: 'welcome', rows: [], markers: [], members: [], rights: [...rights], policy: { awayAfterMs: 600_000 } },
  counts: { all: 0, unresolved: 0, resolved: 0, mine: 0, unassigned: 0, following: 0 } as never,
})

/** Her role or rights change: the server ends her sockets, and tells the next ones. */
function becomes(role: 'admin' | 'agent', rights: readonly Right[]) {
  now = ana(role, rights)
  inbox.ends(CLOSE.renew)
  inbox.says(welcome(rights))
}

beforeEach(() => {
  FakeSocket.install()
  vi.stubGlobal('scrollTo', () => {})
  conversation = new FakeServer(ANA, 200, { mayWrite: 'assignee_and_collaborators' })
  conversation.does(VIC, { type: 'start', text: 'Where is my lamp?' })
  conversation.does(BEN, { type: 'accept' })
  conversation.does(BEN, { type: 'send_message', text: 'On its way' })
  const hears = FakeSocket.onOpen
  FakeSocket.onOpen = (socket) => {
    if (socket.url.includes('/inbox/socket')) inbox = socket
    else hears(socket)
  }
  now = ana('agent', [])
  const [session, setSession] = createSignal(now)
  const people = [ME, 'ben'].map((id) => ({
    id,
    name: id,
    email: `${id}@example.com`,
    role: 'agent',
    disabledAt: null,
  }))
  const { control } = signedIn(now, {
    'GET /api/v1/members': () => ({ list: people }),
    'GET /api/v1/channels': () => ({ list: [] }),
    [`GET /api/v1/conversations/${ID}`]: () => inboxRow(ID),
  })
  const following = {
    ...control,
    request: async <T,>(...asked: Parameters<typeof control.request>) =>
      asked[1].startsWith('/api/v1/conversations?') ? ({ list: [], next: null } as T) : control.request<T>(...asked),
    state: () => ({ status: 'signed_in', session: session() }) as const,
    membership: () => session().memberships[0] ?? null,
    load: async () => void setSession(now),
  }
  const Page = () => (
    <WithMe fallback={null}>
      <InboxProvider>
        <ConversationPane id={ID} view="all" />
      </InboxProvider>
    </WithMe>
  )
  render(() => (
    <NoticesProvider>
      <SessionProvider control={following}>
        <MemoryRouter>
          <Route path="*" component={Page} />
        </MemoryRouter>
      </SessionProvider>
    </NoticesProvider>
  ))
  inbox.says(welcome([]))
  conversation.accept().deliver()
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const barred = () => screen.queryByText(/Only the assignee, those who follow/) !== null
const deletes = () => screen.queryByRole('menuitem', { name: /Delete…/, hidden: true })
const choice = (name: RegExp) => within(screen.getByRole('dialog')).getByRole<HTMLButtonElement>('button', { name })

describe('[PR1] [PR2] an open conversation', () => {
  it('[PR2] lets who may reassign by now choose, and who may not any more no longer', async () => {
    fireEvent.click(screen.getByRole('button', { name: 'Assign' }))
    await waitFor(() => expect(choice(/^Nobody/).disabled).toBe(true))
    becomes('agent', ['reassign'])
    await waitFor(() => expect(choice(/^Nobody/).disabled).toBe(false))
    becomes('agent', [])
    await waitFor(() => expect(choice(/^Nobody/).disabled).toBe(true))
  })

  it('[CV8] [MS8] [CV12] lets who is an administrator by now write, delete what others wrote, and delete it', async () => {
    const line = screen.getByText('On its way').closest('[data-ref]')
    if (!line) throw new Error('what Ben said is shown')
    fireEvent.pointerEnter(line)
    expect([barred(), screen.queryByRole('button', { name: 'Delete' })]).toEqual([true, null])
    becomes('admin', RIGHTS)
    await waitFor(() => expect(barred()).toBe(false))
    expect(screen.getByRole('button', { name: 'Delete' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'More actions' }))
    expect(deletes()).not.toBeNull()
    becomes('agent', [])
    await waitFor(() => expect(barred()).toBe(true))
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull()
    expect(deletes()).toBeNull()
  })

  it('[PR2] follows a role that gives no right that she had not before', async () => {
    becomes('agent', RIGHTS)
    fireEvent.click(screen.getByRole('button', { name: 'More actions' }))
    await waitFor(() => expect(deletes()).not.toBeNull())
    expect(barred()).toBe(true)
    becomes('admin', RIGHTS)
    await waitFor(() => expect(barred()).toBe(false))
  })
})
