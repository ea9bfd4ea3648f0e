import { cleanup, render, screen } from '@solidjs/testing-library'
import { afterEach, expect, it, vi } from 'vitest'
import type { SatisfactionReport } from '../../core/api/reports.ts'
import { InboxProvider } from '../../web/inbox/app/InboxContext.tsx'
import { SatisfactionPage } from '../../web/inbox/reports/SatisfactionPage.tsx'
import { SessionProvider, WithMe } from '../../web/inbox/session/SessionProvider.tsx'
import { NoticesProvider } from '../../web/ui/Notices.tsx'
import { inboxState, sessionOf, signedIn } from './inboxStage.tsx'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const NOTHING = { asked: 0, answered: 0, good: 0, neutral: 0, bad: 0, average: null }
const SOME = { asked: 4, answered: 3, good: 1, neutral: 1, bad: 1, average: 3 }
const EMPTY: SatisfactionReport = {
  timeZone: 'UTC',
  total: NOTHING,
  days: [{ date: '2026-11-21', ...NOTHING }],
  ...{ askers: [], assignees: [], channels: [], comments: [] },
}
const REPORT: SatisfactionReport = {
  ...EMPTY,
  total: SOME,
  days: [{ date: '2026-11-21', ...SOME }],
  askers: [{ by: 'agent:ben', ...SOME }],
  assignees: [{ member: null, ...SOME }],
  channels: [{ channel: 'ch', ...SOME }],
  comments: [
    { conversation: 'a', contact: 'p-a', contactName: 'Vic', score: 1, comment: '=cmd|calc', at: 1, by: 'agent:ben' },
  ],
}

function show(report: SatisfactionReport): string[] {
  const ana = sessionOf({ id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' })
  const { control, calls } = signedIn(ana, { 'GET /api/v1/reports/satisfaction?days=30': () => report })
  render(() => (
    <NoticesProvider>
      <SessionProvider control={control}>
        <WithMe fallback={null}>
          <InboxProvider state={inboxState()}>
            <SatisfactionPage />
          </InboxProvider>
        </WithMe>
      </SessionProvider>
    </NoticesProvider>
  ))
  return calls
}

it('[RT9] says what to do where nobody was asked', async () => {
  show(EMPTY)
  expect(await screen.findByText('Nobody was asked for a rating in this time.')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Download CSV' })).toBeNull()
})

it('[RT9] shows the numbers, as a chart and as tables, and what was said', async () => {
  show(REPORT)
  expect(await screen.findByText('3.0 of 5')).toBeTruthy()
  expect(screen.getByRole('img', { name: 'Answers by day' }).textContent).toContain('1 good, 1 neutral, 1 bad')
  const rows = screen.getAllByRole('row').map(({ textContent }) => textContent)
  expect(rows).toContain('Ben43 (75%)1113.0')
  expect(rows).toContain('Nobody43 (75%)1113.0')
  expect(screen.getByText('=cmd|calc')).toBeTruthy()
})

it('[RT9][Q19] downloads the same as CSV, in which nothing runs', async () => {
  const parts: string[] = []
  vi.stubGlobal(
    'Blob',
    class {
      constructor(given: string[]) {
        parts.push(...given)
      }
    },
  )
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue()
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
  show(REPORT)
  const button = await screen.findByRole('button', { name: 'Download CSV' })
  button.click()
  const text = parts.join('')
  expect(text).toContain('asker,Ben,4,3,1,1,1,3\r\n')
  expect(text).toContain("a,1,'=cmd|calc,1970-01-01T00:00:00.001Z\r\n")
  vi.unstubAllGlobals()
})
