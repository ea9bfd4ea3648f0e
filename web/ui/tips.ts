/**
 * Tooltips for who moves the focus by keys (base.css). `:focus-visible` alone would show them wherever a script puts
 * the focus as well: on what a dialog begins with, and on what had it before.
 */
const MOVES = /^(Tab|Arrow|Home$|End$)/
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta']

/**
 * Keeps on the root whether a key that moves the focus was the last thing the person did, and whether Escape has put
 * away what a resting pointer brought up: until it moves on to something else.
 */
export function watchFocusKeys(root: HTMLElement): void {
  const { ownerDocument: page } = root
  const keep = (moved: boolean) => root.toggleAttribute('data-focus-moved', moved)
  const putAway = (away: boolean) => root.toggleAttribute('data-tips-away', away)
  const press = ({ key }: KeyboardEvent) => {
    if (MODIFIERS.includes(key)) return
    keep(MOVES.test(key))
    putAway(key === 'Escape')
  }
  page.addEventListener('keydown', press, true)
  page.addEventListener('pointerdown', () => keep(false), true)
  page.addEventListener('pointerover', () => putAway(false), true)
}
