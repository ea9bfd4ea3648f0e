/**
 * The ids that travel through Foyer, each its own type so that one cannot be passed for another.
 * Owns their shape and how they are recognised; making them (random, keyed) is the Worker's.
 */

type Branded<Name extends string> = string & { readonly __brand: Name }

export type WorkspaceId = Branded<'workspace'>
export type MemberId = Branded<'member'>
export type ChannelId = Branded<'channel'>
export type ContactId = Branded<'contact'>
export type DeviceId = Branded<'device'>
/** 32 characters of base32: 128 bits of identity and 32 bits that only the server can compute. */
export type ConversationId = Branded<'conversation'>
/** `{instance}:{n}`: made by the writer, `n` rises within an instance (one page load, one API client). */
export type ClientId = Branded<'client'>

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** RFC 4648 base32 in lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + BASE32[(held << (5 - bits)) & 31] : text
}

/** What `base32` made a text of. @param text of its letters alone */
export function bytesOf(text: string): Uint8Array {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const letter of text) {
    held = ((held << 5) | BASE32.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return new Uint8Array(bytes)
}

/** Whether a text has the shape of a conversation id. Says nothing of its tail: only the Worker holds that secret. */
export function isConversationId(text: string): text is ConversationId {
  return /^[a-z2-7]{32}$/.test(text)
}

export const CLIENT_ID = /^([A-Za-z0-9_-]{1,32}):([1-9][0-9]{0,14})$/

/** The two parts of a client id, or null where the text is none. */
export function parseClientId(text: string): { instance: string; n: number } | null {
  const match = CLIENT_ID.exec(text)
  return match?.[1] && match[2] ? { instance: match[1], n: Number(match[2]) } : null
}

export function isClientId(text: string): text is ClientId {
  return CLIENT_ID.test(text)
}

/**
 * Until a visitor turns out to be somebody known, their device is the person: one id follows from the other, and the
 * other from the one.
 */
export function contactOf(device: DeviceId): ContactId {
  return `c${device.slice(1)}` as ContactId
}

export function deviceOf(contact: ContactId): DeviceId {
  return `d${contact.slice(1)}` as DeviceId
}

/** Who wrote an entry, as it is stored and sent. The contact is not in it, so that merging people rewrites no log. */
export type Author = `visitor:${string}` | `agent:${string}` | `assistant:${string}` | `key:${string}` | 'system'

export type AuthorKind = 'visitor' | 'agent' | 'assistant' | 'key' | 'system'

export function authorKind(author: Author): AuthorKind {
  const colon = author.indexOf(':')
  return (colon < 0 ? author : author.slice(0, colon)) as AuthorKind
}

/** The member behind an `agent:` author, or null for every other kind. */
export function memberOf(author: Author): MemberId | null {
  return author.startsWith('agent:') ? (author.slice('agent:'.length) as MemberId) : null
}

export function isVisitorAuthor(author: Author): boolean {
  return author.startsWith('visitor:')
}
