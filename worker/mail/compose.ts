/**
 * The only place where a mail becomes text. Every part is looked at before (`faults.ts`), mimetext puts them together,
 * and the result is read back with another library: what does not say the very same is not sent (Q19).
 */
import { createMimeMessage, type MIMEMessage, Mailbox as MimeMailbox } from 'mimetext/browser'
import PostalMime, { type Address, type Email } from 'postal-mime'
import { encodedBody, encodedParameter, encodedWords, wrapped } from './encode.ts'
import { MAIL_MAX_BYTES, type MailFault, mailFault } from './faults.ts'
import type { ComposedMail, Mail, Mailbox } from './mail.ts'

export type Composition = { ok: true; mail: ComposedMail } | { ok: false; fault: MailFault }

/**
 * A mail as text for the wire.
 * @returns the fault where a part cannot stand in a mail, where all of it is too large, or where it could be read as
 * something else than what was meant (`altered`)
 */
export async function compose(mail: Mail): Promise<Composition> {
  const fault = mailFault(mail)
  if (fault) return { ok: false, fault }
  const domain = mail.from.address.slice(mail.from.address.lastIndexOf('@') + 1)
  const messageId = `<${mail.id}@${domain}>`
  const raw = rawOf(mail, messageId)
  if (raw.length > MAIL_MAX_BYTES) return { ok: false, fault: { part: 'mail', code: 'too_large' } }
  const part = differs(await PostalMime.parse(raw), mail, messageId)
  if (part !== null) return { ok: false, fault: { part, code: 'altered' } }
  return { ok: true, mail: { from: mail.from.address, to: mail.to.address, messageId, raw } }
}

function rawOf(mail: Mail, messageId: string): string {
  const message = createMimeMessage()
  message.setHeader('Date', new Date(mail.at).toUTCString().replace('GMT', '+0000'))
  message.setHeader('From', mailbox(mail.from))
  message.setHeader('To', mailbox(mail.to))
  if (mail.replyTo) message.setHeader('Reply-To', mailbox(mail.replyTo))
  message.setHeader('Message-ID', messageId)
  message.setSubject(mail.subject)
  foldTexts(message, mail)
  for (const [name, value] of Object.entries(mail.headers ?? {})) message.setHeader(name, value)
  message.addMessage({ contentType: 'text/plain', encoding: 'base64', data: encodedBody(mail.text) })
  message.addMessage({ contentType: 'text/html', encoding: 'base64', data: encodedBody(mail.html) })
  for (const { name, type, content } of mail.attachments ?? []) {
    const part = message.addAttachment({ filename: 'file', contentType: type, data: wrapped(content) })
    // In place of the plain ones: a name may be of any language, and a quote in it must not end it.
    part.setHeader('Content-Type', type)
    part.setHeader('Content-Disposition', `attachment${encodedParameter('filename', name)}`)
  }
  return message.asRaw()
}

const mailbox = ({ address, name = '' }: Mailbox) => new MimeMailbox({ addr: address, name })

/** mimetext would make one encoded word of any length, where 75 characters are allowed. */
function foldTexts(message: MIMEMessage, mail: Mail): void {
  const dumps: Record<string, string | undefined> = {
    From: address(mail.from),
    To: address(mail.to),
    'Reply-To': mail.replyTo && address(mail.replyTo),
    Subject: encodedWords(mail.subject),
  }
  for (const field of message.headers.fields) {
    const dump = dumps[field.name]
    if (dump !== undefined) field.dump = () => dump
  }
}

/** The address is never broken in two, though its line may become longer than the 78 characters that are asked for. */
const address = ({ address, name }: Mailbox) =>
  name === undefined ? `<${address}>` : `${encodedWords(name)}\r\n <${address}>`

/** The first part that a reader would find to be something else, or null. */
function differs(read: Email, mail: Mail, messageId: string): string | null {
  const attachments = mail.attachments ?? []
  const parts: ReadonlyArray<readonly [string, boolean]> = [
    ['from', isMailbox(read.from, mail.from)],
    ['to', read.to?.length === 1 && isMailbox(read.to[0], mail.to)],
    ['replyTo', mail.replyTo ? read.replyTo?.length === 1 && isMailbox(read.replyTo[0], mail.replyTo) : !read.replyTo],
    ['cc', !read.cc && !read.bcc && !read.sender],
    ['subject', read.subject === mail.subject],
    ['id', read.messageId === messageId],
    ['at', read.date === new Date(Math.floor(mail.at / 1000) * 1000).toISOString()],
    ['text', withoutLastBreak(read.text) === withoutLastBreak(mail.text)],
    ['html', withoutLastBreak(read.html) === withoutLastBreak(mail.html)],
    ['headers', hasHeaders(read, mail)],
    [
      'attachments',
      read.attachments.length === attachments.length &&
        attachments.every(({ name, type, content }, index) => {
          const one = read.attachments[index]
          return one?.filename === name && one.mimeType === type && isSame(one.content, content)
        }),
    ],
  ]
  return parts.find(([, same]) => !same)?.[0] ?? null
}

function isMailbox(read: Address | undefined, meant: Mailbox): boolean {
  return read?.address === meant.address && read.name === (meant.name ?? '') && !read.group
}

/** No header but those of the mail, and each once. */
function hasHeaders(read: Email, mail: Mail): boolean {
  const own = ['date', 'from', 'to', 'message-id', 'subject', 'mime-version', 'content-type']
  const extra = Object.entries(mail.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  const expected = [...own, ...(mail.replyTo ? ['reply-to'] : []), ...extra.map(([name]) => name)].sort()
  const found = read.headers.map(({ key }) => key).sort()
  if (JSON.stringify(found) !== JSON.stringify(expected)) return false
  return extra.every(([name, value]) => read.headers.find(({ key }) => key === name)?.value === value)
}

/** Bodies end in a line break by themselves; readers differ in whether they count it. */
const withoutLastBreak = (text: string | undefined) => (text ?? '').replaceAll('\r\n', '\n').replace(/\n+$/, '')

function isSame(read: ArrayBuffer | Uint8Array | string, content: Uint8Array): boolean {
  if (typeof read === 'string') return false
  const bytes = new Uint8Array(read)
  return bytes.length === content.length && bytes.every((byte, index) => byte === content[index])
}
