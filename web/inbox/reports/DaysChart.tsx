import { createMemo, For } from 'solid-js'
import type { SatisfactionReport } from '../../../core/api/reports.ts'
import { CountsTable } from './CountsTable.tsx'
import styles from './Reports.module.css'

type Days = SatisfactionReport['days']

const HEIGHT = 120
const WIDTH = 720
const GAP_SHARE = 0.2

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const nameOf = (day: string) => date.format(Date.parse(`${day}T00:00:00Z`))

/** Good, neutral and bad by day, as bars, and the same as a table for who cannot see them. */
export function DaysChart(props: { days: Days }) {
  const most = createMemo(() => Math.max(1, ...props.days.map(({ answered }) => answered)))
  const step = () => WIDTH / props.days.length
  const tall = (count: number) => (count / most()) * HEIGHT
  return (
    <section class={styles.chart} aria-label="By day">
      <h2>By day</h2>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label="Answers by day">
        <For each={props.days}>
          {(day, at) => (
            <g>
              <title>{`${nameOf(day.date)}: ${day.good} good, ${day.neutral} neutral, ${day.bad} bad`}</title>
              <For
                each={[
                  { tone: 'good', count: day.good, below: day.bad + day.neutral },
                  { tone: 'neutral', count: day.neutral, below: day.bad },
                  { tone: 'bad', count: day.bad, below: 0 },
                ]}
              >
                {({ tone, count, below }) => (
                  <rect
                    data-tone={tone}
                    x={(at() + GAP_SHARE / 2) * step()}
                    width={step() * (1 - GAP_SHARE)}
                    y={HEIGHT - tall(below + count)}
                    height={tall(count)}
                  />
                )}
              </For>
            </g>
          )}
        </For>
      </svg>
      <p class={styles.axis}>
        <span>{nameOf(props.days[0]?.date ?? '')}</span>
        <span>{`Most answers on a day: ${most()}`}</span>
        <span>{nameOf(props.days.at(-1)?.date ?? '')}</span>
      </p>
      <details>
        <summary>As a table</summary>
        <CountsTable
          caption="By day"
          rows={props.days.filter(({ asked }) => asked > 0).map((day) => ({ name: nameOf(day.date), counts: day }))}
        />
      </details>
    </section>
  )
}
