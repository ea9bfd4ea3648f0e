/**
 * Where a timeline stands: at its end, where it stays while things arrive, or somewhere above, where nothing that
 * arrives above or below may move what is being read.
 */
import { createSignal, onCleanup, onMount } from 'solid-js'

/** This close to the end counts as being there. */
const END_PX = 48
/** Older entries are asked for this far before the top. */
const TOP_PX = 600

interface ScrollOptions {
  /** Names the oldest entry shown: another one means that a page came in above. */
  oldest(): string | null
  onNearTop(): void
}

export function createScroll(options: ScrollOptions) {
  const [atEnd, setAtEnd] = createSignal(true)
  let container: HTMLElement | undefined
  let content: HTMLElement | undefined
  let oldest: string | null = null
  /** Pixels below what is read, which stay the same when a page comes in above. */
  let below = 0
  let size = ''

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

  /** Runs after layout and before painting: no jump is ever seen. */
  function settle(): void {
    if (!container) return
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

  return {
    atEnd,
    toEnd,
    follow,
    container: (element: HTMLElement) => {
      container = element
    },
    content: (element: HTMLElement) => {
      content = element
    },
  }
}
