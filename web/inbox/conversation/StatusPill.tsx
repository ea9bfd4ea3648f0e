import type { Status } from '../../../core/conversation/entries.ts'
import { STATUS_WORDS } from '../list/preview.ts'
import styles from './StatusPill.module.css'

/** How a conversation stands, in a word (CV2). */
export function StatusPill(props: { status: Status }) {
  return (
    <span class={styles.pill} data-status={props.status}>
      {STATUS_WORDS[props.status]}
    </span>
  )
}
