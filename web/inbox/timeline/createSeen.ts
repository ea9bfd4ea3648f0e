import { createEffect, createSignal, onCleanup } from 'solid-js'

interface SeenOptions {
  /** The newest public number, 0 while nothing is shown. */
  head(): number
  /** Whether the end of the timeline is on the screen. */
  atEnd(): boolean
  onSeen(n: number): void
}

/** Reports what has been read: the end was on the screen, in a tab that is visible and has the focus (IB9). */
export function createSeen(options: SeenOptions): void {
  const [looked, setLooked] = createSignal(isLooked())
  const look = () => setLooked(isLooked())
  addEventListener('focus', look)
  addEventListener('blur', look)
  document.addEventListener('visibilitychange', look)
  onCleanup(() => {
    removeEventListener('focus', look)
    removeEventListener('blur', look)
    document.removeEventListener('visibilitychange', look)
  })
  createEffect(() => {
    const head = options.head()
    if (head > 0 && looked() && options.atEnd()) options.onSeen(head)
  })
}

function isLooked(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}
