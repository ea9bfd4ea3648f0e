import { createEffect, createSignal } from 'solid-js'
import type { LiveConversation } from '../../lib/createConversation.ts'

interface JumpDeps {
  live: Pick<LiveConversation, 'entries' | 'hasOlder' | 'loadingOlder' | 'loadOlder'>
  container(): HTMLElement | undefined
  /** Brings it onto the screen. */
  reveal(element: HTMLElement): void
}

/** The element of an entry in a timeline, or null while it is not shown. */
export function lineOf(container: HTMLElement | undefined, ref: string): HTMLElement | null {
  return container?.querySelector<HTMLElement>(`[data-ref="${CSS.escape(ref)}"]`) ?? null
}

/** Answers a function that leads to an entry, loading older pages until it is there. */
export function createJump({ live, container, reveal }: JumpDeps): (ref: string) => void {
  const [target, setTarget] = createSignal<string | null>(null)

  function arrive(line: HTMLElement): void {
    setTarget(null)
    reveal(line)
    line.focus({ preventScroll: true })
    line.dataset['found'] = ''
    line.addEventListener('animationend', () => delete line.dataset['found'], { once: true })
  }

  createEffect(() => {
    const ref = target()
    // Each page is looked through once it is rendered.
    if (ref === null || live.entries.length === 0) return
    const line = lineOf(container(), ref)
    if (line) arrive(line)
    else if (!live.hasOlder()) setTarget(null)
    else if (!live.loadingOlder()) live.loadOlder()
  })

  return setTarget
}
