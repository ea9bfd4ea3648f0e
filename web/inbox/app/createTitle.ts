import { createEffect, onCleanup } from 'solid-js'

/** Names the page in the tab. */
export function createTitle(title: () => string): void {
  createEffect(() => {
    document.title = `${title()} · Foyer`
  })
  onCleanup(() => {
    document.title = 'Foyer'
  })
}
