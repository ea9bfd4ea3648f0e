import { type ConversationId, isConversationId } from '../../core/ids.ts'
import { isRecord } from '../lib/isRecord.ts'
import type { HostLink } from './hostLink.ts'

/** What the browser remembers of a visitor between two pages. */
export interface Kept {
  token?: string
  /** The conversation that was open last. */
  conversation?: ConversationId
  /** The workspace's name, the channel's colour and greeting: to look right before the server has answered. */
  workspace?: string
  colour?: string
  greeting?: string
  /** Whether the visitor was asked for an email: once is enough. */
  asked?: boolean
  /** The conversation that the launcher's badge is about. */
  badge?: string
}

export interface Keep {
  read(): Kept
  /** Replaces what is named. Undefined forgets. */
  write(change: { [Name in keyof Kept]?: Kept[Name] | undefined }): void
}

/**
 * The frame's own storage, one entry per channel. Browsers that block the storage of embedded pages throw at every
 * access: then the launcher keeps it in the website's storage, and where that fails too it lives as long as the page.
 */
export function createKeep(channel: string, host?: Pick<HostLink, 'kept' | 'keep'>): Keep {
  const key = `foyer:${channel}`
  const denied = !mayStore()
  let memory: Kept = denied ? parseKept(host?.kept()?.['visit']) : {}
  const read = (): Kept => {
    try {
      if (!denied) memory = parseKept(localStorage.getItem(key))
    } catch {
      // Denied from now on.
    }
    return memory
  }
  return {
    read,
    write: (change) => {
      const text = JSON.stringify({ ...read(), ...change })
      memory = parseKept(text)
      try {
        if (denied) host?.keep('visit', text)
        else localStorage.setItem(key, text)
      } catch {
        // Full: memory has it until the next reading.
      }
    },
  }
}

/** Whether the browser gives this frame a storage of its own. */
export function mayStore(): boolean {
  try {
    localStorage.getItem('foyer')
    return true
  } catch {
    return false
  }
}

const TEXTS = ['token', 'workspace', 'colour', 'greeting', 'badge'] as const

/** What stands in a storage; undefined where somebody else wrote there, or nobody yet. */
export function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

function parseKept(text: string | null | undefined): Kept {
  const kept: Kept = {}
  const found = parsed(text)
  if (!isRecord(found)) return kept
  for (const name of TEXTS) {
    const value = found[name]
    if (typeof value === 'string') kept[name] = value
  }
  const { conversation, asked } = found
  if (typeof conversation === 'string' && isConversationId(conversation)) kept.conversation = conversation
  if (asked === true) kept.asked = true
  return kept
}
