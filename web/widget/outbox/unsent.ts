import { type ClientId, isClientId } from '../../../core/ids.ts'
import type { Pending } from '../../lib/createConversation.ts'
import { isRecord } from '../../lib/isRecord.ts'

/** A message that was written and is not known to be stored (DL5). */
export interface Unsent {
  id: ClientId
  /** The conversation it is for. Where that has yet to begin: the id of the message that was first written for it. */
  to: string
  text: string
  /** The conversation that was closed for good, which a new one is to continue. */
  continues?: string | undefined
  /** The public number of the message that it quotes. */
  quote?: number | undefined
  /** Epoch milliseconds of writing, raised where the clock went back: it tells the order. */
  at: number
  /** Was handed to a link, in this tab or another: the server may have it. */
  tried: boolean
  /** It has begun the conversation: it is stored, and waits to be shown there. */
  begun?: boolean
  refusal?: NonNullable<Pending['refusal']>
}

/** Whether it goes out by itself. What was refused for good waits for the visitor. */
export function isSendable({ refusal }: Unsent): boolean {
  return !refusal || refusal.retryAt !== undefined
}

/** What is found in storage may be of an older version, or not ours. */
export function parseUnsent(found: unknown): Unsent | null {
  if (!isRecord(found)) return null
  const { id, to, text, continues, quote, at, tried, begun, refusal } = found
  if (typeof id !== 'string' || !isClientId(id) || typeof to !== 'string' || typeof text !== 'string') return null
  return {
    ...{ id, to, text, at: Number(at) || 0, tried: tried !== false },
    ...(typeof continues === 'string' && { continues }),
    ...(typeof quote === 'number' && { quote }),
    ...(begun === true && { begun }),
    ...(isRefusal(refusal) && { refusal }),
  }
}

function isRefusal(found: unknown): found is NonNullable<Unsent['refusal']> {
  return isRecord(found) && typeof found['message'] === 'string'
}
