import { Match, Switch } from 'solid-js'
import { TEXT_COUNTER_FROM, TEXT_MAX, textLength } from '../../../core/conversation/text.ts'
import styles from './TextCount.module.css'

const count = new Intl.NumberFormat()

/**
 * How much of its length a text has used (MS1):
 * said from 1,800 characters on, and past 2,000 by how much it is too long.
 */
export function TextCount(props: { text: string; advice: string }) {
  const length = () => textLength(props.text)
  return (
    <Switch>
      <Match when={length() > TEXT_MAX}>
        <span class={styles.long}>{`Too long by ${count.format(length() - TEXT_MAX)}. ${props.advice}`}</span>
      </Match>
      <Match when={length() >= TEXT_COUNTER_FROM}>
        <span class={styles.count}>{`${count.format(length())} of ${count.format(TEXT_MAX)}`}</span>
      </Match>
    </Switch>
  )
}
