import { createSignal } from 'solid-js'
import { createMedia } from './createMedia.ts'

// The column stays folded away for all conversations, not only for the one it was folded in.
const [folded, setFolded] = createSignal(false)

/** The details beside a conversation: a column where there is room, else a drawer that one opens. */
export function createPanel() {
  const isColumn = createMedia('(min-width: 1100px)')
  const [drawn, setDrawn] = createSignal(false)
  const open = () => (isColumn() ? !folded() : drawn())
  return {
    isColumn,
    open,
    toggle: () => (isColumn() ? setFolded(open()) : setDrawn(!open())),
  }
}
