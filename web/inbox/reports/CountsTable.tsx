import { For } from 'solid-js'
import type { SatisfactionCounts } from '../../../core/api/reports.ts'
import { averageOf, share } from './counts.ts'
import styles from './Reports.module.css'

interface CountsTableProps {
  caption: string
  rows: ReadonlyArray<{ name: string; counts: SatisfactionCounts }>
}

/** Who or what was asked about, and how it went. */
export function CountsTable(props: CountsTableProps) {
  return (
    <section class={styles.scroller} tabindex="0" aria-label={props.caption}>
      <table class={styles.table}>
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <For each={['Asked', 'Answered', 'Good', 'Neutral', 'Bad', 'Average']}>
              {(name) => <th scope="col">{name}</th>}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.rows}>
            {({ name, counts }) => (
              <tr>
                <th scope="row">
                  <bdi>{name}</bdi>
                </th>
                <td>{counts.asked}</td>
                <td>{`${counts.answered} (${share(counts.answered, counts.asked)})`}</td>
                <td>{counts.good}</td>
                <td>{counts.neutral}</td>
                <td>{counts.bad}</td>
                <td>{averageOf(counts)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  )
}
