import { createEffect, createMemo, Match, on, Show, Switch } from 'solid-js'
import { VList, type VListHandle } from 'virtua/solid'
import type { View } from '../../../core/conversation/filter.ts'
import { Button } from '../../ui/Button.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { CONVERSATION_PANE } from '../app/createArrival.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { VIEW_WORDS } from '../app/views.ts'
import { LinkNotice } from '../conversation/LinkNotice.tsx'
import styles from './ConversationList.module.css'
import { EmptyView } from './EmptyView.tsx'
import { Row } from './Row.tsx'
import { shownRows } from './shownRows.ts'

const ROW_PX = 68
/** Pages are asked for when fewer rows than this are left below. */
const AHEAD = 20

/** The conversations of a view, newest message first; follows live changes and reads on while one scrolls. */
export function ConversationList(props: { view: View; openId: string | null }) {
  const { rows } = useInbox()
  const shown = createMemo(() => shownRows(rows, props.view, props.openId))
  const ids = createMemo((): string[] => shown().map((row) => row.id), [], { equals: sameTexts })
  const reading = () => rows.reading(props.view)
  let handle: VListHandle | undefined

  function readOn() {
    if (!handle) return
    const bottom = handle.findItemIndex(handle.scrollOffset + handle.viewportSize)
    if (ids().length - bottom < AHEAD) rows.more(props.view)
  }
  // Rows that left the view may have made room for more.
  createEffect(on([ids, () => reading().status], () => queueMicrotask(readOn)))
  createEffect(
    on(
      () => props.view,
      () => handle?.scrollTo(0),
      { defer: true },
    ),
  )
  // Once for each conversation that is opened, as soon as its row is there.
  let revealed: string | null = null
  createEffect(() => {
    const index = ids().indexOf(props.openId ?? '')
    if (index < 0 || revealed === props.openId) return
    revealed = props.openId
    queueMicrotask(() => handle?.scrollToIndex(index, { align: 'nearest' }))
  })

  return (
    <section class={styles.pane} aria-label={`${VIEW_WORDS[props.view].name} conversations`}>
      <header class={styles.header}>
        <h2>{VIEW_WORDS[props.view].name}</h2>
        <LinkNotice state={rows.link()} onRetry={rows.reconnect} />
        {/* With the keys alone the list has no end: more rows come in as one goes on. */}
        <Show when={props.openId}>
          <button type="button" class={styles.skip} onClick={() => document.getElementById(CONVERSATION_PANE)?.focus()}>
            Skip to the conversation
          </button>
        </Show>
      </header>
      <Show when={reading().status === 'failed'}>
        <div class={styles.failed} role="alert">
          <span>{reading().fault}</span>
          <Button onClick={() => rows.open(props.view)}>Try again</Button>
        </div>
      </Show>
      <Switch fallback={<Skeleton label="Loading conversations" rows={8} shape="row" />}>
        <Match when={ids().length > 0}>
          <VList
            ref={(next) => {
              handle = next
            }}
            class={styles.list}
            role="list"
            aria-label="Conversations"
            data={ids()}
            itemSize={ROW_PX}
            onScroll={readOn}
          >
            {(id) => (
              <Show when={rows.row(id)}>
                {(row) => <Row row={row()} view={props.view} open={props.openId === id} />}
              </Show>
            )}
          </VList>
        </Match>
        <Match when={reading().status === 'read'}>
          <EmptyView view={props.view} />
        </Match>
        <Match when={reading().status === 'failed'}>
          <div />
        </Match>
      </Switch>
    </section>
  )
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}
