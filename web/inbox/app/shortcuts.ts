import { onCleanup, onMount } from 'solid-js'

/** Runs an action for a single key (lower case), unless one is typing, a dialog is open, or a modifier is held. */
export function createShortcuts(actions: Readonly<Record<string, () => void>>): void {
  function press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
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
