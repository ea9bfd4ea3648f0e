import { createEffect, For, on, Show } from 'solid-js'
import ArrowDown from '~icons/lucide/arrow-down'
import type { LiveConversation } from '../../lib/createConversation.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { createScroll } from './createScroll.ts'
import { createSeen } from './createSeen.ts'
import { EntryLine } from './EntryLine.tsx'
import { PendingLine } from './PendingLine.tsx'
import styles from './Timeline.module.css'

/** How many entries before one are looked at to see whether it is part of the same act. */
const LOOK_BACK = 3

/** All that was said and done, oldest at the top; stays at the end while one is there. */
export function Timeline(props: { live: LiveConversation; contact: string }) {
  const live = props.live
  const scroll = createScroll({ oldest: () => keyOf(live.entries[0]), onNearTop: live.loadOlder })
  createSeen({ head: () => (live.loaded() ? live.state.public.head : 0), atEnd: scroll.atEnd, onSeen: live.seen })
  // Whoever writes wants to see it.
  createEffect(
    on(
      () => live.pending.length,
      (now, before) => now > (before ?? 0) && scroll.toEnd(),
      { defer: true },
    ),
  )
  const written = () => live.pending.filter((p) => p.command.type === 'send_message' || p.command.type === 'add_note')
  return (
    <div class={styles.frame}>
      <div
        ref={scroll.container}
        class={styles.timeline}
        role="log"
        aria-label="Conversation"
        aria-busy={!live.loaded()}
        tabindex="0"
        onScroll={scroll.follow}
      >
        <div ref={scroll.content} class={styles.content}>
          <Show when={live.loadingOlder()}>
            <Skeleton label="Loading older messages" rows={2} shape="bubble" />
          </Show>
          <Show when={live.loaded()} fallback={<Skeleton label="Loading the conversation" rows={4} shape="bubble" />}>
            <For each={live.entries}>
              {(entry, index) => (
                <EntryLine
                  entry={entry}
                  before={live.entries.slice(Math.max(0, index() - LOOK_BACK), index())}
                  next={live.entries[index() + 1]}
                  contact={props.contact}
                  people={live.state.public.people}
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
