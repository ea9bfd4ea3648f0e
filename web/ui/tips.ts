/**
 * Tooltips for who moves the focus by keys (base.css). `:focus-visible` alone would show them wherever a script puts
 * the focus as well: on what a dialog begins with, and on what had it before.
 */
const MOVES = /^(Tab|Arrow|Home$|End$)/
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta']

/** Keeps on the root whether a key that moves the focus was the last thing the person did. */
export function watchFocusKeys(root: HTMLElement): void {
  const { ownerDocument: page } = root
  const keep = (moved: boolean) => root.toggleAttribute('data-focus-moved', moved)
  page.addEventListener('keydown', ({ key }) => MODIFIERS.includes(key) || keep(MOVES.test(key)), true)
  page.addEventListener('pointerdown', () => keep(false), true)
}
