import { createUniqueId, type JSX, Show } from 'solid-js'
import styles from './Actions.module.css'

interface ActionButtonProps {
  icon: JSX.Element
  /** Verb first, as all buttons: "Copy link". */
  children: JSX.Element
  /** What it was pressed for is under way. */
  busy?: boolean
  /** What cannot simply be undone, or hurts. */
  tone?: 'danger' | undefined
  /** Why it cannot be done now, and when it can: the button stays where it is, can be reached and says so. */
  barred?: JSX.Element
  onClick(): void
}

/** One action of the section: a button across the panel, with the reason below it where it cannot be used. */
export function ActionButton(props: ActionButtonProps) {
  const reason = createUniqueId()
  const isOff = () => Boolean(props.barred) || Boolean(props.busy)
  return (
    <li>
      <button
        type="button"
        class={styles.action}
        data-busy={props.busy ? '' : undefined}
        data-tone={props.tone}
        aria-disabled={isOff() ? true : undefined}
        aria-describedby={props.barred ? reason : undefined}
        onClick={() => isOff() || props.onClick()}
      >
        {props.icon}
        {props.children}
      </button>
      <Show when={props.barred}>
        {(barred) => (
          <p id={reason} class={styles.reason}>
            {barred()}
          </p>
        )}
      </Show>
    </li>
  )
}
