/** A piece of a message's text; with `href` it is a link (MS9). */
export interface TextPiece {
  text: string
  href?: string
}

// Invisible and direction-changing characters end a link: they serve only to make it look like another one.
const ADDRESS = String.raw`[^\s<>"'\u0060\p{Cc}\p{Cf}]`
// Bounded repetition keeps the search linear on any text.
const MAIL = String.raw`(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])`
const LINK = new RegExp(String.raw`(?<![\w])(?:https?:\/\/|www\.)${ADDRESS}{2,}|(?:mailto:)?${MAIL}`, 'giu')

/**
 * Cuts a text into plain pieces and links. Only http, https and mailto become links, bare names only with `www.`;
 * addresses with a user part stay text, since they are made to mislead. Joined, the pieces are the text again.
 */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const shown = withoutTail(match[0])
    const href = hrefOf(shown)
    if (!href) continue
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) })
    pieces.push({ text: shown, href })
    from = match.index + shown.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}

/** Punctuation at the end belongs to the sentence; a closing bracket belongs to it unless it was opened inside. */
function withoutTail(address: string): string {
  let end = address.length
  while (end > 0 && endsSentence(address, end)) end -= 1
  return address.slice(0, end)
}

function endsSentence(address: string, end: number): boolean {
  const last = address.charAt(end - 1)
  if (last !== ')' && last !== ']') return '.,:;!?…*_'.includes(last)
  const inside = address.slice(0, end)
  const opening = last === ')' ? '(' : '['
  return inside.split(last).length > inside.split(opening).length
}

function hrefOf(shown: string): string | null {
  if (/^mailto:/i.test(shown)) return shown
  if (!/^(https?:|www\.)/i.test(shown)) return `mailto:${shown}`
  const address = /^www\./i.test(shown) ? `https://${shown}` : shown
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  return url.hostname.includes('.') || url.hostname === 'localhost'
    ? url.username || url.password
      ? null
      : url.href
    : null
}
