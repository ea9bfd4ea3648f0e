/** A mail as Foyer means it, before it is text of a format in which a line break is an instruction. */

export interface Mailbox {
  address: string
  /** Shown in place of the address. */
  name?: string
}

export interface Attachment {
  /** A file's name, without a folder. */
  name: string
  /** `text/html`. */
  type: string
  content: Uint8Array
}

export interface Mail {
  from: Mailbox
  to: Mailbox
  /** Where answers go, where that is not `from`. */
  replyTo?: Mailbox
  subject: string
  text: string
  html: string
  /** Further headers; those that say who, what and when are not among them. */
  headers?: Readonly<Record<string, string>>
  attachments?: readonly Attachment[]
  /** The part of the Message-ID before the `@`: the same mail, sent again, says that it is the same. */
  id: string
  /** Epoch milliseconds. */
  at: number
}

/** What a transport needs: both ends of the envelope, and the mail as it goes over the wire. */
export interface ComposedMail {
  from: string
  to: string
  messageId: string
  /** ASCII alone, lines ended by CRLF, none longer than 998 characters. */
  raw: string
}
