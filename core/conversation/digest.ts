/**
 * How a repeat is told from a conflict (DL2). What a command said stands in its entry, and is compared there while it
 * does; of what may be erased later, and of all that is no message, a digest is kept.
 */
import type { Command } from './command.ts'
import type { Entry, EntryRef } from './entries.ts'
import { normaliseText } from './text.ts'

/** What a message or a note says when it is written. */
export interface Said {
  type: 'message.created' | 'note.created'
  text: string
  quote?: EntryRef | undefined
}

/** What the entry that carries the client id says, where a command writes one. */
export function saidBy(command: Command): Said | null {
  switch (command.type) {
    case 'start':
      return { type: 'message.created', text: normaliseText(command.text) }
    case 'send_message':
      return { type: 'message.created', text: normaliseText(command.text), quote: command.quote }
    case 'add_note':
      return { type: 'note.created', text: normaliseText(command.text), quote: command.quote }
    default:
      return null
  }
}

/** What an entry says, as long as it was not edited or deleted. */
export function saidIn(entry: Entry): Said | null {
  if (entry.type !== 'message.created' && entry.type !== 'note.created') return null
  return { type: entry.type, text: entry.body.text, quote: entry.body.quote }
}

/** Equal for equal content, whatever the order of its keys. */
export function canonical(content: Command | Said): string {
  return JSON.stringify(
    Object.entries(content)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
