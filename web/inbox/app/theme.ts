/** Light or dark. The choice is kept in this browser; without one the system decides, by `color-scheme` alone. */
import { createSignal } from 'solid-js'

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
  try {
    if (next === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  } catch {
    // Storage is denied: the choice holds for this page.
  }
}

function apply(next: Theme): void {
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
}

function stored(): Theme {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}
