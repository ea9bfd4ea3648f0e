import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { Invitation, Member, Session } from '../../core/api/accounts.ts'
import { createSession, type SessionControl } from '../../web/inbox/session/createSession.ts'
import { SessionProvider, WithMe } from '../../web/inbox/session/SessionProvider.tsx'
import { MembersPage } from '../../web/inbox/settings/MembersPage.tsx'
import { ApiProblem } from '../../web/lib/api.ts'
import { NoticesProvider } from '../../web/ui/Notices.tsx'

const DAY_MS = 86_400_000
const ANA: Member = { id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'owner', createdAt: 1 }
const BEN: Member = { id: 'ben', name: 'Ben', email: 'ben@example.com', role: 'agent', createdAt: 2 }

afterEach(cleanup)

function sessionOf(member: Member): Session {
  const workspace = { id: 'w', name: 'Lamps', timeZone: 'UTC' }
  return {
    user: { id: `u-${member.id}`, name: member.name, email: member.email },
    memberships: [{ workspace, member: member.id, name: member.name, role: member.role }],
    expiresAt: 1,
  }
}

/** A page as `member` sees it, with the API played by a table of answers. */
function open(member: Member) {
  const calls: string[] = []
  let invitations: Invitation[] = []
  const answers: Record<string, (body: object | undefined) => unknown> = {
    'GET /api/v1/members': () => ({ list: [ANA, BEN] }),
    'GET /api/v1/invitations': () => ({ list: invitations }),
    'POST /api/v1/invitations': (body) => {
      const { email, role } = body as Invitation
      if (email === 'ben@example.com') throw refused('ben@example.com is a member already.')
      const invitation = { id: 'i1', email, role, createdAt: 1, expiresAt: Date.now() + 7 * DAY_MS }
      invitations = [...invitations, invitation]
      return { invitation, link: 'https://foyer.example/dashboard/invitation#token=secret' }
    },
    'DELETE /api/v1/invitations/i1': () => {
      invitations = []
    },
    'POST /api/v1/members/ben/password-resets': () => ({
      link: 'https://foyer.example/dashboard/reset-password#token=again',
      expiresAt: Date.now() + DAY_MS,
    }),
  }
  const control: SessionControl = {
    ...createSession(),
    state: () => ({ status: 'signed_in', session: sessionOf(member) }),
    request: async <T,>(method: string, path: string, body?: object) => {
      calls.push(`${method} ${path}`)
      return answers[`${method} ${path}`]?.(body) as T
    },
  }
  render(() => (
    <NoticesProvider>
      <SessionProvider control={control}>
        <WithMe fallback={null}>
          <MembersPage />
        </WithMe>
      </SessionProvider>
    </NoticesProvider>
  ))
  return calls
}

function refused(detail: string): ApiProblem {
  return new ApiProblem({ type: '', title: '', status: 409, code: 'already_member', detail, requestId: '' })
}

const people = async () => within(await screen.findByRole('list', { name: 'Members' })).getAllByRole('listitem')

async function invite(email: string) {
  fireEvent.click(await screen.findByRole('button', { name: 'Invite' }))
  fireEvent.input(screen.getByLabelText('Email'), { target: { value: email } })
  fireEvent.click(screen.getByRole('button', { name: 'Make link', hidden: true }))
}

describe('Settings → Members', () => {
  it('lists everybody with their role', async () => {
    open(ANA)
    const [ana, ben] = await people()
    expect(ana?.textContent).toContain('Ana (you)')
    expect(ana?.textContent).toContain('Owner')
    expect(ben?.textContent).toContain('Agent')
  })

  it('[PR1] offers agents nothing that they may not do', async () => {
    const calls = open(BEN)
    await people()
    expect(screen.queryByRole('button')).toBeNull()
    expect(calls).not.toContain('GET /api/v1/invitations')
  })

  it('shows the link of a new invitation, and the invitation among the pending ones', async () => {
    open(ANA)
    await screen.findByText('Nobody is invited at the moment.')
    await invite('carla@example.com')
    expect(await screen.findByText(/#token=secret/)).toBeTruthy()
    await waitFor(() =>
      expect(screen.getByRole('list', { name: 'Pending invitations' }).textContent).toContain('carla@example.com'),
    )
  })

  it('keeps what was typed when an invitation is refused, and says why', async () => {
    open(ANA)
    await invite('ben@example.com')
    expect(await screen.findByText('ben@example.com is a member already.')).toBeTruthy()
    expect((screen.getByLabelText('Email') as HTMLInputElement).value).toBe('ben@example.com')
  })

  it('does not ask the server about what is no address', async () => {
    const calls = open(ANA)
    await invite('carla')
    expect(await screen.findByText(/Enter an email address/)).toBeTruthy()
    expect(calls).not.toContain('POST /api/v1/invitations')
  })

  it('revokes an invitation', async () => {
    open(ANA)
    await invite('carla@example.com')
    fireEvent.click(
      await screen.findByRole('button', { name: 'Revoke the invitation for carla@example.com', hidden: true }),
    )
    expect(await screen.findByText('Nobody is invited at the moment.')).toBeTruthy()
  })

  it('makes a reset link for a colleague, only when asked twice', async () => {
    const calls = open(ANA)
    fireEvent.click(await screen.findByRole('button', { name: 'Reset link for Ben' }))
    expect(calls).not.toContain('POST /api/v1/members/ben/password-resets')
    fireEvent.click(screen.getByRole('button', { name: 'Make reset link', hidden: true }))
    expect(await screen.findByText(/#token=again/)).toBeTruthy()
  })
})
