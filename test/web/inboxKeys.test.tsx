import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { createRoot } from 'solid-js'
import { afterEach, describe, expect, it } from 'vitest'
import type { ApiKey } from '../../core/api/keys.ts'
import { previewOf } from '../../web/inbox/list/preview.ts'
import { createPrograms } from '../../web/inbox/members/createPrograms.ts'
import { KeysPage } from '../../web/inbox/settings/KeysPage.tsx'
import { eventually } from '../support/eventually.ts'
import { inboxRow, Stage, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)

const ANA = { id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'owner' } as const
const BOT: ApiKey = {
  id: 'k1',
  name: 'Order bot',
  scopes: ['conversations:read', 'messages:write'],
  hint: 'fk_AbCdEf',
  createdBy: 'ana',
  createdAt: 1,
  lastUsedAt: null,
}

/** The page with the API played by a table of answers. */
function open(answers: Record<string, (body: object | undefined) => unknown>) {
  const { control, calls } = signedIn(sessionOf(ANA), answers)
  render(() => (
    <Stage control={control}>
      <KeysPage />
    </Stage>
  ))
  return calls
}
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const submit = () => fireEvent.submit(screen.getByRole('dialog').querySelector('form') as HTMLFormElement)

describe('what programs are called', () => {
  it('is asked for with the first that is met, and once more for each that is new', async () => {
    const list = [{ id: 'k1', name: 'Order bot' }]
    const { control, calls } = signedIn(sessionOf(ANA), { 'GET /api/v1/programs': () => ({ list: [...list] }) })
    const programs = createRoot(() => createPrograms(control.request))
    const names = () => (['key:k1', 'key:k2'] as const).map((author) => programs.nameOf(author))
    expect(calls).toEqual([])
    expect(names()).toEqual(['An integration', 'An integration'])
    await eventually(() => expect(names()).toEqual(['Order bot', 'An integration']))
    list.push({ id: 'k3', name: 'Parcel tracker' })
    programs.nameOf('key:k3')
    await eventually(() => expect(programs.nameOf('key:k3')).toBe('Parcel tracker'))
    names()
    await Promise.resolve()
    expect(calls).toHaveLength(3)
  })

  it('stands before what they wrote in the list', () => {
    const row = inboxRow('a', { lastMessage: { author: 'key:k1', text: 'On its way', at: 1 } })
    const preview = previewOf(
      row,
      'ana',
      () => '?',
      () => 'Order bot',
    )
    expect(preview).toBe('Order bot: On its way')
  })
})

describe('Settings → API keys', () => {
  it('[AP1] lists those that work, by their beginning', async () => {
    open({ 'GET /api/v1/keys': () => ({ list: [BOT, { ...BOT, id: 'k2', lastUsedAt: Date.now() }] }) })
    await screen.findByRole('list', { name: 'API keys' })
    const lines = within(screen.getByRole('list', { name: 'API keys' })).getAllByRole('listitem')
    expect(lines[0]?.textContent).toMatch(
      /Order bot.*fk_AbCdEf….*never used.*made by Ana.*conversations:read, messages:write/,
    )
    expect(lines[1]?.textContent).toMatch(/last used/)
  })

  it('[AP1] makes one and shows it once', async () => {
    let list: ApiKey[] = []
    const calls = open({
      'GET /api/v1/keys': () => ({ list }),
      'POST /api/v1/keys': () => {
        list = [BOT]
        return { key: BOT, secret: 'fk_the-whole-secret' }
      },
    })
    await screen.findByText(/No key yet/)
    press('Make key')
    submit()
    expect(await screen.findByText(/Give the key a name/)).toBeTruthy()
    expect(screen.getByText('Choose at least one scope.')).toBeTruthy()
    fireEvent.input(screen.getByLabelText('Name'), { target: { value: 'Order bot' } })
    fireEvent.click(screen.getByRole('checkbox', { name: /^messages:write/ }))
    fireEvent.click(screen.getByRole('checkbox', { name: /^conversations:read/ }))
    submit()
    expect(await screen.findByText('fk_the-whole-secret')).toBeTruthy()
    expect(calls).toContain('POST /api/v1/keys {"name":"Order bot","scopes":["conversations:read","messages:write"]}')
    press('Done')
    await waitFor(() => expect(screen.queryByText('fk_the-whole-secret')).toBeNull())
    expect(await screen.findByRole('list', { name: 'API keys' })).toBeTruthy()
  })

  it('[AP1] revokes one after asking', async () => {
    let list = [BOT]
    const calls = open({
      'GET /api/v1/keys': () => ({ list }),
      'DELETE /api/v1/keys/k1': () => {
        list = []
      },
    })
    await screen.findByText('Order bot')
    press('Revoke Order bot')
    expect(calls).not.toContain('DELETE /api/v1/keys/k1')
    press('Revoke key')
    expect(await screen.findByText(/No key yet/)).toBeTruthy()
    expect(calls).toContain('DELETE /api/v1/keys/k1')
  })
})
