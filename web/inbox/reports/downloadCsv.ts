import type { SatisfactionCounts, SatisfactionReport } from '../../../core/api/reports.ts'
import { csvOf } from '../../../core/reports/csv.ts'

interface Naming {
  asker(by: string): string
  member(id: string | null): string
  channelName(id: string): string
}

const HEAD = ['asked', 'answered', 'good', 'neutral', 'bad', 'average'] as const

/** Saves the report as it is shown: every table with its kind in the first column, then the comments. */
export function downloadCsv(report: SatisfactionReport, naming: Naming): void {
  const line = (kind: string, name: string, counts: SatisfactionCounts) => [
    kind,
    name,
    ...HEAD.map((key) => counts[key]),
  ]
  const text = csvOf([
    ['by', 'name', ...HEAD],
    ...report.days.map((row) => line('day', row.date, row)),
    ...report.askers.map((row) => line('asker', naming.asker(row.by), row)),
    ...report.assignees.map((row) => line('assignee', naming.member(row.member), row)),
    ...report.channels.map((row) => line('channel', naming.channelName(row.channel), row)),
    [],
    ['conversation', 'score', 'comment', 'at'],
    ...report.comments.map(({ conversation, score, comment, at }) => [
      ...[conversation, score, comment, new Date(at).toISOString()],
    ]),
  ])
  // The mark tells spreadsheets that it is UTF-8.
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `satisfaction-${report.days.at(-1)?.date ?? ''}.csv`
  link.click()
  URL.revokeObjectURL(url)
}
