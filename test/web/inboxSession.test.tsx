import { cleanup, fireEvent, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '../../core/api/accounts.ts'
import { RIGHTS } from '../../core/rights.ts'
import { createSession, type SessionControl } from '../../web/inbox/session/createSession.ts'
import { SessionProvider } from '../../web/inbox/session/SessionProvider.tsx'
import { SignInAgain } from '../../web/inbox/session/SignInAgain.tsx'

const workspace = { id: 'w', name: 'Lamps', timeZone: 'UTC' }
const ANA: Session = {
  user: { id: 'u1', name: 'Ana', email: 'ana@example.com' },
  memberships: [{ workspace, member: 'ana', name: 'Ana', role: 'owner', rights: [...RIGHTS] }],
  expiresAt: 1,
}

let signedIn: boolean
let calls: string[]
let session: SessionControl

const problem = (status: number, code: string, detail: string) =>
  new Response(JSON.stringify({ type: '', title: '', status, code, detail, requestId: '' }), { status })

async function answer(path: string, init: RequestInit): Promise<Response> {
  calls.push(`${init.method} ${path}`)
  if (init.method === 'POST' && path === '/api/v1/session') {
    if (!String(init.body).includes('right')) return problem(401, 'invalid_credentials', 'Email or password is wrong.')
    signedIn = true
    return Response.json(ANA, { status: 201 })
  }
  if (!signedIn) return problem(401, 'unauthorized', 'Sign in first.')
  return Response.json(path === '/api/v1/session' ? ANA : { list: ['something'] })
}

beforeEach(async () => {
  signedIn = true
  calls = []
  vi.stubGlobal('fetch', vi.fn(answer))
  session = createSession()
  await session.load()
})

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function signInAgain(password: string) {
  fireEvent.input(screen.getByLabelText('Password'), { target: { value: password } })
  fireEvent.click(screen.getByRole('button', { name: 'Sign in', hidden: true }))
}

describe('an expired session', () => {
  it('is asked to be renewed in place, and what was called meanwhile goes on', async () => {
    const renewed = vi.fn()
    session.onRenewed(renewed)
    render(() => (
      <SessionProvider control={session}>
        <SignInAgain />
      </SessionProvider>
    ))
    signedIn = false
    const call = session.request<{ list: string[] }>('GET', '/api/v1/members')
    expect(
      await screen.findByText('Your session has ended. Sign in to go on: what you typed is still here.'),
    ).toBeTruthy()
    await signInAgain('wrong')
    expect(await screen.findByText('Email or password is wrong.')).toBeTruthy()
    expect(renewed).not.toHaveBeenCalled()
    await signInAgain('right')
    expect(await call).toEqual({ list: ['something'] })
    expect(renewed).toHaveBeenCalledOnce()
    expect(screen.queryByLabelText('Password')).toBeNull()
    expect(calls.filter((line) => line === 'GET /api/v1/members')).toHaveLength(2)
  })

  it('stays on its page when the server still says no', async () => {
    session.expire()
    signedIn = false
    await session.load()
    expect(session.state().status).toBe('expired')
  })

  it('is not the same as being signed out', async () => {
    await session.signOut()
    expect(session.state().status).toBe('signed_out')
    session.expire()
    expect(session.state().status).toBe('signed_out')
  })
})

describe('calls', () => {
  it('name the workspace', async () => {
    await session.request('GET', '/api/v1/channels')
    const [, init] = vi.mocked(fetch).mock.lastCall ?? []
    expect(new Headers(init?.headers).get('foyer-workspace')).toBe('w')
  })
})
