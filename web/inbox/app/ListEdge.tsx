import { createSignal } from 'solid-js'
import { keep, readKept } from '../../lib/kept.ts'
import styles from './InboxPage.module.css'

const NARROWEST_PX = 280
const WIDEST_PX = 520
const USUAL_PX = 340
const STEP_PX = 16
const KEY = 'foyer-list-width'

const [width, setWidth] = createSignal(stored())

/** The width of the list in pixels, as it was left. */
export const listWidth = width

/**
 * The edge between list and conversation: dragged, moved with the arrow keys, or, for who cannot drag, clicked twice:
 * on to the next of three widths.
 */
export function ListEdge() {
  let from: { x: number; width: number } | null = null

  function take(next: number) {
    setWidth(within(next))
    keep(KEY, String(width()))
  }

  function goOn() {
    take([USUAL_PX, WIDEST_PX].find((px) => px > width()) ?? NARROWEST_PX)
  }

  function press(event: KeyboardEvent) {
    const by = { ArrowLeft: -STEP_PX, ArrowRight: STEP_PX }[event.key]
    if (by === undefined) return
    event.preventDefault()
    take(width() + by)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved
    <div
      class={styles.edge}
      role="separator"
      tabindex="0"
      aria-label="Width of the list"
      aria-orientation="vertical"
      aria-valuemin={NARROWEST_PX}
      aria-valuemax={WIDEST_PX}
      aria-valuenow={width()}
      onKeyDown={press}
      onDblClick={goOn}
      onPointerDown={(event) => {
        from = { x: event.clientX, width: width() }
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => from && take(from.width + event.clientX - from.x)}
      onPointerUp={() => {
        from = null
      }}
      onPointerCancel={() => {
        from = null
      }}
    />
  )
}

function within(px: number): number {
  return Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, px)))
}

function stored(): number {
  return within(Number(readKept(KEY)) || USUAL_PX)
}
