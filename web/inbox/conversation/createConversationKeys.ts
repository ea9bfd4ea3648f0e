import type { LiveConversation } from '../../lib/createConversation.ts'
import { createShortcuts } from '../keyboard/createShortcuts.ts'
import type { Closing } from './createClosing.ts'
import { isSaid, refOf, type Said } from './createMessageActs.ts'
import type { Permissions } from './createPermissions.ts'
import type { Reading } from './createReading.ts'
import type { Standing } from './createStanding.ts'
import type { Writing } from './createWriting.ts'

interface KeysDeps {
  live: LiveConversation
  writing: Writing
  standing: Standing
  permissions: Permissions
  reading: Reading
  closing: Closing
  onAssign(): void
  onDelete(): void
}

/** The keys of an open conversation (IB12). */
export function createConversationKeys({
  live,
  writing,
  standing,
  permissions,
  reading,
  closing,
  onAssign,
  onDelete,
}: KeysDeps): void {
  function focused(): Said | null {
    const ref = document.activeElement?.closest('[data-ref]')?.getAttribute('data-ref')
    return live.entries.find((entry): entry is Said => isSaid(entry) && String(refOf(entry)) === ref) ?? null
  }

  createShortcuts({
    r: () => {
      const said = focused()
      if (said) writing.answer(said)
      else writing.write('reply')
    },
    n: () => writing.write('note'),
    e: () => {
      const status = standing.status()
      if (status === 'closed' && permissions.mayReopen()) live.send({ type: 'reopen' })
      else if (status !== undefined && status !== 'closed') closing.close()
    },
    u: reading.markUnread,
    a: onAssign,
    '#': onDelete,
  })
}
