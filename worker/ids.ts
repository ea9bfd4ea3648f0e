/** Making ids: random ones, and conversation ids that only this installation can make and anyone can be checked for. */
import { createHmac } from 'node:crypto'
import { base32, bytesOf, type ConversationId, isConversationId, type WorkspaceId } from '../core/ids.ts'
import { Memory } from './memory.ts'

const BODY_BYTES = 16
const TAIL_BYTES = 4
/** Ids that are remembered in an isolate. */
const REMEMBERED_MAX = 1_000

/** 120 random bits behind a prefix that tells people what it is. */
export function newId(prefix: string): string {
  return `${prefix}_${base32(crypto.getRandomValues(new Uint8Array(15)))}`
}

/** 256 random bits for the secret part of a link. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: 'base64url', omitPadding: true })
}

/** What is kept of a link's secret. */
export async function hashSecret(secret: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
  return new Uint8Array(hash).toBase64({ alphabet: 'base64url', omitPadding: true })
}

/**
 * The id of the conversation that this writer starts with this client id. A start that is sent again meets the same
 * object, whatever became of the answer to the first.
 */
export function conversationIdFor(
  secret: string,
  workspace: WorkspaceId,
  writer: string,
  clientId: string,
): ConversationId {
  const body = mac(secret, `conversation ${workspace} ${writer} ${clientId}`).slice(0, BODY_BYTES)
  return withTail(secret, body)
}

/**
 * Whether an id was made here. A bad tail is answered "not found" before any object is addressed: an object of an
 * unknown name would come into being with a database of its own.
 */
export function isOwnConversationId(secret: string, id: string): boolean {
  if (own.has(`${secret} ${id}`)) return true
  if (!isConversationId(id)) return false
  return withTail(secret, bytesOf(id).slice(0, BODY_BYTES)) === id
}

/** Ids that were made in this isolate, by secret and id: whoever asks for a conversation asks for it again. */
const own = new Memory<string, true>(REMEMBERED_MAX)

function withTail(secret: string, body: Uint8Array): ConversationId {
  const tail = mac(secret, `tail ${base32(body)}`).slice(0, TAIL_BYTES)
  const id = base32(new Uint8Array([...body, ...tail]))
  if (!isConversationId(id)) throw new Error('a conversation id has 32 characters')
  own.set(`${secret} ${id}`, true)
  return id
}

/** Node's and not the platform's own, which gives each key and each signature by a promise. */
function mac(secret: string, text: string): Uint8Array {
  return createHmac('sha256', secret).update(text).digest()
}
