import { For, Show } from 'solid-js'
import type { MessageEntry, PublicEntry } from '../../core/conversation/entries.ts'
import { preview } from '../../core/conversation/state.ts'
import type { Author } from '../../core/ids.ts'
import { linkify } from '../lib/linkify.ts'
import { dayLabel, exactTime, timeOfDay } from '../lib/times.ts'
import { activityText, beginsDay, nameOf, together } from './grouping.ts'
import { QuoteIcon } from './icons.tsx'

interface EntryRowProps {
  entry: PublicEntry
  previous: PublicEntry | undefined
  next: PublicEntry | undefined
  you: Author | null
  people: Partial<Record<Author, string>>
  /** Whether to say that it is stored: on the newest own message. */
  sent: boolean
  /** The message of a number, where it is loaded. */
  quoted: (n: number) => MessageEntry | undefined
  onQuote: (message: MessageEntry) => void
  /** Shows the message of a number. */
  onJump: (n: number) => void
}

/** One entry of the timeline, with its day where a day begins. */
export function EntryRow(props: EntryRowProps) {
  const activity = () => activityText(props.entry, props.you, props.people)
  const message = () => (props.entry.type === 'message.created' ? props.entry : null)
  return (
    <>
      <Show when={beginsDay(props.previous, props.entry)}>
        <p class="day">
          <time datetime={new Date(props.entry.at).toISOString()}>{dayLabel(props.entry.at)}</time>
        </p>
      </Show>
      <Show when={activity()}>
        {(text) => (
          <p class="activity" dir="ltr" title={exactTime(props.entry.at)}>
            {text()}
          </p>
        )}
      </Show>
      <Show when={message()}>{(of) => <Message row={props} of={of()} />}</Show>
    </>
  )
}

function Message(props: { row: EntryRowProps; of: MessageEntry }) {
  const own = (): boolean => props.of.author === props.row.you
  const first = (): boolean => !together(props.row.previous, props.of)
  const last = (): boolean => !together(props.of, props.row.next)
  const name = (): string => (own() ? 'You' : nameOf(props.of.author, props.row.people))
  const deleted = (): boolean => props.of.body.deletedAt !== undefined
  const edited = (): boolean => !deleted() && props.of.body.editedAt !== undefined
  return (
    <article
      id={`m${props.of.n}`}
      tabindex="-1"
      class="message"
      data-side={own() ? 'own' : 'team'}
      data-state={deleted() ? 'deleted' : undefined}
      data-first={first() ? '' : undefined}
      data-last={last() ? '' : undefined}
      onPointerDown={holdToOffer}
    >
      <Show when={!own() && first()} fallback={<span class="unseen">{name()}:</span>}>
        <p class="author" dir="auto">
          {name()}
        </p>
      </Show>
      <Show when={!own() && last()}>
        <span class="face" aria-hidden="true">
          {initials(name())}
        </span>
      </Show>
      <Show when={!deleted()} fallback={<p class="bubble">This message was deleted</p>}>
        <Show when={props.of.body.quote}>
          {(n) => <Quote text={quoteText(props.row.quoted(n()))} onJump={() => props.row.onJump(n())} />}
        </Show>
        <MessageText text={props.of.body.text} title={exactTime(props.of.at)} />
        <Show when={!own()}>
          <button
            type="button"
            class="reply"
            aria-label="Quote this message"
            title="Quote"
            onClick={() => props.row.onQuote(props.of)}
          >
            <QuoteIcon />
          </button>
        </Show>
      </Show>
      <Show when={last() || edited()}>
        <p class="foot">
          {edited() && 'Edited · '}
          <time datetime={new Date(props.of.at).toISOString()}>{timeOfDay(props.of.at)}</time>
          {props.row.sent && ' · Sent'}
        </p>
      </Show>
    </article>
  )
}

/** Sooner than browsers begin to select text, which ends the touch for us. */
const HOLD_MS = 400

/**
 * A finger that is held on a message finds what pointing at it shows (MS4):
 * the style sheet does the same for the focus.
 */
function holdToOffer({ currentTarget: message, pointerType }: PointerEvent & { currentTarget: HTMLElement }): void {
  if (pointerType !== 'touch') return
  const held = setTimeout(() => message.focus({ preventScroll: true }), HOLD_MS)
  message.onpointerup = message.onpointercancel = () => clearTimeout(held)
}

/** The beginning of what a message answers to. */
export function Quote(props: { text: string; onJump: () => void }) {
  return (
    <button type="button" class="quote" dir="auto" title="Show the message" onClick={() => props.onJump()}>
      <span class="unseen">In answer to: </span>
      {props.text}
    </button>
  )
}

/** @param message none where it is not loaded */
export function quoteText(message: MessageEntry | undefined): string {
  if (!message) return 'An earlier message'
  return message.body.deletedAt === undefined ? preview(message.body.text) : 'This message was deleted'
}

/** A message's text with its links, and nothing else of it (MS9). */
export function MessageText(props: { text: string; title?: string }) {
  return (
    <p class="bubble" title={props.title}>
      <For each={linkify(props.text)}>
        {(piece) => (
          <Show when={piece.href} fallback={piece.text}>
            {(href) => (
              <a href={href()} target="_blank" rel="noopener noreferrer nofollow ugc">
                {piece.text}
              </a>
            )}
          </Show>
        )}
      </For>
    </p>
  )
}

/** The first letters of the first and the last word. */
function initials(name: string): string {
  return name.replace(/^\s*(\S).*?(?:\s(\S)\S*)?\s*$/u, '$1$2').toLocaleUpperCase()
}
