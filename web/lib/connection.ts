/**
 * One socket that keeps itself alive: it notices silence, comes back with a growing, jittered pause, and stops where
 * coming back is pointless. Owns the link and nothing that travels over it.
 */
import { CLOSE } from '../../core/protocol/close.ts'

/**
 * `waiting` comes back by itself, and so does `deleting`, once the time to undo is over (CV12); `unauthorized`, `gone`
 * and `closed` do not, until `reconnect()`.
 */
export type LinkState = 'connecting' | 'live' | 'waiting' | 'deleting' | 'unauthorized' | 'gone' | 'closed'

/** `Frame` is what the server sends on this socket; its frames are typed in core and trusted here. */
export interface ConnectionOptions<Frame = unknown> {
  /** Asked before every attempt, so that it can name the position to resume from. May be a path of this origin. */
  url: () => string
  /** Asked before every attempt where it is a function, so that a renewed token is used. */
  protocols?: string[] | (() => string[])
  onFrame(frame: Frame): void
  /** `retryAt` (epoch milliseconds) is given with `waiting`. */
  onState(state: LinkState, retryAt?: number): void
}

export interface Connection {
  /** False where the frame could not be handed to a live socket: it is not kept. */
  send(frame: object): boolean
  /** Tries at once, also after the link had stopped. */
  reconnect(): void
  /** Ends the link for good. */
  close(): void
}

const PING_EVERY_MS = 25_000
/** A socket that says nothing for so long after it was asked is dead, whatever the browser believes. */
const ANSWER_WITHIN_MS = 10_000
/** A link that lived shorter than this does not calm the pauses: a server that dies at once must not be hammered. */
const STEADY_AFTER_MS = 10_000
/** The time to undo a deletion, and a little for what follows. */
const DELETING_MS = 35_000
const PAUSE_UNIT_MS = 1_000
const PAUSE_MAX_MS = 30_000

/** Opens a socket and keeps it. */
export function connect<Frame = unknown>(options: ConnectionOptions<Frame>): Connection {
  return new Link(options)
}

class Link<Frame> implements Connection {
  readonly #options: ConnectionOptions<Frame>
  #state: LinkState = 'connecting'
  #socket: WebSocket | null = null
  #attempt = 0
  #liveSince = 0
  /** What is waited for next: the first frame, the next ping, its answer, or the next attempt. Never two of them. */
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: ConnectionOptions<Frame>) {
    this.#options = options
    addEventListener('online', this.#nudge)
    addEventListener('offline', this.#nudge)
    document.addEventListener('visibilitychange', this.#nudge)
    this.#open()
  }

  send(frame: object): boolean {
    if (this.#state !== 'live' || this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  reconnect(): void {
    this.#attempt = 0
    this.#open()
  }

  close(): void {
    removeEventListener('online', this.#nudge)
    removeEventListener('offline', this.#nudge)
    document.removeEventListener('visibilitychange', this.#nudge)
    this.#drop()
    this.#say('closed')
  }

  #open(): void {
    this.#drop()
    const { url, protocols } = this.#options
    const socket = new WebSocket(socketUrl(url()), typeof protocols === 'function' ? protocols() : protocols)
    this.#socket = socket
    socket.onmessage = (event) => this.#hear(String(event.data))
    socket.onclose = (event) => this.#end(event.code)
    this.#next(ANSWER_WITHIN_MS, () => this.#wait())
    // Nothing of what is being deleted is shown while it is asked what became of it.
    if (this.#state !== 'deleting') this.#say('connecting')
  }

  /** An accepted upgrade proves nothing, since refusals are accepted and closed: the first frame does. */
  #hear(data: string): void {
    this.#next(PING_EVERY_MS, () => this.#probe())
    if (data === 'pong') return
    if (this.#state !== 'live') {
      this.#liveSince = Date.now()
      this.#say('live')
    }
    const frame: Frame = JSON.parse(data)
    this.#options.onFrame(frame)
  }

  #probe(): void {
    this.#socket?.send('ping')
    this.#next(ANSWER_WITHIN_MS, () => this.#wait())
  }

  #end(code: number): void {
    const lived = this.#state === 'live'
    this.#drop()
    if (code === CLOSE.unauthorized) this.#say('unauthorized')
    else if (code === CLOSE.gone) this.#say('gone')
    else if (code === CLOSE.deleting) this.#askLater()
    else if (code === CLOSE.renew && lived) this.#open()
    else if (code >= 4000 && code !== CLOSE.renew) this.#say('closed')
    else this.#wait()
  }

  /** CV12: undone it is there again, and gone it says so. */
  #askLater(): void {
    this.#next(DELETING_MS, () => this.#open())
    this.#say('deleting')
  }

  /** Full jitter: a thousand clients that lost the same server must not return together. */
  #wait(): void {
    if (this.#state === 'live' && Date.now() - this.#liveSince >= STEADY_AFTER_MS) this.#attempt = 0
    this.#drop()
    const pause = Math.random() * Math.min(PAUSE_MAX_MS, PAUSE_UNIT_MS * 2 ** this.#attempt)
    this.#attempt += 1
    this.#next(pause, () => this.#open())
    this.#say('waiting', Date.now() + pause)
  }

  /** The device came back, or lost its network, or somebody looks again: find out now rather than at the next ping. */
  readonly #nudge = (event: Event): void => {
    if (event.type === 'visibilitychange' && document.visibilityState === 'hidden') return
    if (this.#state === 'live') this.#probe()
    else if (this.#state === 'waiting' && event.type !== 'offline') this.#open()
  }

  /** Lets go without waiting for the closing handshake, which a dead network never finishes. */
  #drop(): void {
    clearTimeout(this.#timer)
    const socket = this.#socket
    if (!socket) return
    this.#socket = null
    socket.onmessage = null
    socket.onclose = null
    socket.close()
  }

  #next(afterMs: number, act: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(act, afterMs)
  }

  #say(state: LinkState, retryAt?: number): void {
    this.#state = state
    this.#options.onState(state, retryAt)
  }
}

function socketUrl(url: string): string {
  const absolute = new URL(url, location.href)
  absolute.protocol = absolute.protocol.replace('http', 'ws')
  return absolute.href
}
