import { createEffect, createMemo, For, on, Show } from 'solid-js'
import ArrowDown from '~icons/lucide/arrow-down'
import { isTeam } from '../../../core/conversation/entries.ts'
import { rewrites } from '../../../core/conversation/rewrite.ts'
import { isVisitorAuthor } from '../../../core/ids.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { useInbox } from '../app/InboxContext.tsx'
import type { MessageActs, Said } from '../conversation/createMessageActs.ts'
import type { Reading } from '../conversation/createReading.ts'
import { createFilling } from './createFilling.ts'
import { createJump } from './createJump.ts'
import { createScroll } from './createScroll.ts'
import { createSeen } from './createSeen.ts'
import { EntryLine } from './EntryLine.tsx'
import { PendingLine } from './PendingLine.tsx'
import { stepThrough } from './stepThrough.ts'
import styles from './Timeline.module.css'

/** How many entries before one are looked at to see whether it is part of the same act. */
const LOOK_BACK = 3

interface TimelineProps {
  id: string
  live: LiveConversation
  contact: string
  /** Whether it is known how far a message has come (DL6). */
  ticks: boolean
  acts: MessageActs
  reading: Pick<Reading, 'newAfter' | 'seen'>
  onQuote(said: Said): void
}

/** All that was said and done, oldest at the top; stays at the end while one is there. */
export function Timeline(props: TimelineProps) {
  const { places } = useInbox()
  const { id, live } = props
  // What edits and deletes changes its message, and is no line of its own.
  const lines = createMemo(() => live.entries.filter((entry) => rewrites(entry) === null))
  const scroll = createScroll({
    oldest: () => keyOf(live.entries[0]),
    onNearTop: live.loadOlder,
    place: places.get(id),
    onLeave: (place) => (place ? places.set(id, place) : places.delete(id)),
  })
  const isFilling = createFilling(live)
  const jump = createJump({ live, container: scroll.element, reveal: scroll.reveal })
  const head = () => (live.loaded() ? live.state.public.head : 0)
  createSeen({ head, atEnd: scroll.atEnd, onSeen: (n) => props.reading.seen(n) })
  const firstNew = createMemo(() => {
    const after = props.reading.newAfter()
    if (after === null) return null
    return lines().find((entry) => !isTeam(entry) && entry.n > after && isVisitorAuthor(entry.author)) ?? null
  })
  const written = () => live.pending.filter((p) => p.command.type === 'send_message' || p.command.type === 'add_note')
  // Whoever writes wants to see it.
  createEffect(
    on(
      () => written().length,
      (now, before) => now > (before ?? 0) && scroll.toEnd(),
      { defer: true },
    ),
  )
  return (
    <div class={styles.frame}>
      <div
        ref={scroll.container}
        class={styles.timeline}
        role="log"
        aria-label="Conversation"
        aria-busy={isFilling()}
        tabindex="0"
        onScroll={scroll.follow}
        onKeyDown={stepThrough}
      >
        <div ref={scroll.content} class={styles.content}>
          <Show when={live.loadingOlder()}>
            <Skeleton label="Loading older messages" rows={2} shape="bubble" />
          </Show>
          <Show when={live.loaded()} fallback={<Skeleton label="Loading the conversation" rows={4} shape="bubble" />}>
            <For each={lines()}>
              {(entry, index) => (
                <EntryLine
                  entry={entry}
                  before={lines().slice(Math.max(0, index() - LOOK_BACK), index())}
                  next={lines()[index() + 1]}
                  isFirstNew={firstNew() === entry}
                  contact={props.contact}
                  ticks={props.ticks}
                  live={live}
                  acts={props.acts}
                  onQuote={props.onQuote}
                  onJump={jump}
                />
              )}
            </For>
          </Show>
          <For each={written()}>
            {(pending) => (
              <PendingLine
                pending={pending}
                waiting={live.link() !== 'live'}
                onRetry={() => live.retry(pending.id)}
                onDiscard={() => live.discard(pending.id)}
              />
            )}
          </For>
        </div>
      </div>
      <Show when={!scroll.atEnd()}>
        <button type="button" class={styles.jump} onClick={scroll.toEnd}>
          <ArrowDown aria-hidden="true" />
          Newest messages
        </button>
      </Show>
    </div>
  )
}

function keyOf(entry: LiveConversation['entries'][number] | undefined): string | null {
  return entry ? `${entry.type} ${entry.n}` : null
}
