/** How conversations are driven: a writer that keeps so many messages under way, or sends at a pace. */
import type { Host } from './host.ts'
import type { Room } from './subject.ts'
import type { Wire } from './wire.ts'

/** Without an answer for this long a measurement has failed. */
const PATIENCE_MS = 30_000

/** A conversation with its sockets, and when each message was seen by whom. */
export class Talk {
  readonly room: Room
  readonly #visitor: Wire
  readonly #watchers: Wire[]
  /** Called with the number of a message when its writer has it back: it is stored. */
  onAck: (n: number) => void = () => {}
  /** Called when a watcher has it. */
  onPeer: (n: number) => void = () => {}

  private constructor(room: Room, visitor: Wire, watchers: Wire[]) {
    this.room = room
    this.#visitor = visitor
    this.#watchers = watchers
    visitor.onText = (text) => this.#took(text, (n) => this.onAck(n))
    for (const watcher of watchers) watcher.onText = (text) => this.#took(text, (n) => this.onPeer(n))
  }

  static async open(room: Room, watchers = 1): Promise<Talk> {
    const visitor = await room.visit()
    return new Talk(room, visitor, await Promise.all(Array.from({ length: watchers }, () => room.watch())))
  }

  send(): void {
    this.#visitor.send(this.room.next())
  }

  /** Sends one message and waits until it is stored. Answers the milliseconds that took. */
  async says(): Promise<number> {
    const began = performance.now()
    await within(
      new Promise<void>((resolve) => {
        this.onAck = () => resolve()
        this.send()
      }),
    )
    return performance.now() - began
  }

  close(): void {
    for (const wire of [this.#visitor, ...this.#watchers]) wire.close()
  }

  #took(text: string, tell: (n: number) => void): void {
    const n = this.room.numberOf(text)
    if (n !== null) tell(n)
  }
}

/** Conversations opened a few at a time, as fast as is fair to a server that also has to answer. */
export async function openAll<T>(count: number, open: (i: number) => Promise<T>, atOnce = 16): Promise<T[]> {
  const opened: T[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: Math.min(atOnce, count) }, async () => {
      while (next < count) {
        const i = next
        next += 1
        opened[i] = await open(i)
      }
    }),
  )
  return opened
}

export interface Throughput {
  perSecond: number
  /** Microseconds of the server's processor time per message. */
  cpuUs: number
  /** How much of a core this client needed: above one it would measure itself. */
  clientCores: number
}

/** Every conversation keeps `outstanding` messages under way for a while. Ends when all are stored and seen. */
export async function saturate(
  host: Host,
  talks: readonly Talk[],
  outstanding: number,
  ms: number,
  watchers = 1,
): Promise<Throughput> {
  let [sent, acked, seen] = [0, 0, 0]
  const began = performance.now()
  const cpu = host.cpuMs()
  const client = process.cpuUsage()
  const until = began + ms
  let ended = began
  await within(
    new Promise<void>((resolve) => {
      const settled = () => {
        if (performance.now() >= until && acked === sent && seen === sent * watchers) resolve()
      }
      const say = (talk: Talk) => {
        sent += 1
        talk.send()
      }
      for (const talk of talks) {
        talk.onAck = () => {
          acked += 1
          ended = performance.now()
          if (ended < until) say(talk)
          else settled()
        }
        talk.onPeer = () => {
          seen += 1
          if (acked === sent) settled()
        }
        for (let i = 0; i < outstanding; i += 1) say(talk)
      }
    }),
    ms + PATIENCE_MS,
  )
  const { user, system } = process.cpuUsage(client)
  return {
    perSecond: (acked / (ended - began)) * 1000,
    cpuUs: ((host.cpuMs() - cpu) / acked) * 1000,
    clientCores: (user + system) / 1000 / (ended - began),
  }
}

/** Fills a conversation up to so many messages. */
export async function saturateUntil(talk: Talk, messages: number, outstanding: number): Promise<void> {
  await within(
    new Promise<void>((resolve) => {
      let [sent, acked] = [0, 0]
      const say = () => {
        sent += 1
        talk.send()
      }
      talk.onAck = () => {
        acked += 1
        if (sent < messages) say()
        else if (acked === messages) resolve()
      }
      while (sent < Math.min(outstanding, messages)) say()
    }),
    10 * PATIENCE_MS,
  )
}

export interface Paced {
  ackMs: number[]
  peerMs: number[]
}

/** One message every `everyMs` in one conversation. */
export async function pace(talk: Talk, messages: number, everyMs: number): Promise<Paced> {
  const sentAt: number[] = []
  const paced: Paced = { ackMs: [], peerMs: [] }
  await within(
    new Promise<void>((resolve) => {
      let [acks, peers] = [0, 0]
      // In one conversation messages come back in the order they were sent.
      const took = (list: number[], at: number | undefined) => {
        if (at !== undefined) list.push(performance.now() - at)
        if (acks === messages && peers === messages) resolve()
      }
      talk.onAck = () => {
        acks += 1
        took(paced.ackMs, sentAt[acks - 1])
      }
      talk.onPeer = () => {
        peers += 1
        took(paced.peerMs, sentAt[peers - 1])
      }
      const timer = setInterval(() => {
        sentAt.push(performance.now())
        talk.send()
        if (sentAt.length === messages) clearInterval(timer)
      }, everyMs)
    }),
    messages * everyMs + PATIENCE_MS,
  )
  return paced
}

async function within<T>(promise: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
