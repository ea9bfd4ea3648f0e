/**
 * The report on satisfaction as a file (RT9):
 * every table with its kind in the first column, then the comments. Pure.
 */
import type { SatisfactionCounts, SatisfactionReport } from '../api/reports.ts'
import { type Author, memberOf } from '../ids.ts'
import { csvOf } from './csv.ts'

/** By id. What is not in them is written by its id alone. */
export interface ReportNames {
  members: ReadonlyMap<string, string>
  /** By the id of their key. */
  programs: ReadonlyMap<string, string>
  channels: ReadonlyMap<string, string>
}

const HEAD = ['asked', 'answered', 'good', 'neutral', 'bad', 'average'] as const

export function satisfactionCsv(report: SatisfactionReport, names: ReportNames): string {
  const line = (by: string, name: string, id: string | null, counts: SatisfactionCounts) => [
    ...[by, name, id],
    ...HEAD.map((key) => counts[key]),
  ]
  const asker = (by: string) => {
    const member = memberOf(by as Author)
    return member === null ? names.programs.get(by.replace(/^key:/, '')) : names.members.get(member)
  }
  const assignee = (member: string | null) => (member === null ? 'Nobody' : names.members.get(member))
  return csvOf([
    ['by', 'name', 'id', ...HEAD],
    ...report.days.map((row) => line('day', row.date, null, row)),
    ...report.askers.map((row) => line('asker', asker(row.by) ?? '', row.by, row)),
    ...report.assignees.map((row) => line('assignee', assignee(row.member) ?? '', row.member, row)),
    ...report.channels.map((row) => line('channel', names.channels.get(row.channel) ?? '', row.channel, row)),
    [],
    ['conversation', 'score', 'comment', 'at'],
    ...report.comments.map(({ conversation, score, comment, at }) => [
      ...[conversation, score, comment, new Date(at).toISOString()],
    ]),
  ])
}
