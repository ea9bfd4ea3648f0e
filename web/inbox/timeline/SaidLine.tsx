import { Show } from 'solid-js'
import Pencil from '~icons/lucide/pencil'
import Quote from '~icons/lucide/quote'
import Trash from '~icons/lucide/trash-2'
import { isTeam } from '../../../core/conversation/entries.ts'
import { authorKind } from '../../../core/ids.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import { exactTime, timeOfDay } from '../../lib/times.ts'
import { IconButton } from '../../ui/Button.tsx'
import { type MessageActs, refOf, type Said } from '../conversation/createMessageActs.ts'
import { Bubble } from './Bubble.tsx'
import { DeliveryMark } from './DeliveryMark.tsx'
import type { Place } from './grouping.ts'
import { MessageEditor } from './MessageEditor.tsx'
import { QuoteBlock } from './QuoteBlock.tsx'

interface SaidLineProps {
  said: Said
  place: Place
  /** The one after it was read by the visitor, or not, like this one: then one mark for both is enough. */
  nextIsLike: boolean
  /** By whom and when it was deleted, as a sentence; null where it stands. */
  deleted: string | null
  /** Whether it is known how far it has come (DL6). */
  ticks: boolean
  live: LiveConversation
  acts: MessageActs
  author: string
  authorOf(said: Said): string
  onQuote(said: Said): void
  onJump(ref: string): void
}

/** A message or a note in its place, with what it quotes, how far it has come, and what can be done with it. */
export function SaidLine(props: SaidLineProps) {
  const ref = () => refOf(props.said)
  const kind = () => {
    if (isTeam(props.said)) return 'note'
    const author = authorKind(props.said.author)
    return author === 'visitor' || author === 'assistant' ? author : 'agent'
  }
  const message = () => (props.said.type === 'message.created' ? props.said : null)
  const isDeleted = () => props.deleted !== null
  const isEditing = () => message() !== null && props.acts.editing() === ref()
  const isGoing = () => props.acts.isGoing(props.said)
  const text = () => props.deleted ?? (isGoing() ? 'Deleting this message…' : props.said.body.text)
  const hasFoot = () => props.place.last || !props.nextIsLike || message()?.body.editedAt !== undefined
  return (
    <Bubble
      kind={kind()}
      author={props.author}
      text={text()}
      anchor={String(ref())}
      title={exactTime(props.said.at)}
      first={props.place.first}
      last={props.place.last}
      state={isDeleted() || isGoing() ? 'deleted' : undefined}
      quote={
        <Show when={!isDeleted() && props.said.body.quote}>
          {(quoted) => (
            <QuoteBlock
              entryRef={quoted()}
              entries={props.live.entries}
              authorOf={props.authorOf}
              onJump={() => props.onJump(String(quoted()))}
            />
          )}
        </Show>
      }
      editing={isEditing()}
      editor={
        <Show when={message()}>
          {(edited) => <MessageEditor message={edited()} live={props.live} onDone={() => props.acts.edit(null)} />}
        </Show>
      }
      tools={
        <Show when={!isDeleted() && !isGoing() && !isEditing()}>
          <Tools said={props.said} acts={props.acts} onQuote={() => props.onQuote(props.said)} />
        </Show>
      }
    >
      <Show when={hasFoot()}>
        <Show when={kind() !== 'visitor'}>
          <bdi>{props.author}</bdi> ·{' '}
        </Show>
        <time datetime={new Date(props.said.at).toISOString()}>{timeOfDay(props.said.at)}</time>
        <Show when={!isDeleted() && message()?.body.editedAt}>
          {(at) => <span title={exactTime(at())}> · edited</span>}
        </Show>
        <Show when={props.ticks && (kind() === 'agent' || kind() === 'assistant') && !isDeleted()}>
          <DeliveryMark delivery={props.live.cursors.visitor >= props.said.n ? 'read' : 'stored'} />
        </Show>
      </Show>
    </Bubble>
  )
}

function Tools(props: { said: Said; acts: MessageActs; onQuote(): void }) {
  const message = () => (props.said.type === 'message.created' ? props.said : null)
  return (
    <>
      <IconButton label="Quote" shortcut="R" onClick={() => props.onQuote()}>
        <Quote aria-hidden="true" />
      </IconButton>
      <Show when={props.acts.mayEdit(props.said) && message()}>
        {(own) => (
          <IconButton label="Edit" onClick={() => props.acts.edit(own().n)}>
            <Pencil aria-hidden="true" />
          </IconButton>
        )}
      </Show>
      <Show when={props.acts.mayDelete(props.said) && message()}>
        {(own) => (
          <IconButton label="Delete" onClick={() => props.acts.remove(own())}>
            <Trash aria-hidden="true" />
          </IconButton>
        )}
      </Show>
    </>
  )
}
