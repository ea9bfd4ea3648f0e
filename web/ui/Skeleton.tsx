import { createSignal, For, onCleanup, onMount, Show } from 'solid-js'
import styles from './Skeleton.module.css'

/** What arrives sooner needs no skeleton: a flash would only disturb. */
const AFTER_MS = 150

interface SkeletonProps {
  /** What is loading, for screen readers. */
  label: string
  rows: number
  shape: 'row' | 'bubble' | 'line'
}

/** Grey shapes in the place of what is loading. */
export function Skeleton(props: SkeletonProps) {
  const [late, setLate] = createSignal(false)
  onMount(() => {
    const timer = setTimeout(() => setLate(true), AFTER_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <div class={styles.skeleton} data-shape={props.shape} role="status" aria-label={props.label}>
      <Show when={late()}>
        <For each={Array.from({ length: props.rows }, (_, index) => index)}>
          {() => (
            <div class={styles.item}>
              <span />
              <span />
              <span />
            </div>
          )}
        </For>
      </Show>
    </div>
  )
}
