import { type ConversationId, isConversationId } from '../../core/ids.ts'

/** What the browser remembers of a visitor between two pages. */
export interface Kept {
  token?: string
  conversation?: ConversationId
  /** The workspace's name, to greet with before the server has answered. */
  workspace?: string
}

export interface Keep {
  read(): Kept
  /** Replaces all that was kept. */
  write(kept: Kept): void
}

/**
 * The frame's own storage, one entry per channel. Browsers that block the storage of embedded pages throw at every
 * access: then the visit lives in memory, and ends with the page.
 */
export function createKeep(channel: string): Keep {
  const key = `foyer:${channel}`
  let memory: Kept = {}
  return {
    read: () => {
      try {
        return parseKept(localStorage.getItem(key))
      } catch {
        return memory
      }
    },
    write: (kept) => {
      memory = kept
      try {
        localStorage.setItem(key, JSON.stringify(kept))
      } catch {
        // Blocked or full: memory has it.
      }
    },
  }
}

function parseKept(text: string | null): Kept {
  const found: unknown = JSON.parse(text ?? '{}')
  const kept: Kept = {}
  if (typeof found !== 'object' || found === null) return kept
  if ('token' in found && typeof found.token === 'string') kept.token = found.token
  if ('workspace' in found && typeof found.workspace === 'string') kept.workspace = found.workspace
  if ('conversation' in found && typeof found.conversation === 'string' && isConversationId(found.conversation)) {
    kept.conversation = found.conversation
  }
  return kept
}
