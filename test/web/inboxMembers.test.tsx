import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { Invitation, Member } from '../../core/api/accounts.ts'
import { MembersPage } from '../../web/inbox/settings/MembersPage.tsx'
import { ApiProblem } from '../../web/lib/api.ts'
import { Stage, sessionOf, signedIn } from './inboxStage.tsx'

const DAY_MS = 86_400_000
const ANA: Member = {
  id: 'ana',
  name: 'Ana',
  email: 'ana@example.com',
  role: 'owner',
  createdAt: 1,
  available: true,
  disabledAt: null,
}
const BEN: Member = {
  id: 'ben',
  name: 'Ben',
  email: 'ben@example.com',
  role: 'agent',
  createdAt: 2,
  available: true,
  disabledAt: null,
}

const GROUPS = [
  { id: 'everyone', name: 'Everyone', rights: [], members: [] },
  { id: 'g1', name: 'Leads', rights: [], members: ['ben'] },
  { id: 'g2', name: 'Nights', rights: [], members: ['ben'] },
]

afterEach(cleanup)

/** A page as `member` sees it, with the API played by a table of answers. */
function open(member: Member, people: Member[] = [ANA, BEN]) {
  let invitations: Invitation[] = []
  const answers: Record<string, (body: object | undefined) => unknown> = {
    'GET /api/v1/members': () => ({ list: people }),
    'GET /api/v1/invitations': () => ({ list: invitations }),
    'GET /api/v1/groups': () => ({ list: GROUPS }),
    'POST /api/v1/invitations': (body) => {
      const { email, role } = body as Invitation
      if (email === 'ben@example.com') throw refused('ben@example.com is a member already.')
      const invitation = { id: 'i1', email, role, createdAt: 1, expiresAt: Date.now() + 7 * DAY_MS }
      invitations = [...invitations, invitation]
      return { invitation, link: 'https://foyer.example/dashboard/invitation#token=secret', mailed: true }
    },
    'DELETE /api/v1/invitations/i1': () => {
      invitations = []
    },
    'POST /api/v1/members/ben/password-resets': () => ({
      link: 'https://foyer.example/dashboard/reset-password#token=again',
      expiresAt: Date.now() + DAY_MS,
    }),
  }
  const { control, calls } = signedIn(sessionOf(member), {
    ...answers,
    'PATCH /api/v1/members/ben': (change) => {
      people = people.map((m) => {
        const { role, disabled } = change as { role?: Member['role']; disabled?: boolean }
        if (m.id !== 'ben') return m
        return { ...m, role: role ?? m.role, disabledAt: disabled === undefined ? m.disabledAt : disabled ? 5 : null }
      })
    },
  })
  render(() => (
    <Stage control={control}>
      <MembersPage />
    </Stage>
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
  fireEvent.click(screen.getByRole('button', { name: 'Send invitation', hidden: true }))
}

describe('Settings → Members', () => {
  it('[PR1] shows administrators which groups somebody is in', async () => {
    open(ANA)
    expect(await screen.findByText('In Leads, Nights')).toBeTruthy()
  })

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

  it('[PR1] changes a role, and shows what the server made of it', async () => {
    const calls = open(ANA)
    const select = (await screen.findByLabelText('Role of Ben')) as HTMLSelectElement
    fireEvent.change(select, { target: { value: 'admin' } })
    await waitFor(() => expect((screen.getByLabelText('Role of Ben') as HTMLSelectElement).value).toBe('admin'))
    expect(calls).toContain('PATCH /api/v1/members/ben {"role":"admin"}')
  })

  it('[PR2] disables a member only after saying what happens, and lists them apart', async () => {
    const calls = open(ANA)
    fireEvent.click(await screen.findByRole('button', { name: 'Disable Ben' }))
    expect(screen.getByText(/become unassigned/)).toBeTruthy()
    expect(calls.some((call) => call.startsWith('PATCH'))).toBe(false)
    fireEvent.click(screen.getByRole('button', { name: 'Disable', hidden: true }))
    const disabled = await screen.findByRole('list', { name: 'Disabled members' })
    expect(disabled.textContent).toContain('Ben')
    fireEvent.click(within(disabled).getByRole('button', { name: 'Enable Ben' }))
    await waitFor(() => expect(screen.queryByRole('list', { name: 'Disabled members' })).toBeNull())
  })

  it('[PR2] protects the last owner, with a sentence', async () => {
    open(ANA)
    expect(await screen.findByText(/only owner/)).toBeTruthy()
    expect(screen.queryByLabelText('Role of Ana')).toBeNull()
  })

  it('[PR2] a second owner can become something else', async () => {
    open(ANA, [ANA, { ...BEN, role: 'owner' }])
    expect(await screen.findByLabelText('Role of Ana')).toBeTruthy()
    expect(screen.queryByText(/only owner/)).toBeNull()
  })
})
