import { onCleanup, onMount } from 'solid-js'
import { useInbox } from '../app/InboxContext.tsx'

/**
 * Runs an action for a single key (lower case), unless one is typing, something lies over the page, a modifier is held,
 * or the member has switched single keys off (WCAG 2.1.4).
 */
export function createShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const { preferences } = useInbox()
  function press(event: KeyboardEvent): void {
    if (!preferences.choices.keys || event.defaultPrevented || event.isComposing) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (isTyping(event.target) || document.querySelector('dialog[open], [popover]:popover-open')) return
    const action = actions[event.key.toLowerCase()]
    if (!action) return
    event.preventDefault()
    action()
  }
  onMount(() => {
    document.addEventListener('keydown', press)
    onCleanup(() => document.removeEventListener('keydown', press))
  })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}
