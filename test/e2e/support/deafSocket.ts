/** A WebSocket that hears nothing: what the other end closes it keeps open, and goes on sending, as no library does. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export class DeafSocket {
  readonly #socket: Socket
  #heard = ''

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes: Buffer) => {
      this.#heard += bytes.toString('latin1')
    })
  }

  static async open(origin: string, path: string, headers: Record<string, string>): Promise<DeafSocket> {
    const { hostname, port, host } = new URL(origin)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const all = {
      ...{ host, origin, upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13' },
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...headers,
    }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
    socket.write(`${[`GET ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`)
    return new DeafSocket(socket)
  }

  /** What came all the same, as it came. */
  get heard(): string {
    return this.#heard
  }

  /** One text frame of at most 64 KiB, masked as clients have to. */
  send(frame: object): void {
    const data = Buffer.from(JSON.stringify(frame))
    const mask = randomBytes(4)
    const length = data.length < 126 ? [data.length] : [126, data.length >> 8, data.length & 255]
    const [first = 0, ...rest] = length
    const masked = data.map((byte, i) => byte ^ (mask[i % 4] ?? 0))
    this.#socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | first, ...rest]), mask, masked]))
  }

  end(): void {
    this.#socket.destroy()
  }
}
