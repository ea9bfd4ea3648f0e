/** The arrow keys lead from message to message, the first of them to the newest; what is typed into is left alone. */
export function stepThrough(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
  const { target } = event
  if (by === undefined || !(target instanceof HTMLElement) || target.matches('textarea, input')) return
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-ref]')]
  const at = lines.findIndex((line) => line.contains(target))
  const next = at < 0 ? lines.at(-1) : lines[at + by]
  if (!next) return
  event.preventDefault()
  next.focus()
}
