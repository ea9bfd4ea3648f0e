import { contactName } from '../../../core/contactName.ts'
import type { Status } from '../../../core/conversation/entries.ts'
import { type Author, authorKind, memberOf } from '../../../core/ids.ts'
import type { InboxRow } from './rows.ts'

/** How a contact is called: by the name they gave, else by a stable one made from the id (CP3). */
export function nameOfContact(contact: InboxRow['contact']): string {
  return contact.name ?? contactName(contact.id)
}

/** The last message on one line, with who wrote it unless it was the visitor. */
export function previewOf(
  row: InboxRow,
  me: string,
  nameOf: (member: string) => string,
  program: (author: Author) => string,
): string {
  const last = row.lastMessage
  if (!last) return 'No messages yet'
  if (last.text === '') return 'This message was deleted'
  if (authorKind(last.author) === 'visitor') return last.text
  if (authorKind(last.author) === 'key') return `${program(last.author)}: ${last.text}`
  if (authorKind(last.author) === 'assistant') return `AI: ${last.text}`
  const member = memberOf(last.author)
  if (member === me) return `You: ${last.text}`
  return member === null ? last.text : `${nameOf(member)}: ${last.text}`
}

/** Statuses in words, as the team reads them (CV2). */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  active_ai: 'Active with AI',
  waiting_human: 'Waiting',
  active_human: 'Active',
  awaiting_offline_info: 'Awaiting details',
  closed: 'Resolved',
}
