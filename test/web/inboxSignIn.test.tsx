import { createMemoryHistory, MemoryRouter, Route } from '@solidjs/router'
import { cleanup, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SessionProvider } from '../../web/inbox/session/SessionProvider.tsx'
import { SignInPage } from '../../web/inbox/welcome/SignInPage.tsx'
import { sessionOf, signedIn } from './inboxStage.tsx'

const ANA = sessionOf({ id: 'ana', name: 'Ana', email: 'ana@shop.example', role: 'agent' })

beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json({ setUp: true, mail: false }))
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it.each([
  ['/inbox/mine?id=abc', '/inbox/mine?id=abc'],
  ['/settings/members', '/settings/members'],
  ['/reports/satisfaction', '/reports/satisfaction'],
  ['', '/inbox/all'],
  ['/inboxes', '/inbox/all'],
  ['//evil.example/inbox', '/inbox/all'],
  ['https://evil.example/inbox', '/inbox/all'],
])('[LK1] who is signed in goes on from to=%s to %s', async (asked, there) => {
  const history = createMemoryHistory()
  history.set({ value: `/sign-in?to=${encodeURIComponent(asked)}` })
  render(() => (
    <SessionProvider control={signedIn(ANA).control}>
      <MemoryRouter history={history}>
        <Route path="/sign-in" component={SignInPage} />
        <Route path="*" component={() => <p>There</p>} />
      </MemoryRouter>
    </SessionProvider>
  ))
  await screen.findByText('There')
  expect(history.get()).toBe(there)
})
