/**
 * What passes and is not stored: who is writing (DL7), which agents have the conversation open (CV14), and how far each
 * has read, which lives with the sockets. One writer's frames reach everybody, so each has a pace. Visitors learn of
 * replies alone; that a note is being written must not show, not even by a frame that says nothing.
 */
import { banOf } from '../../core/conversation/blocking.ts'
import { type Actor, authorOf } from '../../core/conversation/command.ts'
import { markSeen } from '../../core/conversation/cursors.ts'
import { mayWrite } from '../../core/conversation/may.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import type { Present, ServerFrame } from '../../core/protocol/frames.ts'
import type { Pace } from './pace.ts'
import type { Attachment, Sockets } from './sockets.ts'

type Typing = 'reply' | 'note' | null

export class Signals {
  readonly #sockets: Sockets
  readonly #pace: Pace
  /** What each was last said to be writing; forgotten with the instance, as clients forget it by themselves. */
  readonly #told = new WeakMap<WebSocket, NonNullable<Typing>>()

  constructor(sockets: Sockets, pace: Pace) {
    this.#sockets = sockets
    this.#pace = pace
  }

  /**
   * What comes too fast is not told. That what was told is no longer so always is: it cannot come more often than that.
   * BN3: across a block not even that somebody writes; CV8: nor of who may not.
   */
  typing(socket: WebSocket, { actor }: Attachment, record: ConversationRecord, where: Typing): void {
    const told = this.#told.get(socket) ?? null
    const isBlocked = banOf(record, Date.now()) === 'block'
    if (isBlocked && (actor.kind === 'visitor' || where === 'reply')) return
    if (where === 'reply' && actor.kind === 'agent' && !mayWrite(record.policy, record.team, actor)) return
    if (this.#pace.takes('typing', actor)) this.#tell(socket, actor, where)
    else if (told !== null && told !== where) this.#tell(socket, actor, null)
  }

  #tell(socket: WebSocket, actor: Actor, where: Typing): void {
    const wasReplying = this.#told.get(socket) === 'reply'
    const frame = (typing: Typing): ServerFrame => ({
      type: 'signal',
      from: authorOf(actor),
      name: nameOf(actor),
      typing,
    })
    if (where === null) this.#told.delete(socket)
    else this.#told.set(socket, where)
    this.#sockets.broadcast('team', frame(where), socket)
    if (actor.kind === 'visitor') return
    if (where === 'reply') this.#sockets.broadcast('visitor', frame('reply'))
    else if (wasReplying) this.#sockets.broadcast('visitor', frame(null))
  }

  /**
   * A reader has everything up to `seen` on screen.
   * What comes too fast is kept all the same, and told with what follows.
   */
  seen(socket: WebSocket, { actor }: Attachment, record: ConversationRecord, seen: number): void {
    const before = this.#sockets.cursors(record.cursors)
    const cursors = markSeen(before, actor.kind, seen, record.public.head)
    if (cursors === before) return
    this.#sockets.note(socket, { seen: Math.min(seen, record.public.head) })
    if (!this.#pace.takes('seen', actor)) return
    this.#sockets.broadcast('visitor', { type: 'cursors', cursors })
    this.#sockets.broadcast('team', { type: 'cursors', cursors })
  }

  /** The agents who are here, each once; `gone` has closed, but may still be listed. */
  present(gone?: WebSocket): Present[] {
    const list = new Map<string, Present>()
    for (const { actor } of this.#sockets.open('team', gone))
      if (actor.kind === 'agent') list.set(actor.member, { member: actor.member, name: actor.name })
    return [...list.values()]
  }

  /** Tells the agents who is here now. */
  presenceChanged(gone?: WebSocket): void {
    this.#sockets.broadcast('team', { type: 'present', list: this.present(gone) }, gone)
  }

  /** A socket went: whatever it was writing, it writes no more. Another tab of the same person may go on. */
  left(socket: WebSocket, attachment: Attachment): void {
    if (this.#told.has(socket)) this.#tell(socket, attachment.actor, null)
    if (attachment.actor.kind === 'agent') this.presenceChanged(socket)
  }
}

function nameOf(actor: Actor): string | null {
  return actor.kind === 'agent' ? actor.name : null
}
