import { Dynamic } from 'solid-js/web'
import ChevronDown from '~icons/lucide/chevron-down'
import ChevronUp from '~icons/lucide/chevron-up'
import ChevronsUp from '~icons/lucide/chevrons-up'
import Equal from '~icons/lucide/equal'
import type { Priority } from '../../../core/conversation/entries.ts'
import styles from './PriorityMark.module.css'

/** Priorities in words (CV9). */
export const PRIORITY_WORDS: Readonly<Record<Priority, string>> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  urgent: 'Urgent',
}

const ICONS = { low: ChevronDown, medium: Equal, high: ChevronUp, urgent: ChevronsUp }

/** A priority as a small sign; what it means is said beside it, in words. */
export function PriorityMark(props: { priority: Priority }) {
  return (
    <span class={styles.mark} data-priority={props.priority}>
      <Dynamic component={ICONS[props.priority]} aria-hidden="true" />
    </span>
  )
}
