import { createEffect, on, onCleanup } from 'solid-js'

/** Events come by the hundred; one in this time is enough. */
const NOTICED_EVERY_MS = 5_000

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'focus'] as const

/**
 * Reports `away` after a while hidden or without a touch, and `here` at the first sign of somebody.
 * @param awayAfterMs how long a while is (⚙)
 */
export function createIdleReports(report: (state: 'here' | 'away') => void, awayAfterMs: () => number): void {
  let state: 'here' | 'away' = 'here'
  let noticedAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function become(next: 'here' | 'away'): void {
    if (next === state) return
    state = next
    report(next)
  }

  function notice(): void {
    if (document.visibilityState === 'hidden') return
    if (state === 'here' && Date.now() - noticedAt < NOTICED_EVERY_MS) return
    noticedAt = Date.now()
    wait()
    become('here')
  }

  function wait(): void {
    clearTimeout(timer)
    timer = setTimeout(() => become('away'), awayAfterMs())
  }

  createEffect(on(awayAfterMs, wait))
  for (const sign of SIGNS) addEventListener(sign, notice, { passive: true, capture: true })
  document.addEventListener('visibilitychange', notice)
  onCleanup(() => {
    clearTimeout(timer)
    for (const sign of SIGNS) removeEventListener(sign, notice, { capture: true })
    document.removeEventListener('visibilitychange', notice)
  })
}
