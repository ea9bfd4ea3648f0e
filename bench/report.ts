/** The table that `npm run bench` ends with. */
import { CLIENT } from './figures.ts'
import { GOALS, type Goal } from './goals.ts'
import type { Result } from './run.ts'

/** @param memory whether the state lay in memory */
export function table(results: readonly Result[], memory: boolean): string {
  const rows = GOALS.flatMap((goal) => {
    const result = results.find(({ scenario }) => scenario === goal.scenario)
    return result ? [rowOf(goal, result)] : []
  })
  const heads = ['what', 'Foyer', 'minimal', 'is', 'goal', 'stretch', '']
  const all = [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...doubts(results, memory), ...lines, '', ...besides(results)].join('\n')
}

/** What makes figures worth nothing stands above them. */
function doubts(results: readonly Result[], memory: boolean): string[] {
  const busy = results.flatMap(({ scenario, foyer, minimal }) =>
    Object.entries({ Foyer: foyer, minimal }).flatMap(([name, figures]) => {
      const cores = figures?.[CLIENT] ?? 0
      return cores >= 1
        ? `!!! ${scenario}, ${name}: the client needed ${cores.toFixed(2)} cores and measured itself`
        : []
    }),
  )
  const slow = memory
    ? []
    : ['!!! The state lay on a disk: there is no /dev/shm here. The goals are for a state in memory.']
  const all = [...slow, ...busy]
  return all.length === 0 ? [] : [...all, '']
}

function rowOf(goal: Goal, { foyer, minimal }: Result): string[] {
  const value = foyer[goal.figure] ?? Number.NaN
  const other = minimal?.[goal.figure]
  const is = goal.of === 'itself' ? value : value / (other ?? Number.NaN)
  const reached = (wanted: number) => (goal.better === 'higher' ? is >= wanted : is <= wanted)
  const sign = goal.better === 'higher' ? '≥' : '≤'
  const verdict = goal.stretch !== undefined && reached(goal.stretch) ? 'stretch' : reached(goal.goal) ? 'yes' : 'NO'
  return [
    `${goal.scenario}: ${goal.figure}`,
    value.toPrecision(3),
    other === undefined ? '' : other.toPrecision(3),
    is.toFixed(goal.goal < 0.1 ? 3 : 2),
    `${sign} ${goal.goal}`,
    goal.stretch === undefined ? '' : `${sign} ${goal.stretch}`,
    verdict,
  ]
}

/** Figures that have no goal. */
function besides(results: readonly Result[]): string[] {
  return results.flatMap(({ scenario, foyer, minimal }) =>
    Object.entries(foyer)
      .filter(([figure]) => !GOALS.some((goal) => goal.scenario === scenario && goal.figure === figure))
      .map(([figure, value]) => {
        const other = minimal?.[figure]
        return `${scenario}: ${figure} ${value.toPrecision(3)}${other === undefined ? '' : ` (minimal ${other.toPrecision(3)})`}`
      }),
  )
}
