import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { Sender, Smtp } from '../../core/api/senders.ts'
import { SendersPage } from '../../web/inbox/settings/SendersPage.tsx'
import { ApiProblem } from '../../web/lib/api.ts'
import { Stage, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)

const HELP: Sender = { id: 's1', address: 'help@shop.example', verifiedAt: 1, route: 'service', createdAt: 1 }
const SERVER: Smtp = { host: 'smtp.shop.example', port: 465, security: 'tls', user: 'foyer', changedAt: 1 }

/** The page as somebody sees it, with the API played by a table of answers. */
function open(answers: Record<string, (body: object | undefined) => unknown>, role: 'owner' | 'agent' = 'owner') {
  const who = { id: 'ana', name: 'Ana', email: 'ana@example.com', role }
  const { control, calls } = signedIn(sessionOf(who), { 'GET /api/v1/smtp': () => ({ smtp: null }), ...answers })
  render(() => (
    <Stage control={control}>
      <SendersPage />
    </Stage>
  ))
  return calls
}

const dialog = () => within(screen.getByRole('dialog'))
const enter = (label: string, value: string) => fireEvent.input(dialog().getByLabelText(label), { target: { value } })
const submit = () => fireEvent.submit(screen.getByRole('dialog').querySelector('form') as HTMLFormElement)
const problem = (code: string, detail: string) =>
  new ApiProblem({ type: '', title: '', status: 422, code, detail, requestId: '' })

describe('Settings → Senders', () => {
  it('[TR1] says how mail from each address leaves', async () => {
    open({
      'GET /api/v1/senders': () => ({
        list: [HELP, { ...HELP, id: 's2', route: 'reply_to' }, { ...HELP, id: 's3', verifiedAt: null }],
      }),
    })
    const lines = within(await screen.findByRole('list', { name: 'Senders' })).getAllByRole('listitem')
    expect(lines[0]?.textContent).toContain('Sent from this address')
    expect(lines[1]?.textContent).toContain('answers come here')
    expect(lines[2]?.textContent).toContain('Not verified yet')
  })

  it('[TR1] adds an address and verifies it by its code; a wrong one stays in the dialog', async () => {
    let list: Sender[] = []
    let tries = 0
    open({
      'GET /api/v1/senders': () => ({ list }),
      'POST /api/v1/senders': () => {
        list = [{ ...HELP, verifiedAt: null }]
        return list[0]
      },
      'POST /api/v1/senders/s1/verification': () => {
        tries += 1
        if (tries === 1) throw problem('code_wrong', 'This is not the code that was mailed. 4 tries are left.')
        list = [HELP]
        return HELP
      },
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Add address' }))
    enter('Email', 'help@shop.example')
    submit()
    await screen.findByText(/We mailed a code/)
    enter('Code', '12')
    submit()
    expect(await screen.findByText('Enter the six digits of the mail.')).toBeTruthy()
    enter('Code', '123456')
    submit()
    expect(await screen.findByText(/4 tries are left/)).toBeTruthy()
    submit()
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(await screen.findByText('Sent from this address')).toBeTruthy()
  })

  it('[TR3] enters a mail server and tells what became of a test', async () => {
    let smtp: Smtp | null = null
    let outcome: object = { outcome: 'accepted', reason: null, to: 'ana@example.com' }
    const calls = open({
      'GET /api/v1/senders': () => ({ list: [HELP] }),
      'GET /api/v1/smtp': () => ({ smtp }),
      'PUT /api/v1/smtp': () => {
        smtp = SERVER
        return { smtp }
      },
      'POST /api/v1/smtp/tests': () => outcome,
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Enter a server' }))
    enter('Server', 'smtp.shop.example')
    enter('User', 'foyer')
    submit()
    expect(await screen.findByText('Enter the password.')).toBeTruthy()
    enter('Password', 'secret')
    submit()
    const card = await screen.findByRole('article', { name: 'Mail server' })
    expect(card.textContent).toContain('smtp.shop.example:465')
    fireEvent.click(screen.getByRole('button', { name: 'Send a test' }))
    expect(await screen.findByText(/look into the mail of ana@example.com/)).toBeTruthy()
    outcome = { outcome: 'refused', reason: 'The mail server refused the sender: 550 No.', to: 'ana@example.com' }
    fireEvent.click(screen.getByRole('button', { name: 'Send a test' }))
    expect(await screen.findByText('The mail server refused the sender: 550 No.')).toBeTruthy()
    expect(calls.some((call) => call.startsWith('PUT /api/v1/smtp'))).toBe(true)
  })

  it('[PR1] shows agents the addresses and nothing that they may not do', async () => {
    const calls = open({ 'GET /api/v1/senders': () => ({ list: [HELP] }) }, 'agent')
    await screen.findByText('help@shop.example')
    expect(screen.queryByRole('button')).toBeNull()
    expect(calls).not.toContain('GET /api/v1/smtp')
  })
})
