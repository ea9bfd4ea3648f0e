import { Show } from 'solid-js'
import { Button } from '../../ui/Button.tsx'
import type { createPages } from './createPages.ts'
import styles from './Settings.module.css'

/** Below a long list: the next page of it, where there is one. */
export function MorePages(props: { pages: Pick<ReturnType<typeof createPages>, 'hasMore' | 'busy' | 'more'> }) {
  return (
    <Show when={props.pages.hasMore()}>
      <div class={styles.more}>
        <Button busy={props.pages.busy()} onClick={() => void props.pages.more()}>
          Load more
        </Button>
      </div>
    </Show>
  )
}
