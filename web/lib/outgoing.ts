/**
 * What was asked of a conversation and not yet answered. Sends in the order of asking, at most once per connection,
 * again after a reconnect (DL2 makes that harmless), and at the server's pace once it says "too fast" (DL9). Owns the
 * `pending` list; never touches the timeline.
 */
import { type Accessor, createSignal, type Setter, untrack } from 'solid-js'
import { MINUTE_MS } from '../../core/durations.ts'
import type { ClientId } from '../../core/ids.ts'
import type { SocketCommand } from '../../core/protocol/frames.ts'

export interface Pending {
  id: ClientId
  command: SocketCommand
  /** Epoch milliseconds of the asking. */
  at: number
  status: 'sending' | 'refused'
  /** Why not, with `refused`. With a `retryAt` it is sent again by itself, and what was asked later waits behind it. */
  refusal?: { code: string; message: string; retryAt?: number }
}

/**
 * A command that was asked for before, perhaps in another tab:
 * under the same id, and sent as a repeat if it was `tried`.
 */
export interface SendAs {
  id: ClientId
  tried: boolean
}

export interface OutgoingEvents {
  /** It is stored. Called for every own entry that comes along, also for what was not asked here. */
  settled?: (id: string) => void
  refused?: (id: string, refusal: NonNullable<Pending['refusal']>) => void
}

interface OutgoingOptions {
  oneAtATime?: boolean
  on?: OutgoingEvents
}

export type CommandFrame = { type: 'command'; id: ClientId; command: SocketCommand; retry?: true }

// The server's clock and ours may differ by any amount: its word is heard within these bounds.
const PAUSE_MIN_MS = 500
const PAUSE_MAX_MS = MINUTE_MS

/** The commands of one conversation. @param transmit false where the frame could not leave: it is kept */
export class Outgoing {
  readonly pending: Accessor<Pending[]>
  readonly #setPending: Setter<Pending[]>
  readonly #transmit: (frame: CommandFrame) => boolean
  readonly #newId: () => ClientId
  readonly #options: OutgoingOptions
  /** Asked on this connection and not answered. */
  readonly #asked = new Set<string>()
  /** Were on a wire once: the server may have them. */
  readonly #tried = new Set<string>()
  /** Epoch milliseconds by our clock, for those that came too fast. */
  readonly #dueAt = new Map<string, number>()
  #flowing = false
  /** After "too fast" one goes at a time, so that none overtakes another. */
  #crowded = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(transmit: (frame: CommandFrame) => boolean, newId: () => ClientId, options: OutgoingOptions = {}) {
    const [pending, setPending] = createSignal<Pending[]>([])
    this.pending = pending
    this.#setPending = setPending
    this.#transmit = transmit
    this.#newId = newId
    this.#options = options
  }

  send(command: SocketCommand, as?: SendAs): ClientId {
    const item: Pending = { id: as?.id ?? this.#newId(), command, at: Date.now(), status: 'sending' }
    if (as?.tried) this.#tried.add(item.id)
    this.#setPending((list) => [...list, item])
    this.#pump()
    return item.id
  }

  /** Sends a refused one again at once, under its id: a refusal stored nothing. */
  retry(id: ClientId): void {
    const item = this.#find(id)
    if (item?.status !== 'refused') return
    this.#dueAt.delete(id)
    this.#replace(sending(item))
    if (this.#flowing) this.#post(item)
  }

  discard(id: string): void {
    this.#forget(id)
  }

  /** It was taken. */
  settle(id: string): void {
    this.#options.on?.settled?.(id)
    this.#forget(id)
  }

  #forget(id: string): void {
    for (const kept of [this.#asked, this.#tried, this.#dueAt]) kept.delete(id)
    if (this.#find(id)) this.#setPending((list) => list.filter((item) => item.id !== id))
    this.#pump()
  }

  refuse(id: string, refusal: NonNullable<Pending['refusal']>): void {
    const item = this.#find(id)
    if (!item) return
    this.#asked.delete(id)
    this.#replace({ ...item, status: 'refused', refusal })
    if (refusal.retryAt !== undefined) {
      const pause = Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, refusal.retryAt - Date.now()))
      this.#dueAt.set(id, Date.now() + pause)
      this.#crowded = true
    }
    this.#options.on?.refused?.(id, refusal)
    this.#pump()
  }

  /** The link is up and everything missed has been seen: sends what still waits. */
  resume(): void {
    this.#asked.clear()
    this.#flowing = true
    this.#pump()
  }

  /** The link is lost: keeps everything until `resume`. */
  hold(): void {
    clearTimeout(this.#timer)
    this.#flowing = false
  }

  /** Sends, in order, all that may go now. */
  #pump(): void {
    clearTimeout(this.#timer)
    if (!this.#flowing) return
    for (const item of untrack(this.pending)) {
      const due = this.#dueAt.get(item.id)
      if (item.status === 'refused' && due === undefined) continue
      if (due !== undefined && due > Date.now()) {
        this.#timer = setTimeout(() => this.#pump(), due - Date.now())
        return
      }
      if (!this.#asked.has(item.id)) this.#post(item)
      if (this.#crowded || this.#options.oneAtATime) return
    }
    this.#crowded = false
  }

  #post(item: Pending): void {
    const { id, command } = item
    this.#dueAt.delete(id)
    if (item.status === 'refused') this.#replace(sending(item))
    const frame: CommandFrame = { type: 'command', id, command }
    if (!this.#transmit(this.#tried.has(id) ? { ...frame, retry: true } : frame)) return
    this.#asked.add(id)
    this.#tried.add(id)
  }

  #find(id: string): Pending | undefined {
    return untrack(this.pending).find((item) => item.id === id)
  }

  #replace(item: Pending): void {
    this.#setPending((list) => list.map((old) => (old.id === item.id ? item : old)))
  }
}

function sending({ id, command, at }: Pending): Pending {
  return { id, command, at, status: 'sending' }
}
