import { createMemo, createSignal } from 'solid-js'
import { keep, readKept } from '../lib/kept.ts'

const PREFIX = 'foyer-rating:'
/** What was dismissed on this page, for where nothing can be kept. */
const [dismissed, setDismissed] = createSignal<readonly string[]>([])

/**
 * RT1: whether the visitor put a prompt away; so it stays in this browser, and can be taken out again.
 * @param prompt names it
 */
export function createDismissal(prompt: () => string) {
  const isDismissed = createMemo(() => dismissed().includes(prompt()) || readKept(PREFIX + prompt()) !== null)
  const put = (is: boolean): void => {
    keep(PREFIX + prompt(), is ? 'dismissed' : null)
    setDismissed((all) => [...all.filter((one) => one !== prompt()), ...(is ? [prompt()] : [])])
  }
  return { isDismissed, dismiss: () => put(true), recall: () => put(false) }
}
