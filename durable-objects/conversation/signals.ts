/**
 * What passes and is never stored: who is writing (DL7) and which agents have the conversation open (CV14).
 * Visitors learn of replies alone; that a note is being written must not show, not even by a frame that says nothing.
 */
import type { Actor } from '../../core/conversation/command.ts'
import { authorOf } from '../../core/conversation/command.ts'
import type { Present, ServerFrame } from '../../core/protocol/frames.ts'
import type { Attachment, Sockets } from './sockets.ts'

type Typing = 'reply' | 'note' | null

export class Signals {
  readonly #sockets: Sockets
  /** Who was last said to be writing a reply, by socket; forgotten with the instance, as clients forget it by themselves. */
  readonly #replying = new WeakSet<WebSocket>()
  /** Who was last said to be writing anything at all. */
  readonly #writing = new WeakSet<WebSocket>()

  constructor(sockets: Sockets) {
    this.#sockets = sockets
  }

  typing(socket: WebSocket, { actor }: Attachment, where: Typing): void {
    const frame = (typing: Typing): ServerFrame => ({
      type: 'signal',
      from: authorOf(actor),
      name: nameOf(actor),
      typing,
    })
    if (where === null) this.#writing.delete(socket)
    else this.#writing.add(socket)
    this.#sockets.broadcast('team', frame(where), socket)
    if (actor.kind === 'visitor') return
    if (where === 'reply') {
      this.#replying.add(socket)
      this.#sockets.broadcast('visitor', frame('reply'))
    } else if (this.#replying.delete(socket)) this.#sockets.broadcast('visitor', frame(null))
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
    if (this.#writing.has(socket)) this.typing(socket, attachment, null)
    if (attachment.actor.kind === 'agent') this.presenceChanged(socket)
  }
}

function nameOf(actor: Actor): string | null {
  return actor.kind === 'agent' ? actor.name : null
}
