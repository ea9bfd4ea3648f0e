/**
 * Where a timeline stands: at its end, where it stays while things arrive, or somewhere above, where nothing that
 * arrives above or below may move what is being read. Remembers the place where it was left.
 */
import { createSignal, onCleanup, onMount } from 'solid-js'
import { lineOf } from './createJump.ts'

/** This close to the end counts as being there. */
const END_PX = 48
/** Older entries are asked for this far before the top. */
const TOP_PX = 600

/** The first entry that was on the screen, and how far below the upper edge. */
export interface Place {
  ref: string
  offset: number
}

interface ScrollOptions {
  /** Names the oldest entry shown: another one means that a page came in above. */
  oldest(): string | null
  onNearTop(): void
  /** Where it was left last time; the end otherwise. */
  place: Place | undefined
  /** It is left, not at its end (a place) or there (undefined). */
  onLeave(place: Place | undefined): void
}

export function createScroll(options: ScrollOptions) {
  const [atEnd, setAtEnd] = createSignal(true)
  let container: HTMLElement | undefined
  let content: HTMLElement | undefined
  let oldest: string | null = null
  /** Pixels below what is read, which stay the same when a page comes in above. */
  let below = 0
  let size = ''
  let place = options.place

  const sizeNow = () => `${container?.clientHeight} ${container?.scrollHeight}`

  function follow(): void {
    if (!container) return
    // Something grew or shrank, and the browser moved the content for it: nobody scrolled.
    if (size !== sizeNow()) {
      settle()
      return
    }
    below = container.scrollHeight - container.scrollTop
    setAtEnd(below - container.clientHeight < END_PX)
    if (container.scrollTop < TOP_PX) options.onNearTop()
  }

  function toEnd(): void {
    setAtEnd(true)
    if (container) container.scrollTop = container.scrollHeight
  }

  function standAt(top: number): void {
    if (!container) return
    container.scrollTop = top
    below = container.scrollHeight - container.scrollTop
    size = sizeNow()
    setAtEnd(below - container.clientHeight < END_PX)
  }

  function reveal(line: HTMLElement): void {
    if (!container) return
    const middle = (container.clientHeight - line.offsetHeight) / 2
    standAt(container.scrollTop + offsetOf(line, container) - Math.max(16, middle))
  }

  /** Once the first page is shown: back to where it was left, if that is among it. */
  function restore(): void {
    if (!place || !container || options.oldest() === null) return
    const line = lineOf(container, place.ref)
    if (line) standAt(container.scrollTop + offsetOf(line, container) - place.offset)
    place = undefined
  }

  /** Runs after layout and before painting: no jump is ever seen. */
  function settle(): void {
    if (!container) return
    restore()
    const olderCame = oldest !== null && options.oldest() !== oldest
    oldest = options.oldest()
    size = sizeNow()
    if (atEnd()) container.scrollTop = container.scrollHeight
    else if (olderCame) container.scrollTop = container.scrollHeight - below
    below = container.scrollHeight - container.scrollTop
    // A first page may not fill the screen.
    if (container.scrollTop < TOP_PX) options.onNearTop()
  }

  onMount(() => {
    const observer = new ResizeObserver(settle)
    if (container) observer.observe(container)
    if (content) observer.observe(content)
    onCleanup(() => observer.disconnect())
  })
  // The elements are still in the page when their owner is cleaned up.
  onCleanup(() => options.onLeave(atEnd() ? undefined : placeIn(container)))

  return {
    atEnd,
    toEnd,
    follow,
    reveal,
    element: () => container,
    container: (element: HTMLElement) => {
      container = element
    },
    content: (element: HTMLElement) => {
      content = element
    },
  }
}

/** The first entry that can be seen. */
function placeIn(container: HTMLElement | undefined): Place | undefined {
  const edge = container?.getBoundingClientRect().top ?? 0
  for (const line of container?.querySelectorAll<HTMLElement>('[data-ref]') ?? []) {
    const { top, bottom } = line.getBoundingClientRect()
    const ref = line.dataset['ref']
    if (bottom > edge && ref) return { ref, offset: top - edge }
  }
  return undefined
}

/** Pixels from the upper edge of what one sees to a line. */
function offsetOf(line: HTMLElement, container: HTMLElement): number {
  return line.getBoundingClientRect().top - container.getBoundingClientRect().top
}
