import ChevronsUpDown from '~icons/lucide/chevrons-up-down'
import styles from './FactMenu.module.css'

/** Whose conversation it is, and the way to the window that gives it to another (CV6). */
export function AssigneeButton(props: { name: string; onAssign(): void }) {
  return (
    <span class={styles.menu}>
      <button
        type="button"
        class={styles.button}
        aria-label={`Assignee: ${props.name}`}
        aria-haspopup="dialog"
        onClick={() => props.onAssign()}
      >
        <span class={styles.current}>
          <bdi>{props.name}</bdi>
          <ChevronsUpDown aria-hidden="true" />
        </span>
      </button>
    </span>
  )
}
