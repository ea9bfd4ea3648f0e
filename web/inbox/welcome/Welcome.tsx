import type { JSX } from 'solid-js'
import { Logo } from './Logo.tsx'
import styles from './Welcome.module.css'

/** The page around everything that happens before one is signed in. */
export function Welcome(props: { title: string; lead?: JSX.Element; wide?: boolean; children: JSX.Element }) {
  return (
    <main class={styles.page}>
      <div class={styles.card} data-wide={props.wide ? '' : undefined}>
        <div class={styles.brand}>
          <Logo />
          Foyer
        </div>
        <div class={styles.title}>
          <h1>{props.title}</h1>
          {props.lead && <p>{props.lead}</p>}
        </div>
        {props.children}
      </div>
    </main>
  )
}
