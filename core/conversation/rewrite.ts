/** What an edit or a deletion makes of the message it refers to (MS8). The widget ships it. */
import type { Entry, MessageEntry } from './entries.ts'

/** The message after an edit or deletion of it; any other entry leaves it as it is. */
export function rewritten(message: MessageEntry, by: Entry): MessageEntry {
  if (by.type === 'message.edited') return withBody(message, { text: by.body.text, editedAt: by.at })
  if (by.type !== 'message.deleted') return message
  return withBody(message, { text: '', deletedAt: by.at })
}

function withBody(message: MessageEntry, change: Partial<MessageEntry['body']>): MessageEntry {
  // What was deleted stays so, whatever an older edit that is replayed says.
  if (message.body.deletedAt !== undefined) return message
  return { ...message, body: { ...message.body, ...change } }
}

/** The number of the message that an entry edits or deletes, or null. */
export function rewrites(entry: Entry): number | null {
  return entry.type === 'message.edited' || entry.type === 'message.deleted' ? entry.body.ref : null
}
