/**
 * What may stand in a mail. Looked at before anything is composed: mimetext lets line breaks through in addresses,
 * header names and values, file names and content types, and each of them could begin a header of its own.
 */
import type { Attachment, Mail, Mailbox } from './mail.ts'

export type MailFaultCode = 'empty' | 'too_long' | 'malformed' | 'not_allowed' | 'too_large' | 'altered'

export interface MailFault {
  /** Which part: `from.address`, `headers.X-Foyer`, `attachments.0.name`. */
  part: string
  code: MailFaultCode
}

/** RFC 5321. */
const ADDRESS_MAX = 254
const LOCAL_PART_MAX = 64
/** Code points. Encoded they stay far below the 998 characters that a server takes per header line. */
const NAME_MAX = 200
export const SUBJECT_MAX = 250
const FILE_NAME_MAX = 150
const HEADER_NAME_MAX = 76
const HEADER_VALUE_MAX = 900
const HEADERS_MAX = 20
/** What Cloudflare's Email Service takes in all. */
export const MAIL_MAX_BYTES = 5 * 1024 * 1024

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const ADDRESS = new RegExp(`^(${ATOM}(?:\\.${ATOM})*)@((?:${LABEL}\\.)+${LABEL})$`)
const TYPE = /^[a-z0-9][a-z0-9.+-]{0,63}\/[a-z0-9][a-z0-9.+-]{0,63}$/
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]*$/
/** Control characters, and what browsers and editors take for a line break. */
const BREAKS = /[\p{Cc}\u2028\u2029]/u
/** Headers that others may not set: they are made from the other parts, or by whoever carries the mail. */
const OWN_HEADER =
  /^(from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|content-.*|received|return-path|dkim-.*|arc-.*|resent-.*|apparently-to|envelope-.*)$/i

/** Whether a mail can be sent to an address: the plain form, in ASCII, with a domain of at least two labels. */
export function isAddress(address: string): boolean {
  if (address.length > ADDRESS_MAX) return false
  const match = ADDRESS.exec(address)
  return match !== null && (match[1] ?? '').length <= LOCAL_PART_MAX
}

/** The first thing that is wrong with a mail, or null. */
export function mailFault(mail: Mail): MailFault | null {
  const attachments = mail.attachments ?? []
  return (
    mailboxFault('from', mail.from) ??
    mailboxFault('to', mail.to) ??
    (mail.replyTo ? mailboxFault('replyTo', mail.replyTo) : null) ??
    lineFault('subject', mail.subject, SUBJECT_MAX) ??
    (/^[A-Za-z0-9._-]{1,100}$/.test(mail.id) ? null : { part: 'id', code: 'malformed' }) ??
    (Number.isSafeInteger(mail.at) && mail.at >= 0 ? null : { part: 'at', code: 'malformed' }) ??
    bodyFault('text', mail.text) ??
    bodyFault('html', mail.html) ??
    headersFault(mail.headers ?? {}) ??
    firstOf(attachments, attachmentFault)
  )
}

function mailboxFault(part: string, { address, name }: Mailbox): MailFault | null {
  if (!isAddress(address)) return { part: `${part}.address`, code: address === '' ? 'empty' : 'malformed' }
  return name === undefined ? null : lineFault(`${part}.name`, name, NAME_MAX)
}

function headersFault(headers: Readonly<Record<string, string>>): MailFault | null {
  const entries = Object.entries(headers)
  if (entries.length > HEADERS_MAX) return { part: 'headers', code: 'too_long' }
  return firstOf(entries, ([name, value]) => {
    const part = `headers.${name}`
    if (name.length > HEADER_NAME_MAX || value.length > HEADER_VALUE_MAX) return { part, code: 'too_long' }
    if (!HEADER_NAME.test(name)) return { part, code: 'malformed' }
    if (OWN_HEADER.test(name)) return { part, code: 'not_allowed' }
    // Printable ASCII; what needs more than that is text, and belongs into a part that encodes it.
    return /^[!-~]+( [!-~]+)*$/.test(value) ? null : { part, code: value === '' ? 'empty' : 'malformed' }
  })
}

function attachmentFault({ name, type }: Attachment, index: number): MailFault | null {
  const part = `attachments.${index}`
  if (!TYPE.test(type)) return { part: `${part}.type`, code: 'malformed' }
  // Some readers take an encoded word in a file's name for what it encodes, others for what it says.
  if (/[/\\]|=\?/.test(name) || /^\.+$/.test(name)) return { part: `${part}.name`, code: 'malformed' }
  return lineFault(`${part}.name`, name, FILE_NAME_MAX)
}

/** One line that people read: something in it, no break, nothing that cannot be said in UTF-8. */
function lineFault(part: string, line: string, max: number): MailFault | null {
  if (line.trim() === '') return { part, code: 'empty' }
  if (line !== line.trim() || BREAKS.test(line) || !isWellFormed(line)) return { part, code: 'malformed' }
  return line.length > max * 2 || [...line].length > max ? { part, code: 'too_long' } : null
}

/** Line breaks and tabs are all that a text has of control characters. */
function bodyFault(part: string, text: string): MailFault | null {
  if (text.trim() === '') return { part, code: 'empty' }
  return /[^\P{Cc}\n\t]/u.test(text) || !isWellFormed(text) ? { part, code: 'malformed' } : null
}

const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text)

function firstOf<T>(list: readonly T[], faultOf: (item: T, index: number) => MailFault | null): MailFault | null {
  for (const [index, item] of list.entries()) {
    const fault = faultOf(item, index)
    if (fault) return fault
  }
  return null
}
