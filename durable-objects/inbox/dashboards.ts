/** The agents' sockets: who is behind each, presence, and sending to those who may see. Must never read storage. */
import { canSee, seesAll } from '../../core/conversation/canSee.ts'
import type { HistoryPolicy } from '../../core/conversation/policy.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { Membership } from '../../core/membership.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { Availability, InboxFrame, MemberPresence } from '../../core/protocol/inboxFrames.ts'
import { answerPings, sendText } from '../webSockets.ts'

/** What survives hibernation with the socket. */
export interface Attachment {
  member: Membership
  /** Epoch milliseconds after which the session must be shown again. */
  expiresAt: number
  /** Whether this dashboard is being looked at. */
  state: 'here' | 'away'
}

export class Dashboards {
  readonly #ctx: DurableObjectState

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx
    answerPings(ctx)
  }

  accept(attachment: Attachment): { client: WebSocket; server: WebSocket } {
    const { 0: client, 1: server } = new WebSocketPair()
    this.#ctx.acceptWebSocket(server, [attachment.member.member])
    server.serializeAttachment(attachment)
    return { client, server }
  }

  of(socket: WebSocket): Attachment | null {
    return socket.deserializeAttachment() as Attachment | null
  }

  /** Who is behind a socket, if the session still holds; else it is asked to show it again. */
  valid(socket: WebSocket, now = Date.now()): Attachment | null {
    const attachment = this.of(socket)
    if (!attachment || attachment.expiresAt > now) return attachment
    socket.close(CLOSE.renew, 'session expired')
    return null
  }

  /** A member's switch was set. Answers whether they have a dashboard open that says so now. */
  switched(member: string, available: boolean): boolean {
    const sockets = this.socketsOf(member)
    for (const socket of sockets) {
      const attachment = this.of(socket)
      if (attachment) socket.serializeAttachment({ ...attachment, member: { ...attachment.member, available } })
    }
    return sockets.length > 0
  }

  /** A dashboard said whether it is looked at. Answers whether that is new. */
  reported(socket: WebSocket, state: Attachment['state']): boolean {
    const attachment = this.of(socket)
    if (!attachment || attachment.state === state) return false
    socket.serializeAttachment({ ...attachment, state })
    return true
  }

  socketsOf(member: string): WebSocket[] {
    return this.#ctx.getWebSockets(member)
  }

  anybody(): boolean {
    return this.#ctx.getWebSockets().length > 0
  }

  /** A member is as present as their most present dashboard; the switch outweighs it. `gone` has closed. */
  presence(gone?: WebSocket): MemberPresence[] {
    const found = new Map<string, MemberPresence>()
    for (const { member, state } of this.#open(gone)) {
      const here: Availability = state === 'here' && member.available !== false ? 'available' : 'away'
      const known = found.get(member.member)
      if (known?.availability !== 'available') found.set(member.member, { member: member.member, availability: here })
    }
    return [...found.values()]
  }

  /** One serialised frame to everybody. */
  tell(frame: InboxFrame): void {
    const text = JSON.stringify(frame)
    for (const socket of this.#ctx.getWebSockets()) if (this.valid(socket)) sendText(socket, text)
  }

  /** A changed row to everybody who may see it; who just lost it learns that it is gone and nothing else (CV7). */
  tellRow(row: ConversationRow, withdrawn: readonly string[], history: HistoryPolicy): void {
    const frame: InboxFrame = row.deletedAt === null ? { type: 'rows', list: [row] } : { type: 'removed', id: row.id }
    const text = JSON.stringify(frame)
    for (const socket of this.#ctx.getWebSockets()) {
      const attachment = this.valid(socket)
      if (!attachment) continue
      if (canSee(attachment.member, row, history)) sendText(socket, text)
      else if (withdrawn.includes(attachment.member.member)) this.send(socket, { type: 'removed', id: row.id })
    }
  }

  /** Has everybody who does not see all connect again: what they may see has changed. */
  renew(): void {
    for (const socket of this.#ctx.getWebSockets()) {
      const attachment = this.of(socket)
      if (attachment && !seesAll(attachment.member)) socket.close(CLOSE.renew, 'policies changed')
    }
  }

  /** To each member what is theirs. */
  tellEach(frame: (member: Membership) => InboxFrame): void {
    for (const socket of this.#ctx.getWebSockets()) {
      const attachment = this.valid(socket)
      if (attachment) this.send(socket, frame(attachment.member))
    }
  }

  tellMember(member: string, frame: InboxFrame, but?: WebSocket): void {
    for (const socket of this.socketsOf(member)) if (socket !== but && this.valid(socket)) this.send(socket, frame)
  }

  send(socket: WebSocket, frame: InboxFrame): void {
    sendText(socket, JSON.stringify(frame))
  }

  *#open(gone?: WebSocket): Generator<Attachment> {
    for (const socket of this.#ctx.getWebSockets()) {
      const attachment = socket === gone || socket.readyState !== WebSocket.OPEN ? null : this.of(socket)
      if (attachment) yield attachment
    }
  }
}
