import { For, Show } from 'solid-js'
import type { SatisfactionReport } from '../../../core/api/reports.ts'
import { contactName } from '../../../core/contactName.ts'
import { exactTime, relativeTime } from '../../lib/times.ts'
import { clock } from '../app/clock.ts'
import { ScoreMark } from '../list/ScoreMark.tsx'
import styles from './Reports.module.css'

/** What visitors said beside their score, newest first; each leads to its conversation. */
export function Comments(props: { comments: SatisfactionReport['comments'] }) {
  return (
    <section>
      <h2>Comments</h2>
      <Show when={props.comments.length > 0} fallback={<p class={styles.none}>Nobody left a comment in this time.</p>}>
        <ul class={styles.comments}>
          <For each={props.comments}>
            {(comment) => (
              <li>
                <ScoreMark score={comment.score} says="Rated" />
                <div>
                  <p dir="auto">{comment.comment}</p>
                  <small>
                    <a href={`/dashboard/inbox/all?id=${comment.conversation}`}>
                      <bdi>{comment.contactName ?? contactName(comment.contact)}</bdi>
                    </a>{' '}
                    ·{' '}
                    <time datetime={new Date(comment.at).toISOString()} title={exactTime(comment.at)}>
                      {relativeTime(comment.at, clock())}
                    </time>
                  </small>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}
