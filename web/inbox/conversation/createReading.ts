import { type Accessor, createEffect, createSignal, untrack } from 'solid-js'
import type { LiveConversation } from '../../lib/createConversation.ts'
import type { Rows } from '../list/createRows.ts'

export interface Reading {
  /** The public number after which everything was new when the conversation was opened; null where nothing was. */
  newAfter: Accessor<number | null>
  /** The end was on the screen, with this public number as the newest. */
  seen(head: number): void
  /** IB9: holds until the conversation is opened again, however long one looks at it now. */
  markUnread(): void
}

interface ReadingDeps {
  id: string
  live: Pick<LiveConversation, 'state' | 'loaded' | 'seen'>
  rows: Pick<Rows, 'reader' | 'read' | 'markUnread'>
}

/** How far one reads in an open conversation: what was new when it was opened, and the marker that follows the eyes. */
export function createReading({ id, live, rows }: ReadingDeps): Reading {
  const [newAfter, setNewAfter] = createSignal<number | null>(null)
  const [known, setKnown] = createSignal(false)
  const visitorMessages = () => live.state.team?.visitorMessages ?? 0
  let readOnce = false
  let held = false

  // The marker must be known before it is moved: where it stood is what the line in the timeline shows.
  createEffect(() => {
    const reader = rows.reader(id)
    if (untrack(known) || !reader || !live.loaded()) return
    if (reader.public > 0 && reader.visitor < untrack(visitorMessages)) setNewAfter(reader.public)
    setKnown(true)
  })

  function follow(head: number): void {
    // Marked unread in another tab while it is open here: that holds as well.
    if (held || (readOnce && rows.reader(id)?.unread)) return
    readOnce = true
    rows.read(id, head, visitorMessages())
  }

  return {
    newAfter,
    seen: (head) => {
      live.seen(head)
      if (known()) untrack(() => follow(head))
    },
    markUnread: () => {
      held = true
      rows.markUnread(id)
    },
  }
}
