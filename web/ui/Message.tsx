import type { JSX } from 'solid-js'
import styles from './Message.module.css'

/** A sentence that matters, in its place in the page: what happened and what to do. */
export function Message(props: { tone: 'bad' | 'warn' | 'good' | 'plain'; children: JSX.Element }) {
  return (
    <div class={styles.message} data-tone={props.tone} role={props.tone === 'bad' ? 'alert' : undefined}>
      {props.children}
    </div>
  )
}
