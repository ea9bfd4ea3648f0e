import { createMemo, createSignal } from 'solid-js'

const PREFIX = 'foyer-rating:'
/** What was dismissed on this page, for where nothing can be kept. */
const [dismissed, setDismissed] = createSignal<readonly string[]>([])

/**
 * RT1: whether the visitor put a prompt away; so it stays in this browser, and can be taken out again.
 * @param prompt names it
 */
export function createDismissal(prompt: () => string) {
  const isDismissed = createMemo(() => dismissed().includes(prompt()) || kept(prompt()))
  const keep = (is: boolean): void => {
    try {
      if (is) localStorage.setItem(PREFIX + prompt(), 'dismissed')
      else localStorage.removeItem(PREFIX + prompt())
    } catch {
      // Storage is denied: then it holds for this page.
    }
    setDismissed((all) => [...all.filter((one) => one !== prompt()), ...(is ? [prompt()] : [])])
  }
  return { isDismissed, dismiss: () => keep(true), recall: () => keep(false) }
}

function kept(prompt: string): boolean {
  try {
    return localStorage.getItem(PREFIX + prompt) !== null
  } catch {
    return false
  }
}
