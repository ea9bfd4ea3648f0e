/**
 * Tells the inbox object that this conversation is open and which members have it so, so that it can have their sockets
 * closed when their rights change (PR2) and be told of changed policies. The conversation does not wait for it: a chat
 * goes on while the inbox is out of reach, and what could not be told is told with the next frame, or after a while to
 * who sends none: a socket that nobody knows of would outlive the rights that it was opened on.
 *
 * A visitor who begins opens a socket a moment later: that is told with the conversation's first row, which is on its
 * way anyway, and the socket needs no call of its own.
 */
import type { Actor } from '../../core/conversation/command.ts'
import type { Policies } from '../../core/conversation/policy.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { MemberId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { Awaited, Opened } from '../../core/protocol/inboxCalls.ts'
import type { Attachment, Sockets } from './sockets.ts'

/** After so long a socket that could not be told of is told of again. */
export const TELL_AGAIN_MS = 15_000

export interface RegistryDeps {
  sockets: Sockets
  after(ms: number, run: () => void): void
  /** Answers whether the rights read at `asOf` still hold, and newer policies. Null: the visitor. */
  opened(who: { member: MemberId; asOf: number } | null, ip?: string): Promise<Opened>
  /** Tells a row, and that a socket is awaited. Answers policies alone where the inbox runs the version before. */
  tell(row: ConversationRow, urgent: boolean, awaited?: Awaited): Promise<Policies | null | Opened>
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
  /** To be told again after a while. */
  readonly #untold = new WeakSet<WebSocket>()
  /** The visitor who has just begun: where from, and the answer to the row that says so, while that still holds. */
  #beginner: { ip: string; opened: Promise<Opened | null> | null } | null = null

  constructor(deps: RegistryDeps) {
    this.#deps = deps
  }

  /** A visitor begins, from there. Said before the first row goes out. */
  begins(ip: string): void {
    this.#beginner = { ip, opened: null }
  }

  /** The inbox would answer otherwise by now: whoever opens a socket is told of. */
  unawaited(): void {
    this.#beginner = null
  }

  /** Tells the row. @returns newer policies than this conversation has */
  async tell(row: ConversationRow, urgent: boolean): Promise<Policies | null> {
    const beginner = this.#beginner
    if (!beginner || beginner.opened) return policiesIn(await this.#deps.tell(row, urgent))
    const answer = this.#deps.tell(row, urgent, { ip: beginner.ip, at: Date.now() })
    beginner.opened = answer.then(openedIn, () => null)
    return policiesIn(await answer)
  }

  /** A socket is open: it is told of, once. */
  async seen(socket: WebSocket, { actor, asOf, registered, ip }: Attachment): Promise<void> {
    if (registered || this.#telling.has(socket)) return
    this.#telling.add(socket)
    try {
      const who = actor.kind === 'agent' ? { member: actor.member, asOf } : null
      const { holds, policies, banned } = (await this.#told(actor, ip)) ?? (await this.#deps.opened(who, ip))
      if (banned) socket.close(CLOSE.forbidden, 'banned')
      else if (holds) this.#deps.sockets.note(socket, { registered: true })
      else socket.close(CLOSE.renew, 'rights changed')
      if (policies) this.#deps.instructed(policies)
    } catch (error) {
      this.#deps.report('the inbox could not be told who is here', error)
      this.#later(socket)
    }
    this.#telling.delete(socket)
  }

  #later(socket: WebSocket): void {
    if (this.#untold.has(socket)) return
    this.#untold.add(socket)
    this.#deps.after(TELL_AGAIN_MS, () => {
      this.#untold.delete(socket)
      const attachment = socket.readyState === WebSocket.OPEN ? this.#deps.sockets.of(socket) : null
      if (attachment) void this.seen(socket, attachment)
    })
  }

  /**
   * What was answered where it has been told already; null where it has to be. One socket alone can be the one awaited.
   */
  #told({ kind }: Actor, ip: string | undefined): Promise<Opened | null> | null {
    const beginner = this.#beginner
    if (kind !== 'visitor' || !beginner || beginner.ip !== ip) return null
    this.#beginner = null
    return beginner.opened
  }

  /** The inbox takes this conversation for an open one: if nobody is here, it is told so. */
  async addressed(): Promise<void> {
    if (!this.#deps.sockets.isEmpty) return
    this.unawaited()
    try {
      await this.#deps.left(null, Date.now(), true)
    } catch (error) {
      this.#deps.report('the inbox could not be told that nobody is here', error)
    }
  }

  /** A socket has gone: with the last one of a person the inbox need not know of them any more. */
  async gone(socket: WebSocket, { actor }: Attachment): Promise<void> {
    const { sockets } = this.#deps
    const member = actor.kind === 'agent' ? actor.member : null
    const empty = sockets.others(socket).length === 0
    const isLast = member !== null && !sockets.ofMember(member).some((other) => other !== socket)
    if (!empty && !isLast) return
    if (empty) this.unawaited()
    try {
      await this.#deps.left(isLast ? member : null, Date.now(), empty)
    } catch (error) {
      this.#deps.report('the inbox could not be told who left', error)
    }
  }
}

function openedIn(answer: Policies | null | Opened): Opened | null {
  return answer && 'holds' in answer ? answer : null
}

function policiesIn(answer: Policies | null | Opened): Policies | null {
  return answer && 'holds' in answer ? answer.policies : answer
}
