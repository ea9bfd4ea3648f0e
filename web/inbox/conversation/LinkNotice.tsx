import { createEffect, createSignal, Match, onCleanup, Switch } from 'solid-js'
import type { LinkState } from '../../lib/connection.ts'
import styles from './LinkNotice.module.css'

/** A link that is made within this time was never worth a word. */
const QUIET_MS = 600

interface LinkNoticeProps {
  state: LinkState
  /** What it means for the reader that the link is down. */
  meaning?: string
  onRetry(): void
}

/** How the live link stands, in words, whenever it is not up; nothing while it is. */
export function LinkNotice(props: LinkNoticeProps) {
  const [late, setLate] = createSignal(false)
  createEffect(() => {
    if (props.state === 'live') return setLate(false)
    const timer = setTimeout(() => setLate(true), QUIET_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <span role="status" class={styles.notice} data-long={props.meaning ? '' : undefined}>
      <Switch>
        <Match when={late() && props.state === 'connecting'}>
          <span class={styles.state}>Connecting…</span> {props.meaning}
        </Match>
        <Match when={late() && props.state === 'waiting'}>
          <span class={styles.state}>Reconnecting…</span> {props.meaning}{' '}
          <button type="button" class={styles.retry} onClick={() => props.onRetry()}>
            Try now
          </button>
        </Match>
        <Match when={props.state === 'unauthorized'}>
          <span class={styles.state}>Signed out.</span> {props.meaning}
        </Match>
        <Match when={props.state === 'closed'}>
          <span class={styles.state}>Not connected</span>{' '}
          <button type="button" class={styles.retry} onClick={() => props.onRetry()}>
            Connect
          </button>
        </Match>
      </Switch>
    </span>
  )
}
