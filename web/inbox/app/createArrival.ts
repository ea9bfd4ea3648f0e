import { type Accessor, createEffect, on } from 'solid-js'
import type { View } from '../../../core/conversation/filter.ts'
import { isFocusLost } from '../../ui/keepFocus.ts'

/** The pane that shows a conversation, or why there is none. */
export const CONVERSATION_PANE = 'conversation'

/**
 * Where one pane is shown at a time, opening a conversation hides the row that was pressed, and going back the way
 * back: the focus goes along, into the conversation and to its row. Elsewhere it stays where it is.
 */
export function createArrival(view: Accessor<View>, openId: Accessor<string | null>): void {
  createEffect(
    on(
      openId,
      (id, before) => {
        // Once the panes have changed places.
        requestAnimationFrame(() => {
          if (!isFocusLost(document)) return
          const row = `a[href="/dashboard/inbox/${view()}?id=${CSS.escape(before ?? '')}"]`
          const arrived = id ? document.getElementById(CONVERSATION_PANE) : document.querySelector<HTMLElement>(row)
          arrived?.focus()
        })
      },
      { defer: true },
    ),
  )
}
