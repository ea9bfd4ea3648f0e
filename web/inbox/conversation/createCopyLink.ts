import type { ConversationId } from '../../../core/ids.ts'
import { createCopy } from './createCopy.ts'

/** Copies the link to a conversation (LK1): the same for everybody, whatever view one copies it from. */
export function createCopyLink(): (id: ConversationId) => void {
  const copy = createCopy()
  return (id) => void copy(`${location.origin}/dashboard/inbox/all?id=${id}`, 'Link copied.')
}
