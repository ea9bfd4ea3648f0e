import { cleanup, fireEvent, render, screen, waitFor, within } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import type { Sender } from '../../core/api/senders.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import { TranscriptDialog } from '../../web/inbox/panel/transcript/TranscriptDialog.tsx'
import { SessionProvider } from '../../web/inbox/session/SessionProvider.tsx'
import { RetryTranscript } from '../../web/inbox/timeline/RetryTranscript.tsx'
import { retryable, transcriptText } from '../../web/inbox/timeline/transcriptText.ts'
import { ApiProblem } from '../../web/lib/api.ts'
import { NoticesProvider } from '../../web/ui/Notices.tsx'
import { ID } from './fakeServer.ts'
import { Stage, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(cleanup)

const SENDERS: Sender[] = [
  { id: 's1', address: 'new@shop.example', verifiedAt: null, route: 'service', createdAt: 1 },
  { id: 's2', address: 'help@shop.example', verifiedAt: 1, route: 'service', createdAt: 2 },
  { id: 's3', address: 'shop@shop.example', verifiedAt: 1, route: 'reply_to', createdAt: 3 },
]
const PATH = `POST /api/v1/conversations/${ID}/transcripts`

function open(
  answers: Record<string, (body: object | undefined) => unknown>,
  { email = 'vic@example.com' as string | null, role = 'owner' as 'owner' | 'agent' } = {},
) {
  const who = { id: 'ana', name: 'Ana', email: 'ana@example.com', role }
  const { control, calls } = signedIn(sessionOf(who), {
    'GET /api/v1/senders': () => ({ list: SENDERS }),
    ...answers,
  })
  let closed = false
  render(() => (
    <Stage control={control}>
      <TranscriptDialog id={ID} email={email} onClose={() => (closed = true)} />
    </Stage>
  ))
  return { calls, closed: () => closed }
}

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
const submit = async () => {
  await screen.findByLabelText('To')
  fireEvent.submit(screen.getByRole('dialog').querySelector('form') as HTMLFormElement)
}
const refused =
  (code: string, extra: Partial<ApiProblem['problem']> = {}) =>
  () => {
    throw new ApiProblem({ type: '', title: '', status: 429, code, detail: 'Too many.', requestId: '', ...extra })
  }

describe('the dialog', () => {
  it('[TR1] is filled with the visitor’s address, the verified senders alone, and the workspace’s name', async () => {
    open({})
    await screen.findByLabelText('To')
    expect(field('To').value).toBe('vic@example.com')
    expect(document.activeElement).toBe(field('To'))
    const offered = within(field('From')).getAllByRole('option')
    expect(offered.map(({ textContent }) => textContent)).toEqual(['help@shop.example', 'shop@shop.example'])
    expect(field('Sender name').value).toBe('Lamps')
    expect(screen.getByTitle<HTMLIFrameElement>('The transcript as it is sent').src).toContain(
      `/api/v1/conversations/${ID}/transcript.html?as=mail`,
    )
  })

  it('[TR1] sends what was chosen, says so, and goes', async () => {
    const { calls, closed } = open({ [PATH]: () => ({}) })
    await screen.findByLabelText('To')
    fireEvent.change(field('From'), { target: { value: 'shop@shop.example' } })
    await submit()
    await waitFor(() => expect(closed()).toBe(true))
    expect(calls.at(-1)).toContain('"to":"vic@example.com","from":"shop@shop.example","name":"Lamps","clientId":')
    expect(screen.getByText('The transcript is on its way to vic@example.com.')).toBeTruthy()
  })

  it('[TR1] tells what is wrong at its field, and keeps what was typed', async () => {
    const { calls, closed } = open(
      {
        [PATH]: refused('invalid_request', {
          errors: [{ path: 'to', message: 'is not an address that mail can be sent to' }],
        }),
      },
      { email: null },
    )
    await submit()
    expect(await screen.findByText('Enter an email address, like ana@example.com.')).toBeTruthy()
    fireEvent.input(field('To'), { target: { value: 'vic@example.c' } })
    await submit()
    expect(await screen.findByText('This is not an address that mail can be sent to.')).toBeTruthy()
    expect([field('To').value, field('To').getAttribute('aria-invalid'), closed()]).toEqual([
      'vic@example.c',
      'true',
      false,
    ])
    // Sent again as it is, it is the same request: nothing is sent twice where only an answer got lost.
    await submit()
    await waitFor(() => expect(calls.filter((call) => call.startsWith(PATH))).toHaveLength(2))
    const [first = '', second = ''] = calls.filter((call) => call.startsWith(PATH))
    expect(second).toBe(first.replace('}', ',"retry":true}'))
  })

  it('[TR5] shows the refusal of a sixth with the time, and stays as it is', async () => {
    const { closed } = open({ [PATH]: refused('too_many_transcripts', { retryAt: Date.now() + 40_000 }) })
    await submit()
    expect(await screen.findByText(/Too many\. You can try again in \d+ seconds\./)).toBeTruthy()
    expect([closed(), field('To').value]).toEqual([false, 'vic@example.com'])
  })

  it.each([
    ['owner', 'Add one in Settings → Senders', true],
    ['agent', 'Ask an administrator to add one in Settings → Senders.', false],
  ] as const)('[TR1] without a verified address says so, to an %s', async (role, sentence, leads) => {
    open({ 'GET /api/v1/senders': () => ({ list: SENDERS.slice(0, 1) }) }, { role })
    await screen.findByText(new RegExp(sentence.replace('→', '.')))
    expect(screen.queryByRole('link', { name: sentence })?.getAttribute('href')).toBe(
      leads ? '/dashboard/settings/senders' : undefined,
    )
    expect(screen.queryByLabelText('To')).toBeNull()
  })
})

describe('the timeline', () => {
  const names = { author: () => 'Ana', nameOf: () => 'Ana', me: 'ana' } as unknown as Parameters<
    typeof transcriptText
  >[1]
  const stamp = { n: 1, after: 1, at: 1, author: 'system' } as const
  const settled = (n: number, body: object) =>
    ({ ...stamp, n, type: 'transcript.settled', body: { request: 1, to: 'vic@example.com', ...body } }) as Extract<
      Entry,
      { type: 'transcript.settled' }
    >

  it.each([
    [{ outcome: 'sent' }, 'The transcript was sent to vic@example.com'],
    [
      { outcome: 'failed', reason: 'It was busy.' },
      'The transcript to vic@example.com could not be sent. It was busy.',
    ],
    [
      { outcome: 'unknown', reason: 'It fell silent.' },
      /^It is not known whether .* It is not sent again by itself\.$/,
    ],
  ])('[TR4][TR6] says of %j what became of it', (body, text) => {
    expect(transcriptText(settled(1, body), names)).toMatch(text)
  })

  it('[TR6] Retry asks once at a time, and tells why it was refused', async () => {
    const path = `POST /api/v1/conversations/${ID}/transcripts/1/retries`
    const who = { id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' } as const
    const { control, calls } = signedIn(sessionOf(who), { [path]: refused('transcript_not_failed') })
    render(() => (
      <SessionProvider control={control}>
        <NoticesProvider>
          <RetryTranscript conversation={ID} request={1} to="vic@example.com" />
        </NoticesProvider>
      </SessionProvider>
    ))
    const button = screen.getByRole('button', { name: 'Retry sending the transcript to vic@example.com' })
    fireEvent.click(button)
    fireEvent.click(button)
    expect(await screen.findByText('Too many.')).toBeTruthy()
    expect(calls).toEqual([path])
    fireEvent.click(button)
    expect(calls).toHaveLength(2)
  })

  it('[TR6] offers Retry where it makes sense, until somebody has', () => {
    const failed = settled(1, { outcome: 'failed', reason: 'busy', mayRetry: true })
    const retried = { ...stamp, n: 2, type: 'transcript.retried', body: { request: 1 } } as const
    expect(retryable(failed, [failed])?.request).toBe(1)
    expect(retryable(failed, [failed, retried])).toBe(null)
    expect(retryable(settled(1, { outcome: 'failed', mayRetry: false }), [])).toBe(null)
    expect(retryable(settled(1, { outcome: 'unknown' }), [])).toBe(null)
  })
})
