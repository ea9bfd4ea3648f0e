import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { Member } from '../../core/api/accounts.ts'
import type { Group } from '../../core/api/groups.ts'
import { GroupsPage } from '../../web/inbox/settings/GroupsPage.tsx'
import { ApiProblem } from '../../web/lib/api.ts'
import { inboxState, members, Stage, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)

const person = (id: string, name: string, change: Partial<Member> = {}): Member => ({
  id,
  name,
  email: `${id}@example.com`,
  role: 'agent',
  createdAt: 1,
  available: true,
  disabledAt: null,
  ...change,
})
const PEOPLE = [person('ana', 'Ana', { role: 'owner' }), person('ben', 'Ben'), person('eva', 'Eva', { disabledAt: 5 })]
const EVERYONE: Group = { id: 'everyone', name: 'Everyone', rights: ['reassign', 'see_all'], members: [] }
const LEADS: Group = { id: 'g1', name: 'Leads', rights: ['ban'], members: ['ben'] }

/** The page of an owner, with the API played by a table of answers. */
function open(groups: Group[], answers: Record<string, (body: object | undefined) => unknown> = {}) {
  const { control, calls } = signedIn(sessionOf(person('ana', 'Ana', { role: 'owner' })), {
    'GET /api/v1/groups': () => ({ list: groups }),
    ...answers,
  })
  const state = inboxState({ members: members({ list: () => PEOPLE }) })
  render(() => (
    <Stage control={control} state={state}>
      <GroupsPage />
    </Stage>
  ))
  return calls
}
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const tick = (name: RegExp) => fireEvent.click(screen.getByRole('checkbox', { name }))
const lines = () => within(screen.getByRole('list', { name: 'Groups' })).getAllByRole('listitem')

describe('Settings → Groups', () => {
  it('[PR1] shows each group with its rights and its members', async () => {
    open([EVERYONE, LEADS])
    await screen.findByText('Leads')
    expect(lines().map((line) => line.textContent)).toEqual([
      expect.stringMatching(/Everyone.*Reassign, See all.*All members/),
      expect.stringMatching(/Leads.*Ban.*Ben/),
    ])
    expect(screen.queryByRole('button', { name: 'Delete Everyone' })).toBeNull()
  })

  it('[PR1] says what to do while there is none of one’s own', async () => {
    open([EVERYONE])
    expect(await screen.findByText(/No group of your own yet/)).toBeTruthy()
  })

  it('[PR1] makes one with a name, rights and members; only agents can be chosen', async () => {
    const calls = open([EVERYONE], { 'POST /api/v1/groups': () => LEADS })
    await screen.findByText('Everyone')
    press('Add group')
    fireEvent.submit(screen.getByRole('dialog').querySelector('form') as HTMLFormElement)
    expect(await screen.findByText('Give the group a name.')).toBeTruthy()
    fireEvent.input(screen.getByLabelText('Name'), { target: { value: ' Leads ' } })
    tick(/^Ban/)
    tick(/^Delete conversations/)
    tick(/^Ben/)
    expect(screen.queryByRole('checkbox', { name: /^(Ana|Eva)/ })).toBeNull()
    fireEvent.submit(screen.getByRole('dialog').querySelector('form') as HTMLFormElement)
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(calls).toContain(
      'POST /api/v1/groups {"name":"Leads","rights":["delete_conversations","ban"],"members":["ben"]}',
    )
  })

  it('[PR1] says of one only what was changed here: the rest may be another by now', async () => {
    const calls = open([EVERYONE, LEADS], { 'PATCH /api/v1/groups/g1': () => LEADS })
    await screen.findByText('Leads')
    press('Edit Leads')
    fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'Late' } })
    press('Save')
    await waitFor(() => expect(calls).toContain('PATCH /api/v1/groups/g1 {"name":"Late"}'))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    press('Edit Leads')
    tick(/^Ben/)
    press('Save')
    await waitFor(() => expect(calls).toContain('PATCH /api/v1/groups/g1 {"members":[]}'))
  })

  it('[PR1] of everyone only the rights can be changed', async () => {
    const calls = open([EVERYONE, LEADS], { 'PATCH /api/v1/groups/everyone': () => EVERYONE })
    await screen.findByText('Leads')
    press('Edit Everyone')
    expect(screen.queryByLabelText('Name')).toBeNull()
    expect(screen.queryByRole('group', { name: 'Members' })).toBeNull()
    tick(/^Reassign/)
    press('Save')
    await waitFor(() => expect(calls).toContain('PATCH /api/v1/groups/everyone {"rights":["see_all"]}'))
  })

  it('[PR1] deletes one after asking, and says where that failed', async () => {
    const problem = {
      type: '',
      title: '',
      status: 404,
      code: 'not_found',
      detail: 'There is nothing here.',
      requestId: '',
    }
    const calls = open([EVERYONE, LEADS], {
      'DELETE /api/v1/groups/g1': () => {
        throw new ApiProblem(problem)
      },
    })
    await screen.findByText('Leads')
    press('Delete Leads')
    press('Delete group')
    expect(await screen.findByText('There is nothing here.')).toBeTruthy()
    expect(calls.filter((call) => call.startsWith('DELETE'))).toHaveLength(1)
  })
})
