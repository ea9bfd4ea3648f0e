import { type JSX, Show } from 'solid-js'
import styles from './Avatar.module.css'

const HUES = 8

interface AvatarProps {
  name: string
  /** What the colour is derived from: it stays when the name changes. */
  id: string
  size?: 'small' | 'medium'
  /** Whether they are there, as a dot; the words for it stand beside or in a title. */
  dot?: 'available' | 'away' | 'offline' | undefined
  /** A small sign at its foot: where somebody writes from. */
  glyph?: JSX.Element
}

/** Initials on a colour that is always the same for the same id. Decoration: the name stands beside it. */
export function Avatar(props: AvatarProps) {
  return (
    // The letters come from the stylesheet: as text they would stand in the name of a button around it.
    <span
      class={styles.avatar}
      data-hue={hueOf(props.id)}
      data-size={props.size ?? 'medium'}
      data-initials={initials(props.name)}
      data-dot={props.dot}
      aria-hidden="true"
    >
      <Show when={props.glyph}>
        <span class={styles.glyph}>{props.glyph}</span>
      </Show>
    </span>
  )
}

/** The first letters of the first and the last word, in any script. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters.map((word) => firstCharacter(word ?? '')).join('')
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

// A letter with its accents, or a whole emoji, is more than one unit.
function firstCharacter(word: string): string {
  const [first] = graphemes.segment(word.replace(/^[\p{P}\p{Sc}\p{Sk}\p{Sm}]+(?=.)/u, ''))
  return (first?.segment ?? '').toLocaleUpperCase()
}

function hueOf(id: string): number {
  let sum = 0
  for (let i = 0; i < id.length; i += 1) sum = (sum * 31 + id.charCodeAt(i)) % 65521
  return sum % HUES
}
