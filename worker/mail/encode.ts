/** Text of any language as the ASCII that a mail is made of. mimetext labels encodings, but does not fold or encode. */

const LINE = 76
/** Bytes of UTF-8 in one encoded word: `=?utf-8?B?…?=` is at most 75 characters, and with the word the line. */
const WORD_BYTES = 39

const bytes = new TextEncoder()

/** Base64 in lines of 76 characters. */
export function wrapped(content: Uint8Array): string {
  const base64 = content.toBase64()
  const lines: string[] = []
  for (let from = 0; from < base64.length; from += LINE) lines.push(base64.slice(from, from + LINE))
  return lines.join('\r\n')
}

/** A body: lines end in CRLF, and then base64. */
export function encodedBody(text: string): string {
  return wrapped(bytes.encode(text.replaceAll('\n', '\r\n')))
}

/** RFC 2047: a text of a header as encoded words, each on a line of its own. No character is cut in two. */
export function encodedWords(text: string): string {
  const words: string[] = []
  let held = ''
  let size = 0
  const push = () => words.push(`=?utf-8?B?${bytes.encode(held).toBase64()}?=`)
  for (const character of text) {
    const length = bytes.encode(character).length
    if (size + length > WORD_BYTES) {
      push()
      held = ''
      size = 0
    }
    held += character
    size += length
  }
  push()
  return words.join('\r\n ')
}

/** RFC 2231: a file's name as the value of a parameter, a section per line. */
export function encodedParameter(name: string, value: string): string {
  const sections: string[] = []
  let held = ''
  for (const character of value) {
    const encoded = percent(character)
    if (held.length + encoded.length > LINE - name.length - 13) {
      sections.push(held)
      held = ''
    }
    held += encoded
  }
  sections.push(held)
  if (sections.length === 1) return `;\r\n ${name}*=utf-8''${held}`
  return sections.map((section, index) => `;\r\n ${name}*${index}*=${index === 0 ? "utf-8''" : ''}${section}`).join('')
}

function percent(character: string): string {
  if (/^[A-Za-z0-9._-]$/.test(character)) return character
  return Array.from(bytes.encode(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
