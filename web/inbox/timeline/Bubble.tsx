import { createSignal, For, type JSX, Show } from 'solid-js'
import Lock from '~icons/lucide/lock'
import { linkify } from '../../lib/linkify.ts'
import styles from './Bubble.module.css'

interface BubbleProps {
  kind: 'visitor' | 'agent' | 'assistant' | 'note'
  author: string
  text: string
  /** How the entry is referred to; absent while it is not stored. */
  anchor?: string
  /** The exact time, on hover. */
  title?: string
  first: boolean
  last: boolean
  /** Not yet stored, refused, or deleted, now or in a moment. */
  state?: 'sending' | 'refused' | 'deleted' | undefined
  /** What it answers, above the text. */
  quote?: JSX.Element
  /** The editor stands in place of the text. */
  editing?: boolean
  editor?: JSX.Element
  /** What can be done with it, shown while one points at it or it has the focus. */
  tools?: JSX.Element
  /** What stands below it. */
  children?: JSX.Element
}

/** What somebody said: visitors left, the team and its assistant right, notes across with a lock. */
export function Bubble(props: BubbleProps) {
  const [hovered, setHovered] = createSignal(false)
  const [focused, setFocused] = createSignal(false)
  return (
    <div
      class={styles.line}
      data-kind={props.kind}
      data-first={props.first ? '' : undefined}
      data-last={props.last ? '' : undefined}
      data-state={props.state}
      data-ref={props.anchor}
      tabindex={props.anchor ? -1 : undefined}
      // Read out once, when it is stored.
      aria-live={props.anchor ? undefined : 'off'}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocusIn={() => setFocused(true)}
      onFocusOut={(event) => setFocused(event.currentTarget.contains(asNode(event.relatedTarget)))}
    >
      <div class={styles.body}>
        <div class={styles.bubble} title={props.title}>
          <Show when={props.kind === 'note'}>
            <Lock aria-hidden="true" />
          </Show>
          <div class={styles.said}>
            {props.quote}
            <span class="visuallyHidden">
              {props.kind === 'note' ? `Internal note by ${props.author}: ` : `${props.author}: `}
            </span>
            <Show when={props.editing} fallback={<Words text={props.text} />}>
              {props.editor}
            </Show>
          </div>
        </div>
        <Show when={(hovered() || focused()) && props.tools}>
          <div class={styles.tools} aria-live="off">
            {props.tools}
          </div>
        </Show>
      </div>
      <div class={styles.foot} aria-live="off">
        {props.children}
      </div>
    </div>
  )
}

/** A text with its links; never markup (MS9). */
function Words(props: { text: string }) {
  return (
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
  )
}

function asNode(target: EventTarget | null): Node | null {
  return target instanceof Node ? target : null
}
