/**
 * A WebSocket client on a plain socket. The client shares the machine with what it measures, so it must cost little:
 * no mask (a key of zeros), no copies, one write for everything that is sent in a turn.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

const TEXT = 0x81
const CLOSE = 0x88
const OPCODE = 0x0f
const OPCODE_TEXT = 0x1
const OPCODE_CLOSE = 0x8

export class Wire {
  /** Called with every text frame. */
  onText: (text: string) => void = () => {}
  /** Called once when the other side is gone. */
  onEnd: (reason: string) => void = () => {}
  readonly #socket: Socket
  #rest: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  /**
   * Resolves when the upgrade was answered with 101. Frames that come along with it wait for `onText` in the next turn.
   */
  static open(url: string, headers: Record<string, string>): Promise<Wire> {
    const { hostname, port, pathname, search } = new URL(url)
    const lines = Object.entries({
      host: `${hostname}:${port}`,
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      socket.once('error', reject)
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`)
      let head: Buffer = Buffer.alloc(0)
      const read = (chunk: Buffer) => {
        head = Buffer.concat([head, chunk])
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        socket.off('data', read)
        socket.pause()
        if (!head.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) {
          socket.destroy()
          return reject(new Error(`not upgraded: ${head.toString('utf8', 0, 300)}`))
        }
        const wire = new Wire(socket)
        socket.off('error', reject)
        resolve(wire)
        setImmediate(() => wire.#listen(head.subarray(end + 4)))
      }
      socket.on('data', read)
    })
  }

  send(text: string): void {
    const payload = Buffer.from(text)
    const { length } = payload
    const header = length < 126 ? Buffer.alloc(6) : Buffer.alloc(8)
    header[0] = TEXT
    if (length < 126) header[1] = 0x80 | length
    else {
      header[1] = 0x80 | 126
      header.writeUInt16BE(length, 2)
    }
    this.#socket.write(Buffer.concat([header, payload]))
  }

  close(): void {
    this.#socket.end(Buffer.from([CLOSE, 0x80, 0, 0, 0, 0]))
  }

  #listen(first: Buffer): void {
    this.#socket.on('error', (error) => this.onEnd(error.message))
    this.#socket.on('close', () => this.onEnd('closed'))
    this.#socket.on('data', (chunk) => this.#take(chunk))
    if (first.length > 0) this.#take(first)
    this.#socket.resume()
  }

  /** What is sent while frames are handled leaves in one write. */
  #take(chunk: Buffer): void {
    this.#socket.cork()
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (let size = this.#handle(data); size > 0; size = this.#handle(data)) data = data.subarray(size)
    this.#rest = data
    this.#socket.uncork()
  }

  /** Handles the first frame of the data and answers how long it was, 0 if it is not all there yet. */
  #handle(data: Buffer): number {
    if (data.length < 2) return 0
    const opcode = data.readUInt8(0) & OPCODE
    const short = data.readUInt8(1)
    const start = short === 127 ? 10 : short === 126 ? 4 : 2
    if (data.length < start) return 0
    const length = short === 127 ? Number(data.readBigUInt64BE(2)) : short === 126 ? data.readUInt16BE(2) : short
    if (data.length < start + length) return 0
    if (opcode === OPCODE_TEXT) this.onText(data.toString('utf8', start, start + length))
    if (opcode === OPCODE_CLOSE) this.onEnd(`close frame ${length >= 2 ? data.readUInt16BE(start) : ''}`)
    return start + length
  }
}
