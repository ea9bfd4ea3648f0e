/** A socket without a network: the test plays the server, and decides when a frame arrives. */
import { vi } from 'vitest'

export class FakeSocket {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 3
  static all: FakeSocket[] = []
  /** Called with every frame a client sends, pings apart. */
  static onSend: (socket: FakeSocket, frame: unknown) => void = () => {}
  /** Called when a client opens one. */
  static onOpen: (socket: FakeSocket) => void = () => {}

  readonly url: string
  readonly protocols: string[] | undefined
  readyState = FakeSocket.CONNECTING
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  readonly sent: string[] = []

  constructor(url: string, protocols?: string[]) {
    this.url = url
    this.protocols = protocols
    FakeSocket.all.push(this)
    FakeSocket.onOpen(this)
  }

  static install(): void {
    FakeSocket.all = []
    FakeSocket.onSend = () => {}
    FakeSocket.onOpen = () => {}
    vi.stubGlobal('WebSocket', FakeSocket)
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1)
    if (!socket) throw new Error('nobody opened a socket')
    return socket
  }

  send(data: string): void {
    this.sent.push(data)
    if (data !== 'ping') FakeSocket.onSend(this, JSON.parse(data))
  }

  close(): void {
    this.readyState = FakeSocket.CLOSED
  }

  /** The frames a client sent, pings apart. */
  get frames(): unknown[] {
    return this.sent.filter((data) => data !== 'ping').map((data) => JSON.parse(data))
  }

  /** The server says something. */
  says(frame: object | 'pong'): void {
    this.readyState = FakeSocket.OPEN
    this.onmessage?.({ data: frame === 'pong' ? frame : JSON.stringify(frame) })
  }

  /** The server or the network ends it. */
  ends(code = 1006): void {
    this.readyState = FakeSocket.CLOSED
    this.onclose?.({ code })
  }
}
