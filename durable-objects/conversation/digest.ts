/** Keyed digests: they tell a repeat from a conflict (DL2) without keeping a text that may be erased later. */
import { createHmac } from 'node:crypto'
import type { Command } from '../../core/conversation/command.ts'
import { canonical, type Said } from '../../core/conversation/digest.ts'
import type { ConversationId } from '../../core/ids.ts'

/** Synchronous on purpose: an await between reading and writing would open the input gate. */
export function digestOf(secret: string, id: ConversationId, content: Command | Said): string {
  return keyed(secret, `digest ${id} ${canonical(content)}`)
}

/** Of a whole request that was named by an `Idempotency-Key`. */
export function digestOfRequest(secret: string, id: ConversationId, asked: string): string {
  return keyed(secret, `request ${id} ${asked}`)
}

function keyed(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url').slice(0, 22)
}
