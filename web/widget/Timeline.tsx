import { createEffect, createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js'
import type { Entry, MessageEntry, PublicEntry } from '../../core/conversation/entries.ts'
import { rewrites } from '../../core/conversation/rewrite.ts'
import type { Author } from '../../core/ids.ts'
import type { LiveConversation } from '../lib/createConversation.ts'
import { listen } from '../lib/listen.ts'
import type { Visit } from './createVisit.ts'
import { EntryRow } from './EntryRow.tsx'
import type { RatingCard } from './RatingCard.tsx'
import { WaitingRow } from './WaitingRow.tsx'

interface TimelineProps {
  visit: Visit
  /** Whether the visitor has the window open. */
  shown: boolean
  /** Stands at the end, once it asks something. */
  card: JSX.Element
  asking: boolean
  onQuote: (message: MessageEntry) => void
  /** Goes on where a conversation that is closed for good cannot. */
  onGoOn: () => void
  /** Puts a refused text back into the composer. */
  onEdit: (text: string) => void
}

/** How near to its end the timeline must be to follow what comes. */
const END_WITHIN_PX = 80

/** What was said, then what is still on its way. */
export function Timeline(props: TimelineProps) {
  const talk = () => props.visit.talk()
  const prompt = () => talk()?.state.public.prompt
  // Loaded when somebody is asked (RT1). Who cannot load it is asked when they come back.
  const [Rating, setRating] = createSignal<typeof RatingCard | null>(null)
  createEffect(() => {
    if (prompt()) import('./cards.ts').then((loaded) => setRating(() => loaded.RatingCard)).catch(() => {})
  })
  const entries = createMemo(() => (talk()?.entries ?? []).filter(isLine))
  const waiting = () => props.visit.waiting()
  const restoring = (): boolean => talk()?.loaded() === false && waiting().length === 0
  const lastOwn = createMemo(() => {
    const last = entries().findLast((entry) => entry.type === 'message.created')
    return last && last.author === talk()?.you() && waiting().length === 0 ? last : null
  })
  const messageAt = (n: number): MessageEntry | undefined => {
    const found = entries().find((entry) => entry.n === n)
    return found?.type === 'message.created' ? found : undefined
  }
  const writing = (): string => {
    const typist = talk()?.typists()[0]
    return typist ? `${typist.name ?? 'Somebody'} is typing…` : ''
  }
  const isLastOfStatus = (index: number): boolean => {
    const [item, next] = waiting().slice(index, index + 2)
    return !next || (item !== undefined && props.visit.statusOf(item) !== props.visit.statusOf(next))
  }
  let scroller: HTMLElement | undefined

  const jump = createJump(talk)
  createFollowing(
    () => scroller,
    entries,
    () => waiting().length + Number(props.asking),
  )
  createReading(
    () => scroller,
    talk,
    () => props.shown,
  )

  return (
    <section class="timeline" ref={(element) => (scroller = element)} tabindex="0" aria-label="Conversation">
      <Show when={talk()?.hasOlder()}>
        <button type="button" class="older" onClick={() => talk()?.loadOlder()}>
          {talk()?.loadingOlder() ? 'Loading…' : 'Show earlier messages'}
        </button>
      </Show>
      <Show when={restoring()}>
        <div class="skeleton" aria-hidden="true">
          <i />
          <i />
          <i />
        </div>
      </Show>
      <div role="log" aria-live="polite" aria-label="Messages" aria-busy={restoring()}>
        <For each={entries()}>
          {(entry, index) => (
            <>
              <EntryRow
                entry={entry}
                previous={entries()[index() - 1]}
                next={entries()[index() + 1]}
                you={talk()?.you() ?? null}
                people={talk()?.state.public.people ?? {}}
                sent={lastOwn() === entry}
                quoted={messageAt}
                onQuote={props.onQuote}
                onJump={jump}
              />
              <Show when={entry.n === prompt()?.n && Rating()} keyed>
                {(Rating) => <Rating visit={props.visit} />}
              </Show>
            </>
          )}
        </For>
      </div>
      <Show when={props.visit.final()}>
        <p class="activity" role="status">
          This conversation is closed for good.{' '}
          <button type="button" class="main" onClick={props.onGoOn}>
            Go on in a new one
          </button>
        </p>
      </Show>
      <For each={waiting()}>
        {(item, index) => (
          <WaitingRow
            item={item}
            status={props.visit.statusOf(item)}
            joined={index() > 0 || continuesOwn(entries().at(-1), talk()?.you() ?? null)}
            last={isLastOfStatus(index())}
            onRetry={() => props.visit.retry(item.id)}
            onEdit={(text) => {
              props.visit.discard(item.id)
              props.onEdit(text)
            }}
          />
        )}
      </For>
      {props.card}
      <p class="writing" role="status">
        {writing()}
      </p>
    </section>
  )
}

/** Edits and deletions are seen in their messages. Visitors are sent public entries alone; the type says so too. */
function isLine(entry: Entry): entry is PublicEntry {
  return !('after' in entry) && rewrites(entry) === null
}

/** Goes to a message, and loads older pages until it is there. */
function createJump(talk: () => LiveConversation | null): (n: number) => void {
  const [wanted, setWanted] = createSignal<number | null>(null)
  createEffect(() => {
    const n = wanted()
    const first = talk()?.entries[0]?.n
    if (n === null || first === undefined) return
    if (first > n && talk()?.hasOlder()) {
      if (!talk()?.loadingOlder()) talk()?.loadOlder()
      return
    }
    setWanted(null)
    // After the page that was waited for is drawn and the place is held.
    queueMicrotask(() => {
      const message = document.getElementById(`m${n}`)
      message?.scrollIntoView({ block: 'center' })
      message?.focus({ preventScroll: true })
      message?.animate({ opacity: [0.3, 1] }, 600)
    })
  })
  return setWanted
}

function continuesOwn(last: PublicEntry | undefined, you: Author | null): boolean {
  return last?.type === 'message.created' && last.author === you
}

/** Stays at the end while one is there, goes there for one's own message, and holds the place while older ones come. */
function createFollowing(
  scroller: () => HTMLElement | undefined,
  entries: () => PublicEntry[],
  waiting: () => number,
): void {
  let atEnd = true
  let height = 0
  const measure = (): void => {
    const element = scroller()
    if (!element) return
    atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < END_WITHIN_PX
    height = element.scrollHeight
  }
  const settle = (grewAtTop: boolean): void => {
    const element = scroller()
    if (!element) return
    if (grewAtTop) element.scrollTop += element.scrollHeight - height
    else if (atEnd) element.scrollTop = element.scrollHeight
    measure()
  }
  onMount(() => {
    const element = scroller()
    if (!element) return
    element.addEventListener('scroll', measure)
    // The window opens, turns, or loses room to a keyboard: the end stays where it was seen.
    const watch = new ResizeObserver(() => settle(false))
    watch.observe(element)
    onCleanup(() => watch.disconnect())
  })
  let first: number | undefined
  let waited = 0
  createEffect(() => {
    const was = first
    first = entries()[0]?.n
    if (waiting() > waited) atEnd = true
    waited = waiting()
    settle(was !== undefined && first !== undefined && first < was)
  })
}

/** Tells how far was read: everything, while the end is on a visible screen. */
function createReading(
  scroller: () => HTMLElement | undefined,
  talk: () => LiveConversation | null,
  shown: () => boolean,
): void {
  const look = (): void => {
    const element = scroller()
    const open = talk()
    if (!element || !open?.loaded() || !shown() || document.visibilityState === 'hidden') return
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight
    if (fromEnd < END_WITHIN_PX) open.seen(open.state.public.head)
  }
  createEffect(() => {
    if (shown() && talk()?.loaded() && (talk()?.state.public.head ?? 0) > 0) queueMicrotask(look)
  })
  onMount(() => {
    scroller()?.addEventListener('scroll', look)
    listen(document, ['visibilitychange'], look)
  })
}
