import { Show } from 'solid-js'
import type { Entry } from '../../../core/conversation/entries.ts'
import { scoreWords, toneOf } from '../../../core/conversation/score.ts'
import { exactTime, timeOfDay } from '../../lib/times.ts'
import { ScoreMark } from '../list/ScoreMark.tsx'
import styles from './RatingLine.module.css'

export type RatingEntry = Extract<Entry, { type: 'rating.submitted' }>

interface RatingLineProps {
  entry: RatingEntry
  /** What the visitor chose before for the same prompt, if they answered it. */
  earlier: number | undefined
  contact: string
}

/** What the visitor answered (RT6): good, neutral or bad at a glance, with their own words. */
export function RatingLine(props: RatingLineProps) {
  const score = () => props.entry.body.score
  // Words that follow a score change nothing of it.
  const changes = () => props.earlier !== undefined && props.earlier !== score()
  return (
    <figure class={styles.rating} data-tone={toneOf(score())}>
      <figcaption title={exactTime(props.entry.at)}>
        <ScoreMark score={score()} says="Rated" />
        <span>
          <bdi>{props.contact}</bdi> {changes() ? 'changed the rating to' : 'rated the conversation'}{' '}
          <strong>{scoreWords(score())}</strong> ·{' '}
          <time datetime={new Date(props.entry.at).toISOString()}>{timeOfDay(props.entry.at)}</time>
        </span>
      </figcaption>
      <Show when={props.entry.body.comment}>
        {(comment) => (
          <blockquote dir="auto" class={styles.comment}>
            {comment()}
          </blockquote>
        )}
      </Show>
    </figure>
  )
}

/** Whether nothing but a later answer to the same prompt comes after it: then that one says it all. */
export function isReplacedBy(entry: RatingEntry, next: Entry | undefined): boolean {
  return next?.type === 'rating.submitted' && next.body.prompt === entry.body.prompt
}
