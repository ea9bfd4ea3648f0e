import { Show } from 'solid-js'
import { type BanMark, strongest } from '../../../core/bans/ban.ts'
import { exactTime } from '../../lib/times.ts'
import { clock } from '../app/clock.ts'
import styles from './BanBadge.module.css'

const WORDS = {
  ban: { word: 'Banned', means: 'Cannot start a new conversation' },
  block: { word: 'Blocked', means: 'Nothing passes, in either direction' },
} as const

/** Whether the visitor is shut out, and how (BN2, BN3); nothing where they are not. */
export function BanBadge(props: { bans: readonly BanMark[] | undefined }) {
  const kind = () => strongest(props.bans, clock())
  const until = () => {
    const times = (props.bans ?? []).map((ban) => ban.until)
    return times.includes(null) ? '' : `, until ${exactTime(Math.max(...times.map(Number)))}`
  }
  return (
    <Show when={kind()}>
      {(shut) => (
        <span class={styles.badge} title={`${WORDS[shut()].means}${until()}`}>
          {WORDS[shut()].word}
        </span>
      )}
    </Show>
  )
}
