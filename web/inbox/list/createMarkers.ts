/**
 * How far the member who looks has read each conversation (IB9). What the live link told, or this page did itself, is
 * newer than any page of the index; must never let an older answer of the index undo it.
 */
import { createStore } from 'solid-js/store'
import type { Conversation } from '../../../core/api/conversations.ts'
import type { Marker } from '../../../core/protocol/inboxFrames.ts'

export type Reader = Conversation['reader']

export interface Markers {
  /** Undefined where nothing is known yet; reactive. */
  of(id: string): Reader | undefined
  /** Takes what the index says, unless the live link has said something newer. */
  keep(id: string, reader: Reader): void
  hear(list: readonly Marker[]): void
  /** Moves one's own marker forward. False where it already stands there. */
  read(id: string, head: number, visitorMessages: number): boolean
  markUnread(id: string): void
  /** The link is being made anew: what came before it proves nothing any more. */
  startOver(): void
}

export function createMarkers(): Markers {
  const [markers, setMarkers] = createStore<Record<string, Reader>>({})
  const told = new Set<string>()

  // The store writes into the objects it is given: what others hold must not be among them.
  const put = (id: string, reader: Reader) => setMarkers(id, { ...reader })

  function tell(id: string, reader: Reader): void {
    told.add(id)
    put(id, reader)
  }

  return {
    of: (id) => markers[id],
    keep: (id, reader) => {
      if (!told.has(id)) put(id, reader)
    },
    hear: (list) => {
      for (const { id, ...reader } of list) tell(id, reader)
    },
    read: (id, head, visitorMessages) => {
      const known = markers[id]
      if (known && !known.unread && known.public >= head && known.visitor >= visitorMessages) return false
      tell(id, {
        public: Math.max(known?.public ?? 0, head),
        visitor: Math.max(known?.visitor ?? 0, visitorMessages),
        unread: false,
      })
      return true
    },
    markUnread: (id) => tell(id, { ...(markers[id] ?? { public: 0, visitor: 0 }), unread: true }),
    startOver: () => told.clear(),
  }
}
