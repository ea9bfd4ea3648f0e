import { A } from '@solidjs/router'
import styles from './page.module.css'

/** An address of the dashboard that leads nowhere. */
export function NotFound() {
  return (
    <main class={styles.lone}>
      <h1>There is nothing at this address</h1>
      <p>
        It may have been mistyped. <A href="/inbox/all">Open the inbox</A>
      </p>
    </main>
  )
}
