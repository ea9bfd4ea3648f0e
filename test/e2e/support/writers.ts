/**
 * Writers that never give up: each sends message after message, keeps what was not acknowledged and sends it again,
 * with the same ids and in the same order, as soon as Foyer is back. What they were promised is written down, to be
 * compared with what is stored.
 */
import type { Entry } from '../../../core/conversation/entries.ts'
import type { Client } from './client.ts'

const RETRY_MS = 50

/** What a writer was told of one of its messages. `n` is unknown where only `done` arrived. */
export interface Promised {
  text: string
  n: number | null
}

export interface Writer {
  conversation: string
  instance: string
  /** By client id. */
  promised: Map<string, Promised>
  /** Stops sending new ones; resolves when everything that was sent is acknowledged. */
  finish(): Promise<void>
}

interface Sending {
  id: string
  text: string
  note: boolean
  tried: boolean
}

/** Counts messages of one writer; every fifth of an agent is a note. */
class Counter {
  n = 0
  readonly #instance: string
  readonly #notes: boolean

  constructor(instance: string, notes: boolean) {
    this.#instance = instance
    this.#notes = notes
  }

  next(): Sending {
    this.n += 1
    const text = `${this.#instance} says ${this.n}`
    return { id: `${this.#instance}:${this.n}`, text, note: this.#notes && this.n % 5 === 0, tried: false }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

interface SocketWriting {
  conversation: string
  instance: string
  /** How many may be on their way at once. */
  window: number
  notes: boolean
  open(): WebSocket
}

/** Writes over a socket, several at a time. */
export function writeBySocket({ conversation, instance, window, notes, open }: SocketWriting): Writer {
  const promised = new Map<string, Promised>()
  const waiting: Sending[] = []
  const counter = new Counter(instance, notes)
  let socket: WebSocket | null = null
  let isLive = false
  let isFinishing = false
  let pausedUntil = 0

  const transmit = (sending: Sending): void => {
    const command = { type: sending.note ? 'add_note' : 'send_message', text: sending.text }
    socket?.send(JSON.stringify({ type: 'command', id: sending.id, retry: sending.tried, command }))
    sending.tried = true
  }

  const settle = (id: string, n: number | null): void => {
    const index = waiting.findIndex((sending) => sending.id === id)
    const sending = waiting[index]
    if (!sending) return
    waiting.splice(index, 1)
    promised.set(id, { text: sending.text, n })
  }

  const hear = (data: unknown): void => {
    const frame = JSON.parse(String(data))
    if (frame.type === 'welcome') {
      isLive = true
      for (const sending of waiting) transmit(sending)
    }
    if (frame.type === 'entries') {
      const list: Entry[] = frame.list
      for (const entry of list) if (entry.clientId?.startsWith(`${instance}:`)) settle(entry.clientId, entry.n)
    }
    if (frame.type === 'done') settle(frame.id, null)
    if (frame.type === 'refused') {
      if (frame.code !== 'rate_limited') throw new Error(`Refused for no reason: ${String(data)}`)
      pausedUntil = frame.retryAt
      const refused = waiting.find((sending) => sending.id === frame.id)
      if (refused) setTimeout(() => isLive && transmit(refused), Math.max(RETRY_MS, frame.retryAt - Date.now()))
    }
    if (frame.type === 'error') throw new Error(`Not understood: ${String(data)}`)
  }

  const connect = (): void => {
    const opened = open()
    socket = opened
    opened.addEventListener('message', (event) => opened === socket && hear(event.data))
    opened.addEventListener('error', () => {})
    opened.addEventListener('close', () => {
      isLive = false
      if (!isFinishing || waiting.length > 0) setTimeout(connect, RETRY_MS)
    })
  }

  connect()
  const sending = (async () => {
    while (!isFinishing) {
      while (isLive && waiting.length < window && Date.now() >= pausedUntil) {
        const next = counter.next()
        waiting.push(next)
        transmit(next)
      }
      await pause(2)
    }
  })()

  return {
    conversation,
    instance,
    promised,
    async finish() {
      isFinishing = true
      await sending
      while (waiting.length > 0) await pause(20)
      socket?.close()
    },
  }
}

/** Writes over HTTP, one at a time: the answer is the acknowledgement. */
export function writeByHttp(agent: Client, conversation: string, instance: string): Writer {
  const promised = new Map<string, Promised>()
  const counter = new Counter(instance, true)
  let isFinishing = false

  const post = async (sending: Sending): Promise<void> => {
    const path = `/api/v1/conversations/${conversation}/${sending.note ? 'notes' : 'messages'}`
    for (;;) {
      const body = { clientId: sending.id, text: sending.text, retry: sending.tried }
      sending.tried = true
      const answer = await agent.ask<{ entries: Entry[] }>('POST', path, body).catch(() => null)
      if (answer?.status === 201) {
        const own = answer.body.entries.find((entry) => entry.clientId === sending.id)
        promised.set(sending.id, { text: sending.text, n: own?.n ?? null })
        return
      }
      // Only a server in trouble may be asked again; a refusal would be a bug.
      if (answer && answer.status < 500) throw new Error(`Refused: ${JSON.stringify(answer.body)}`)
      await pause(RETRY_MS)
    }
  }

  const sending = (async () => {
    while (!isFinishing) await post(counter.next())
  })()
  return {
    conversation,
    instance,
    promised,
    async finish() {
      isFinishing = true
      await sending
    },
  }
}
