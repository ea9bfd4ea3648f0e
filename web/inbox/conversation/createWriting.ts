import { type Accessor, createSignal } from 'solid-js'
import type { ConversationId } from '../../../core/ids.ts'
import type { SocketCommand } from '../../../core/protocol/frames.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import type { Drafts, Mode } from '../composer/createDrafts.ts'
import type { Names } from '../timeline/createNames.ts'
import { type MessageActs, refOf, type Said } from './createMessageActs.ts'

export interface Writing {
  mode: Accessor<Mode>
  /** Turns to the composer, in this mode. */
  write(mode: Mode): void
  /** Turns to the composer to write about a message or note; about a note only in a note. */
  answer(said: Said): void
  /** Sends what was written, with what it quotes. */
  send(command: SocketCommand): void
  /** What the next message quotes, in words. */
  quote(): { author: string; text: string } | null
  ref(composer: HTMLTextAreaElement): void
}

interface WritingDeps {
  id: ConversationId
  live: LiveConversation
  acts: MessageActs
  drafts: Drafts
  names: Pick<Names, 'author'>
}

/** What an agent writes in a conversation: in which mode, and about which message. */
export function createWriting({ id, live, acts, drafts, names }: WritingDeps): Writing {
  const [mode, setMode] = createSignal<Mode>(drafts.mode(id))
  let composer: HTMLTextAreaElement | undefined
  // A note may not be quoted to the visitor.
  const quoted = () => {
    const said = acts.quoted()
    return said && (mode() === 'note' || said.type === 'message.created') ? said : null
  }

  function withQuote(command: SocketCommand): SocketCommand {
    const said = quoted()
    if (!said) return command
    if (command.type === 'add_note') return { ...command, quote: refOf(said) }
    return command.type === 'send_message' ? { ...command, quote: said.n } : command
  }

  function write(next: Mode): void {
    setMode(next)
    drafts.choose(id, next)
    composer?.focus()
  }

  return {
    mode,
    write,
    answer: (said) => {
      acts.quote(said)
      write(said.type === 'note.created' ? 'note' : mode())
    },
    send: (command) => {
      live.typing(null)
      live.send(withQuote(command))
      acts.quote(null)
    },
    quote: () => {
      const said = quoted()
      return said && { author: names.author(said.author), text: said.body.text }
    },
    ref: (element) => {
      composer = element
    },
  }
}
