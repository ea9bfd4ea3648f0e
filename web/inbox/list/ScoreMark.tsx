import { FACES, type Score, scoreWords, toneOf } from '../../../core/conversation/score.ts'
import styles from './ScoreMark.module.css'

interface ScoreMarkProps {
  score: Score
  /** Before the score, for who hears or points: "Rated". */
  says: string
}

/** A rating at a glance (RT6): its face, on the colour of good, neutral or bad. */
export function ScoreMark(props: ScoreMarkProps) {
  const words = () => `${props.says} ${scoreWords(props.score)}`
  return (
    <span class={styles.mark} data-tone={toneOf(props.score)} role="img" aria-label={words()} title={words()}>
      {FACES[props.score]}
    </span>
  )
}
