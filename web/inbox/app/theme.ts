/** Light or dark. The choice is kept in this browser; without one the system decides, by `color-scheme` alone. */
import { createSignal } from 'solid-js'
import { keep, readKept } from '../../lib/kept.ts'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'foyer-theme'

const [chosen, setChosen] = createSignal<Theme>(stored())

/** The theme chosen in this browser. */
export const theme = chosen

/** Sets the stored choice on the page; called before the first render. */
export function applyStoredTheme(): void {
  apply(chosen())
  // Another tab of the dashboard follows at once.
  addEventListener('storage', (event) => {
    if (event.key !== KEY) return
    setChosen(stored())
    apply(chosen())
  })
}

/** Shows a theme at once, and keeps the choice in this browser. */
export function chooseTheme(next: Theme): void {
  setChosen(next)
  apply(next)
  keep(KEY, next === 'system' ? null : next)
}

function apply(next: Theme): void {
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
}

function stored(): Theme {
  const kept = readKept(KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}
