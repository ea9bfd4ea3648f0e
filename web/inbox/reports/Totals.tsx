import { For } from 'solid-js'
import type { SatisfactionCounts } from '../../../core/api/reports.ts'
import { averageOf, share } from './counts.ts'
import styles from './Reports.module.css'

/** The whole time in four numbers. */
export function Totals(props: { counts: SatisfactionCounts }) {
  const facts = () => {
    const { asked, answered, good } = props.counts
    return [
      { name: 'Good', value: share(good, answered) },
      { name: 'Average', value: `${averageOf(props.counts)} of 5` },
      { name: 'Answered', value: share(answered, asked) },
      { name: 'Asked', value: asked.toLocaleString() },
    ]
  }
  return (
    <dl class={styles.totals}>
      <For each={facts()}>
        {(fact) => (
          <div>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        )}
      </For>
    </dl>
  )
}
