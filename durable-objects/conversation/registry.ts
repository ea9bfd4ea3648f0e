/**
 * Tells the inbox object that this conversation is open and which members have it so, so that it can have their sockets
 * closed when their rights change (PR2) and be told of changed policies. The conversation does not wait for it: a chat goes
 * on while the inbox is out of reach, and what could not be told is told with the next frame.
 */
import type { Policies } from '../../core/conversation/policy.ts'
import type { MemberId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { Opened } from '../../core/protocol/inboxCalls.ts'
import type { Attachment, Sockets } from './sockets.ts'

export interface RegistryDeps {
  sockets: Sockets
  /** Answers whether the rights read at `asOf` still hold, and newer policies. Null: the visitor. */
  opened(who: { member: MemberId; asOf: number } | null, ip?: string): Promise<Opened>
  /** `at`: when, so that a socket which came back meanwhile stays known. `empty`: nobody else is here. */
  left(member: MemberId | null, at: number, empty: boolean): Promise<void>
  /** Newer policies than this conversation has. */
  instructed(policies: Policies): void
  report(message: string, error: unknown): void
}

export class Registry {
  readonly #deps: RegistryDeps
  /** Being told right now. */
  readonly #telling = new WeakSet<WebSocket>()

  constructor(deps: RegistryDeps) {
    this.#deps = deps
  }

  /** A socket is open: it is told of, once. */
  async seen(socket: WebSocket, { actor, asOf, registered, ip }: Attachment): Promise<void> {
    if (registered || this.#telling.has(socket)) return
    this.#telling.add(socket)
    try {
      const who = actor.kind === 'agent' ? { member: actor.member, asOf } : null
      const { holds, policies, banned } = await this.#deps.opened(who, ip)
      if (banned) socket.close(CLOSE.forbidden, 'banned')
      else if (holds) this.#deps.sockets.note(socket, { registered: true })
      else socket.close(CLOSE.renew, 'rights changed')
      if (policies) this.#deps.instructed(policies)
    } catch (error) {
      this.#deps.report('the inbox could not be told who is here', error)
    }
    this.#telling.delete(socket)
  }

  /** A socket has gone: with the last one of a person the inbox need not know of them any more. */
  async gone(socket: WebSocket, { actor }: Attachment): Promise<void> {
    const { sockets } = this.#deps
    const member = actor.kind === 'agent' ? actor.member : null
    const empty = sockets.others(socket).length === 0
    const isLast = member !== null && !sockets.ofMember(member).some((other) => other !== socket)
    if (!empty && !isLast) return
    try {
      await this.#deps.left(isLast ? member : null, Date.now(), empty)
    } catch (error) {
      this.#deps.report('the inbox could not be told who left', error)
    }
  }
}
