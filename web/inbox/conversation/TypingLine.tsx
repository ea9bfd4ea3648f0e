import { Show } from 'solid-js'
import { memberOf } from '../../../core/ids.ts'
import type { Typist } from '../../lib/createConversation.ts'
import styles from './TypingLine.module.css'

/** Who is writing right now (DL7). Keeps its place while nobody is, so that nothing moves. */
export function TypingLine(props: { typists: readonly Typist[]; contact: string }) {
  const sentence = () => props.typists.map((typist) => sentenceOf(typist, props.contact)).join(' · ')
  return (
    <p class={styles.typing} role="status">
      <Show when={sentence()}>
        <span class={styles.dots} aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        <bdi dir="ltr">{sentence()}</bdi>
      </Show>
    </p>
  )
}

function sentenceOf({ from, name, in: where }: Typist, contact: string): string {
  if (memberOf(from) === null) return `${contact} is typing…`
  return where === 'note' ? `${name} is writing a note…` : `${name} is replying…`
}
