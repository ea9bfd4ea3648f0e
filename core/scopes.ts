/**
 * What an API key may be given (AP1): one closed list, a scope per resource and direction. Members, groups, keys and
 * the audit log are changed by people alone.
 */
import type { Command } from './conversation/command.ts'

export const SCOPES = [
  'conversations:read',
  'conversations:write',
  'conversations:delete',
  'messages:write',
  'notes:read',
  'notes:write',
  'transcripts:write',
  'ratings:read',
  'ratings:write',
  'contacts:read',
  'contacts:write',
  'bans:read',
  'bans:write',
  'channels:read',
  'channels:write',
  'senders:read',
  'senders:write',
  'members:read',
] as const
export type Scope = (typeof SCOPES)[number]

/** Each scope as people read it. */
export const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  'conversations:read': 'List conversations and read what their visitors can read.',
  'conversations:write': 'Start, assign, prioritise, close and reopen conversations, and let members follow them.',
  'conversations:delete': 'Delete conversations for good, and undo that while it can be undone.',
  'messages:write': 'Write to visitors, and edit or delete what the key wrote.',
  'notes:read': 'Read the notes of the team and everything else that visitors do not see.',
  'notes:write': 'Write notes for the team.',
  'transcripts:write': 'Mail transcripts, and read to whom they went and what became of them.',
  'ratings:read': 'Read ratings with their comments, and the report on satisfaction.',
  'ratings:write': 'Ask visitors for a rating, and score conversations.',
  'contacts:read': 'Read names and email addresses of contacts.',
  'contacts:write': 'Change names and email addresses of contacts.',
  'bans:read': 'Read who is banned or blocked, and why.',
  'bans:write': 'Ban and block visitors, and lift it again.',
  'channels:read': 'Read the channels.',
  'channels:write': 'Add and change channels.',
  'senders:read': 'Read the addresses that transcripts are sent from.',
  'senders:write': 'Add such addresses, verify them by the code that is mailed to them, and remove them.',
  'members:read': 'Read the names, email addresses and roles of members, and the names of programs.',
}

/** The scope that a command takes, or null where no key may ask for it. */
export function scopeOf(command: Command): Scope | null {
  switch (command.type) {
    case 'send_message':
    case 'edit_message':
    case 'delete_message':
      return 'messages:write'
    case 'add_note':
      return 'notes:write'
    case 'send_transcript':
    case 'retry_transcript':
      return 'transcripts:write'
    case 'assign':
    case 'add_collaborator':
    case 'remove_collaborator':
    case 'set_priority':
    case 'set_status':
    case 'close':
    case 'reopen':
      return 'conversations:write'
    case 'request_rating':
    case 'score_conversation':
      return 'ratings:write'
    case 'delete':
    case 'restore':
      return 'conversations:delete'
    // Beginnings are the visitor's own words, accepting is a member's,
    // and releasing, settling and telling the system's.
    case 'start':
    case 'continue_in':
    case 'hand_off':
    case 'submit_rating':
    case 'accept':
    case 'release':
    case 'settle_transcript':
    case 'tell_ban':
      return null
  }
}
