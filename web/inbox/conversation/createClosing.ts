import { type Accessor, createSignal } from 'solid-js'
import type { LiveConversation } from '../../lib/createConversation.ts'
import type { Permissions } from './createPermissions.ts'

export interface Closing {
  /**
   * Closes the conversation; where that cannot be undone, asks first (CV4).
   * @param by how it is closed; left out: over the socket
   */
  close(by?: () => void): void
  /** Whether one is being asked if it is meant. */
  asked: Accessor<boolean>
  finish(): void
  cancel(): void
}

/** The way to close a conversation, of the header, of the menu and of keys alike. */
export function createClosing(
  live: Pick<LiveConversation, 'send'>,
  permissions: Pick<Permissions, 'closesForGood'>,
): Closing {
  const [meant, setMeant] = createSignal<(() => void) | null>(null)
  return {
    close: (by = () => live.send({ type: 'close' })) => {
      if (permissions.closesForGood()) setMeant(() => by)
      else by()
    },
    asked: () => meant() !== null,
    finish: () => {
      const close = meant()
      setMeant(null)
      close?.()
    },
    cancel: () => setMeant(null),
  }
}
