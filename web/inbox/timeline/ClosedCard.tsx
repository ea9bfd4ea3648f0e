import { Show } from 'solid-js'
import CircleCheck from '~icons/lucide/circle-check'
import type { CountedRating } from '../../../core/conversation/rating.ts'
import { scoreWords } from '../../../core/conversation/score.ts'
import { exactTime, timeOfDay } from '../../lib/times.ts'
import { ScoreMark } from '../list/ScoreMark.tsx'
import styles from './ClosedCard.module.css'

interface ClosedCardProps {
  /** Who closed it: "Ana closed the conversation". */
  sentence: string
  at: number
  /** The score that counts, on the newest closing; else null. */
  rating: CountedRating | null
}

/** The end of a conversation, and how it was rated (RT6). */
export function ClosedCard(props: ClosedCardProps) {
  return (
    <div class={styles.card} title={exactTime(props.at)}>
      <CircleCheck aria-hidden="true" />
      <div>
        <strong>Conversation closed</strong>
        <p>
          <bdi dir="ltr">{props.sentence}</bdi> ·{' '}
          <time datetime={new Date(props.at).toISOString()}>{timeOfDay(props.at)}</time>
        </p>
      </div>
      <Show when={props.rating}>
        {(rating) => (
          <span class={styles.rating}>
            <ScoreMark score={rating().score} says="Rated" />
            {scoreWords(rating().score)}
            {rating().source === 'agent' && ' (by the team)'}
          </span>
        )}
      </Show>
    </div>
  )
}
