import { cleanup, render, screen } from '@solidjs/testing-library'
import { afterEach, expect, it, vi } from 'vitest'
import type { SatisfactionReport } from '../../core/api/reports.ts'
import type { Right } from '../../core/rights.ts'
import { SatisfactionPage } from '../../web/inbox/reports/SatisfactionPage.tsx'
import { eventually } from '../support/eventually.ts'
import { inboxState, Stage, sessionOf, signedIn } from './inboxStage.tsx'

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

const CSV = new Blob(['by,name'])

function show(report: SatisfactionReport, rights: Right[] = ['see_all', 'export']): string[] {
  const ana = sessionOf({ id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent', rights })
  const { control, calls } = signedIn(ana, {
    'GET /api/v1/reports/satisfaction?days=30': () => report,
    'GET /api/v1/reports/satisfaction.csv?days=30': () => CSV,
  })
  render(() => (
    <Stage control={control} state={inboxState()}>
      <SatisfactionPage />
    </Stage>
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

it('[RT9] downloads what is shown as the server writes it', async () => {
  const named: string[] = []
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    named.push(this.download)
  })
  show(REPORT)
  ;(await screen.findByRole('button', { name: 'Download CSV' })).click()
  await eventually(() => expect(named).toEqual(['satisfaction-2026-11-21.csv']))
  expect(URL.createObjectURL).toHaveBeenCalledWith(CSV)
})

it.each([
  [['see_all', 'export'], true, true],
  [['see_all'], true, false],
  [['export'], false, false],
])('[PR1] who holds %j is shown the report: %s, and the button: %s', async (rights, shown, button) => {
  const calls = show(REPORT, rights as Right[])
  await (shown ? screen.findByText('3.0 of 5') : screen.findByText(/^Whoever may see all/))
  expect(screen.queryByRole('button', { name: 'Download CSV' }) !== null).toBe(button)
  expect(calls.length > 0).toBe(shown)
})
