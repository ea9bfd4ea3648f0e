/**
 * The conversation's hibernating sockets: accepting, who is behind each, sending to an audience.
 * Must never decide a rule, and never send an entry that did not come through `core/conversation/audience.ts`.
 */
import { type Audience, entriesFor, isForAll } from '../../core/conversation/audience.ts'
import type { Actor } from '../../core/conversation/command.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import type { Cursors } from '../../core/conversation/record.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { ServerFrame } from '../../core/protocol/frames.ts'
import { answerPings, sendText } from '../webSockets.ts'

/** What survives hibernation with the socket; at most 16 KB, so identity and cursor only. */
export interface Attachment {
  actor: Actor
  /** The newest public number this reader had on screen. */
  seen: number
  /** Epoch milliseconds after which an agent must show the session again; null for visitors. */
  expiresAt: number | null
  /** When the agent's rights were read; 0 for visitors. */
  asOf: number
  /** Whether the inbox object knows of this socket. */
  registered: boolean
  /** The newest revision that this socket knows to be told to the inbox object; left out where it knows of none. */
  told?: number
  /** Where a visitor's socket was opened from; left out where that is not known. */
  ip?: string
}

export class Sockets {
  readonly #ctx: DurableObjectState
  /** Read once each: while the object is awake, a socket keeps its identity, and its attachment changes only here. */
  readonly #attachments = new WeakMap<WebSocket, Attachment>()

  /** All of them while nobody comes or goes: asking the runtime costs nearly as much as a send. */
  #everybody: WebSocket[] | null = null

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx
  }

  #all(): readonly WebSocket[] {
    this.#everybody ??= this.#ctx.getWebSockets()
    return this.#everybody
  }

  /** A socket has closed. */
  closed(): void {
    this.#everybody = null
  }

  accept(attachment: Attachment): { client: WebSocket; server: WebSocket } {
    const { 0: client, 1: server } = new WebSocketPair()
    const { actor } = attachment
    // The runtime keeps it while there are sockets, through any sleep.
    answerPings(this.#ctx)
    const tags = actor.kind === 'agent' ? [audienceOf(actor), `member:${actor.member}`] : [audienceOf(actor)]
    this.#ctx.acceptWebSocket(server, tags)
    this.#everybody = null
    this.#attach(server, attachment)
    return { client, server }
  }

  /** Who is behind a socket; null for one that closed in between. */
  of(socket: WebSocket): Attachment | null {
    const known = this.#attachments.get(socket)
    if (known) return known
    const attachment = socket.deserializeAttachment() as Attachment | null
    if (attachment) this.#attachments.set(socket, attachment)
    return attachment
  }

  #attach(socket: WebSocket, attachment: Attachment): void {
    socket.serializeAttachment(attachment)
    this.#attachments.set(socket, attachment)
  }

  /** The cursors of the record, moved on by what open sockets have seen since it was written. */
  cursors(stored: Cursors): Cursors {
    const cursors = { ...stored }
    for (const socket of this.#all()) {
      const attachment = this.of(socket)
      if (!attachment) continue
      const side = attachment.actor.kind === 'visitor' ? 'visitor' : 'agents'
      cursors[side] = Math.max(cursors[side], attachment.seen)
    }
    return cursors
  }

  /**
   * PR2: who is behind a socket while the session holds;
   * else nothing more is said there, and it is asked to show it again.
   */
  valid(socket: WebSocket, now: number): Attachment | null {
    const attachment = this.of(socket)
    if (attachment === null || attachment.expiresAt === null || attachment.expiresAt > now) return attachment
    socket.close(CLOSE.renew, 'session expired')
    return null
  }

  /** Sends new entries to everyone who may have them: serialised once per audience that gets something else. */
  announce(entries: readonly Entry[], now: number): void {
    const texts: Partial<Record<Audience, string>> = {}
    const same = isForAll(entries)
    for (const socket of this.#all()) {
      const attachment = this.valid(socket, now)
      if (!attachment) continue
      const audience = same ? 'visitor' : audienceOf(attachment.actor)
      texts[audience] ??= entriesFrame(entriesFor(audience, entries))
      if (texts[audience] !== '') sendText(socket, texts[audience])
    }
  }

  /** Keeps something more about a socket, beside what is kept by now. */
  note(socket: WebSocket, change: Partial<Attachment>): void {
    const attachment = this.of(socket)
    if (attachment) this.#attach(socket, { ...attachment, ...change })
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.#all()) socket.close(code, reason)
  }

  /** The sockets of one member. */
  ofMember(member: string): WebSocket[] {
    return this.#ctx.getWebSockets(`member:${member}`)
  }

  /** Every socket of an audience. */
  all(audience: Audience): WebSocket[] {
    return this.#ctx.getWebSockets(audience)
  }

  /**
   * What was told to the inbox object, as far as an open socket remembers it: that takes no row, and outlasts a sleep.
   */
  get told(): number {
    return Math.max(0, ...this.#all().map((socket) => this.of(socket)?.told ?? 0))
  }

  noteTold(rev: number): void {
    const [socket] = this.#all()
    if (socket) this.note(socket, { told: rev })
  }

  get isEmpty(): boolean {
    return this.#all().length === 0
  }

  /** Every socket but this one. */
  others(socket: WebSocket): WebSocket[] {
    return this.#all().filter((other) => other !== socket)
  }

  /** Who is behind the open sockets of an audience, `but` one. */
  *open(audience: Audience, but?: WebSocket): Generator<Attachment> {
    for (const socket of this.#ctx.getWebSockets(audience)) {
      const attachment = socket === but || socket.readyState !== WebSocket.OPEN ? null : this.of(socket)
      if (attachment) yield attachment
    }
  }

  /** One serialised frame to everybody of an audience, `but` one. */
  broadcast(audience: Audience, frame: ServerFrame, but?: WebSocket): void {
    const now = Date.now()
    const sockets = this.#ctx.getWebSockets(audience).filter((socket) => socket !== but && this.valid(socket, now))
    if (sockets.length === 0) return
    const text = JSON.stringify(frame)
    for (const socket of sockets) sendText(socket, text)
  }

  send(socket: WebSocket, frame: ServerFrame): void {
    sendText(socket, JSON.stringify(frame))
  }
}

/** Nothing where an audience has no part in what happened: not even that something did. */
function entriesFrame(list: Entry[]): string {
  return list.length === 0 ? '' : JSON.stringify({ type: 'entries', list } satisfies ServerFrame)
}

/**
 * An assistant, and a key that may not read notes, get what a visitor gets: from the public log, and from nothing else.
 */
export function audienceOf(actor: Actor): Audience {
  if (actor.kind === 'key') return actor.scopes.includes('notes:read') ? 'team' : 'visitor'
  return actor.kind === 'visitor' || actor.kind === 'assistant' ? 'visitor' : 'team'
}
