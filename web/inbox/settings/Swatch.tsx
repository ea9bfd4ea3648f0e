import { createEffect } from 'solid-js'
import styles from './Settings.module.css'

/** A colour to look at; its value stands beside it. */
export function Swatch(props: { colour: string }) {
  let element: HTMLSpanElement | undefined
  createEffect(() => element?.style.setProperty('--colour', props.colour))
  return <span ref={element} class={styles.swatch} aria-hidden="true" />
}
