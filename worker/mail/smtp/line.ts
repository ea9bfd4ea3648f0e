/** The two directions of an SMTP connection: commands out, replies in. Knows nothing of what they mean. */
import { within } from '../../within.ts'

/** What `cloudflare:sockets` gives, as far as it is used here. */
export interface SmtpSocket {
  readable: ReadableStream<Uint8Array>
  writable: WritableStream<Uint8Array>
  startTls(): SmtpSocket
  close(): Promise<void>
}

export interface Reply {
  code: number
  /** What the server says to people, or its abilities: a line each, without the code. */
  lines: string[]
}

/** The connection broke, the server fell silent, or it speaks something else. */
export class SmtpBroken extends Error {}

const REPLY_MAX = 64 * 1024

/** One connection, from its greeting to its end. One question at a time: replies bear no name. */
export class SmtpLine {
  #socket: SmtpSocket
  #reader: ReadableStreamDefaultReader<Uint8Array>
  #writer: WritableStreamDefaultWriter<Uint8Array>
  #held = ''
  readonly #decoder = new TextDecoder()
  readonly #encoder = new TextEncoder()

  constructor(socket: SmtpSocket) {
    this.#socket = socket
    this.#reader = socket.readable.getReader()
    this.#writer = socket.writable.getWriter()
  }

  /** Says a line and hears the reply. Throws `SmtpBroken`. */
  async command(line: string, withinMs: number): Promise<Reply> {
    await this.write(`${line}\r\n`, withinMs)
    return this.reply(withinMs)
  }

  async write(text: string, withinMs: number): Promise<void> {
    await within(withinMs, this.#writer.write(this.#encoder.encode(text)), silent)
  }

  /** The next reply, of one line or several. */
  async reply(withinMs: number): Promise<Reply> {
    const until = Date.now() + withinMs
    const lines: string[] = []
    for (;;) {
      const line = await this.#line(until)
      const match = /^([2-5]\d\d)([ -]|$)(.*)$/.exec(line)
      if (!match) throw new SmtpBroken('The server does not speak SMTP.')
      lines.push(match[3] ?? '')
      if (match[2] !== '-') return { code: Number(match[1]), lines }
    }
  }

  /**
   * Goes on encrypted. What came in plain text after the reply could be anybody's, and would be taken for the server's.
   */
  startTls(): void {
    if (this.#held !== '') throw new SmtpBroken('The server said more than it was asked before encryption.')
    this.#reader.releaseLock()
    this.#writer.releaseLock()
    this.#socket = this.#socket.startTls()
    this.#reader = this.#socket.readable.getReader()
    this.#writer = this.#socket.writable.getWriter()
  }

  /** Ends the connection, in whatever state it is. */
  async close(): Promise<void> {
    await this.#socket.close().catch(() => undefined)
  }

  async #line(until: number): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf('\n')
      if (end >= 0) {
        const line = this.#held.slice(0, end).replace(/\r$/, '')
        this.#held = this.#held.slice(end + 1)
        return line
      }
      if (this.#held.length > REPLY_MAX) throw new SmtpBroken('The server’s answer has no end.')
      const { value, done } = await within(Math.max(0, until - Date.now()), this.#reader.read(), silent)
      if (done) throw new SmtpBroken('The server closed the connection.')
      this.#held += this.#decoder.decode(value, { stream: true })
    }
  }
}

function silent(): never {
  throw new SmtpBroken('The server did not answer in time.')
}
