import { createEffect, createSignal, onCleanup } from 'solid-js'

const [waiting, setWaiting] = createSignal('')

/** Puts the number of unread conversations before every title (IB7); empty for none. */
export const countInTitle = setWaiting

/** Names the page in the tab. */
export function createTitle(title: () => string): void {
  createEffect(() => {
    document.title = `${waiting() && `(${waiting()}) `}${title()} · Foyer`
  })
  onCleanup(() => {
    document.title = 'Foyer'
  })
}
