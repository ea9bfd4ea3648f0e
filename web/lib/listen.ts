import { onCleanup } from 'solid-js'

/** Listens to events of a target for as long as the owning component or effect lives. */
export function listen(target: EventTarget, types: readonly string[], hear: (event: Event) => void): void {
  for (const type of types) {
    target.addEventListener(type, hear)
    onCleanup(() => target.removeEventListener(type, hear))
  }
}
