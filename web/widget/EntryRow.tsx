import { For, Show } from 'solid-js'
import type { PublicEntry } from '../../core/conversation/entries.ts'
import type { Author } from '../../core/ids.ts'
import { linkify } from '../lib/linkify.ts'
import { dayLabel, exactTime, timeOfDay } from '../lib/times.ts'
import { activityText, beginsDay, together } from './grouping.ts'

interface EntryRowProps {
  entry: PublicEntry
  previous: PublicEntry | undefined
  next: PublicEntry | undefined
  you: Author | null
  people: Partial<Record<Author, string>>
  /** Whether to say that it is stored: on the newest own message. */
  sent: boolean
}

/** One entry of the timeline, with its day where a day begins. */
export function EntryRow(props: EntryRowProps) {
  const activity = () => activityText(props.entry, props.you, props.people)
  const said = (): string | null => (props.entry.type === 'message.created' ? props.entry.body.text : null)
  return (
    <>
      <Show when={beginsDay(props.previous, props.entry)}>
        <p class="day">
          <time datetime={new Date(props.entry.at).toISOString()}>{dayLabel(props.entry.at)}</time>
        </p>
      </Show>
      <Show when={activity()}>
        {(text) => (
          <p class="activity" dir="auto" title={exactTime(props.entry.at)}>
            {text()}
          </p>
        )}
      </Show>
      <Show when={said()}>{(text) => <Message row={props} text={text()} />}</Show>
    </>
  )
}

function Message(props: { row: EntryRowProps; text: string }) {
  const own = (): boolean => props.row.entry.author === props.row.you
  const first = (): boolean => !together(props.row.previous, props.row.entry)
  const last = (): boolean => !together(props.row.entry, props.row.next)
  const name = (): string => (own() ? 'You' : (props.row.people[props.row.entry.author] ?? 'The team'))
  return (
    <article
      class="message"
      data-side={own() ? 'own' : 'team'}
      data-first={first() ? '' : undefined}
      data-last={last() ? '' : undefined}
    >
      <Show when={!own() && first()}>
        <p class="author" dir="auto">
          {name()}
        </p>
      </Show>
      <Show when={own() || !first()}>
        <span class="unseen">{name()}:</span>
      </Show>
      <Show when={!own() && last()}>
        <span class="face" aria-hidden="true">
          {initials(name())}
        </span>
      </Show>
      <MessageText text={props.text} title={exactTime(props.row.entry.at)} />
      <Show when={last()}>
        <p class="foot">
          <time datetime={new Date(props.row.entry.at).toISOString()}>{timeOfDay(props.row.entry.at)}</time>
          <Show when={props.row.sent}> · Sent</Show>
        </p>
      </Show>
    </article>
  )
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

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => [...(word ?? '')][0] ?? '')
  return letters.join('').toLocaleUpperCase()
}
