import { describe, expect, it } from 'vitest'
import { csvOf } from '../../core/reports/csv.ts'
import { lastDays } from '../../core/reports/days.ts'
import { satisfactionCsv } from '../../core/reports/satisfactionCsv.ts'
import { fc } from '../support/properties.ts'

const HOUR_MS = 3_600_000

describe('[RT9] days of a workspace', () => {
  it.each([
    ['UTC', '2026-11-21T23:59:59Z', ['2026-11-20', '2026-11-21'], ['2026-11-20T00:00Z', '2026-11-21T00:00Z']],
    ['Asia/Tokyo', '2026-11-21T15:00:00Z', ['2026-11-21', '2026-11-22'], ['2026-11-20T15:00Z', '2026-11-21T15:00Z']],
    ['Asia/Kathmandu', '2026-11-21T12:00Z', ['2026-11-20', '2026-11-21'], ['2026-11-19T18:15Z', '2026-11-20T18:15Z']],
    ['America/New_York', '2026-11-01T12:00Z', ['2026-10-31', '2026-11-01'], ['2026-10-31T04:00Z', '2026-11-01T04:00Z']],
  ])('of %s at %s', (zone, now, dates, starts) => {
    const days = lastDays(Date.parse(now), 2, zone)
    expect(days.map(({ date }) => date)).toEqual(dates)
    expect(days.map(({ from }) => from)).toEqual(starts.map((start) => Date.parse(start)))
  })

  it('are 23 and 25 hours long where clocks change, and leave no gap', () => {
    const hours = (now: string) =>
      lastDays(Date.parse(now), 3, 'Europe/Berlin').map(({ from, to }) => (to - from) / HOUR_MS)
    expect(hours('2026-03-30T12:00Z')).toEqual([24, 23, 24])
    expect(hours('2026-10-26T12:00Z')).toEqual([24, 25, 24])
    const year = lastDays(Date.parse('2026-11-21T12:00Z'), 366, 'Europe/Berlin')
    expect(year.every(({ to }, at) => to === (year[at + 1]?.from ?? to))).toBe(true)
  })
})

describe('[RT9][Q19] CSV', () => {
  /** A reader of RFC 4180, written apart from the writer. */
  function read(text: string): string[][] {
    const rows: string[][] = [[]]
    for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
      rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
      if (end === '\r\n') rows.push([])
    }
    return rows.slice(0, -1)
  }

  it('read back it is what was written, and no cell begins a formula', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('=1+1', '@SUM(A1)', '-2', '+1', 'a,"b"\r\nc', ''))
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const back = read(csvOf(rows))
        expect(back).toEqual(rows.map((row) => row.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text))))
        expect(back.flat().filter((text) => /^[=+\-@\t\r]/.test(text))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('[RT9][Q19] the report as CSV', () => {
  const counts = { asked: 4, answered: 3, good: 1, neutral: 1, bad: 1, average: 3 }
  const report = {
    timeZone: 'UTC',
    total: counts,
    days: [{ date: '2026-11-21', ...counts, average: null }],
    askers: ['agent:m_ben', 'key:k_bot', 'agent:m_gone'].map((by) => ({ by, ...counts })),
    assignees: ['m_ben', null].map((member) => ({ member, ...counts })),
    channels: [{ channel: 'ch_web', ...counts }],
    comments: [
      {
        conversation: 'a',
        contact: 'c',
        contactName: 'Vic',
        score: 1 as const,
        comment: '=cmd|calc',
        at: 1,
        by: 'key:k_bot',
      },
    ],
  }
  const names = {
    members: new Map([['m_ben', '=Ben, "the" boss']]),
    programs: new Map([['k_bot', 'Bot']]),
    channels: new Map([['ch_web', 'Shop']]),
  }

  it('[RT9][Q19] has every table with names and ids, and runs nothing', () => {
    expect(satisfactionCsv(report, names).split('\r\n')).toEqual([
      'by,name,id,asked,answered,good,neutral,bad,average',
      'day,2026-11-21,,4,3,1,1,1,',
      `asker,"'=Ben, ""the"" boss",agent:m_ben,4,3,1,1,1,3`,
      'asker,Bot,key:k_bot,4,3,1,1,1,3',
      'asker,,agent:m_gone,4,3,1,1,1,3',
      `assignee,"'=Ben, ""the"" boss",m_ben,4,3,1,1,1,3`,
      'assignee,Nobody,,4,3,1,1,1,3',
      'channel,Shop,ch_web,4,3,1,1,1,3',
      '',
      'conversation,score,comment,at',
      "a,1,'=cmd|calc,1970-01-01T00:00:00.001Z",
      '',
    ])
  })
})
