/**
 * Tells the inbox object which members have this conversation open, so that it can have their sockets closed when their
 * rights change (PR2). The conversation does not wait for it: a chat goes on while the inbox is out of reach, and what
 * could not be told is told with the member's next frame.
 */
import type { MemberId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { Attachment, Sockets } from './sockets.ts'

export interface RegistryDeps {
  sockets: Sockets
  /** Answers whether the rights read at `asOf` still hold. */
  viewing(member: MemberId, asOf: number): Promise<boolean>
  /** `at`: when, so that a socket which came back meanwhile stays known. */
  left(member: MemberId, at: number): Promise<void>
  report(message: string, error: unknown): void
}

export class Registry {
  readonly #deps: RegistryDeps
  /** Being told right now. */
  readonly #telling = new WeakSet<WebSocket>()

  constructor(deps: RegistryDeps) {
    this.#deps = deps
  }

  /** A socket is open: an agent's is told of, once. */
  async seen(socket: WebSocket, { actor, asOf, registered }: Attachment): Promise<void> {
    if (actor.kind !== 'agent' || registered || this.#telling.has(socket)) return
    this.#telling.add(socket)
    try {
      if (await this.#deps.viewing(actor.member, asOf)) this.#deps.sockets.note(socket, { registered: true })
      else socket.close(CLOSE.renew, 'rights changed')
    } catch (error) {
      this.#deps.report('the inbox could not be told who is here', error)
    }
    this.#telling.delete(socket)
  }

  /** A socket has gone: with a member's last one the inbox need not know of them any more. */
  async gone(socket: WebSocket, { actor }: Attachment): Promise<void> {
    if (actor.kind !== 'agent' || this.#deps.sockets.ofMember(actor.member).some((other) => other !== socket)) return
    try {
      await this.#deps.left(actor.member, Date.now())
    } catch (error) {
      this.#deps.report('the inbox could not be told who left', error)
    }
  }
}
