/** Numbers of the report as people read them. */
import type { SatisfactionCounts } from '../../../core/api/reports.ts'

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })
const mean = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** "67%"; "–" of nothing. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '–' : percent.format(part / whole)
}

/** "4.2"; "–" where nobody answered. */
export function averageOf({ average }: Pick<SatisfactionCounts, 'average'>): string {
  return average === null ? '–' : mean.format(average)
}
