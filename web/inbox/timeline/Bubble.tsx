import { For, type JSX, Show } from 'solid-js'
import Lock from '~icons/lucide/lock'
import { linkify } from '../../lib/linkify.ts'
import styles from './Bubble.module.css'

interface BubbleProps {
  kind: 'visitor' | 'agent' | 'note'
  author: string
  text: string
  /** The exact time, on hover. */
  title?: string
  first: boolean
  last: boolean
  /** Not yet stored, or refused. */
  state?: 'sending' | 'refused'
  /** What stands below it. */
  children?: JSX.Element
}

/** What somebody said: visitors left, the team right, notes across with a lock. */
export function Bubble(props: BubbleProps) {
  return (
    <div
      class={styles.line}
      data-kind={props.kind}
      data-first={props.first ? '' : undefined}
      data-last={props.last ? '' : undefined}
      data-state={props.state}
    >
      <div class={styles.bubble} title={props.title}>
        <Show when={props.kind === 'note'}>
          <Lock aria-hidden="true" />
        </Show>
        <span class="visuallyHidden">
          {props.kind === 'note' ? `Internal note by ${props.author}: ` : `${props.author}: `}
        </span>
        <p dir="auto">
          <For each={linkify(props.text)}>
            {(piece) => (
              <Show when={piece.href} fallback={piece.text}>
                {(href) => (
                  <a href={href()} target="_blank" rel="noopener noreferrer nofollow">
                    {piece.text}
                  </a>
                )}
              </Show>
            )}
          </For>
        </p>
      </div>
      <div class={styles.foot}>{props.children}</div>
    </div>
  )
}
