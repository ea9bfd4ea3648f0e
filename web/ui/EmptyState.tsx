import { For, type JSX } from 'solid-js'
import styles from './EmptyState.module.css'

interface EmptyStateProps {
  /** Made of the interface's own shapes: rows of a list, or bubbles of a conversation. */
  drawing: 'rows' | 'bubbles'
  /** One sentence. */
  title: string
  /** One next step. */
  children?: JSX.Element
}

/** Where there is nothing: says so, and what to do next. */
export function EmptyState(props: EmptyStateProps) {
  return (
    <div class={styles.empty}>
      <div class={styles.drawing} data-shape={props.drawing} aria-hidden="true">
        <For each={[1, 2, 3]}>
          {() => (
            <div class={styles.shape}>
              <span />
              <span />
              <span />
            </div>
          )}
        </For>
      </div>
      <h2>{props.title}</h2>
      <p>{props.children}</p>
    </div>
  )
}
