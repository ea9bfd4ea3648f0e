import { useNavigate, useParams, useSearchParams } from '@solidjs/router'
import { createEffect, Show } from 'solid-js'
import type { View } from '../../../core/conversation/filter.ts'
import { isConversationId } from '../../../core/ids.ts'
import { ConversationPane } from '../conversation/ConversationPane.tsx'
import { Unavailable } from '../conversation/Unavailable.tsx'
import { createShortcuts } from '../keyboard/createShortcuts.ts'
import { ConversationList } from '../list/ConversationList.tsx'
import { shownRows } from '../list/shownRows.ts'
import { createArrival } from './createArrival.ts'
import { createTitle } from './createTitle.ts'
import { useInbox } from './InboxContext.tsx'
import styles from './InboxPage.module.css'
import { ListEdge, listWidth } from './ListEdge.tsx'
import { NotFound } from './NotFound.tsx'
import { isView, VIEW_WORDS } from './views.ts'

/** /dashboard/inbox/:view?id=…: the list of a view, and the conversation that is open. */
export function InboxPage() {
  const params = useParams()
  const view = () => (isView(params['view']) ? params['view'] : null)
  return (
    <Show when={view()} fallback={<NotFound />}>
      {(known) => <Inbox view={known()} />}
    </Show>
  )
}

function Inbox(props: { view: View }) {
  const { rows } = useInbox()
  const [search] = useSearchParams<{ id?: string }>()
  const navigate = useNavigate()
  const openId = () => search.id ?? null
  createTitle(() => VIEW_WORDS[props.view].name)
  createEffect(() => rows.open(props.view))
  createArrival(() => props.view, openId)

  function step(by: 1 | -1) {
    const list = shownRows(rows, props.view, openId())
    const at = list.findIndex((row) => row.id === openId())
    const next = at < 0 ? list[0] : list[at + by]
    if (next) navigate(`/inbox/${props.view}?id=${next.id}`)
  }
  let page: HTMLElement | undefined
  createEffect(() => page?.style.setProperty('--list', `${listWidth()}px`))
  createShortcuts({ j: () => step(1), k: () => step(-1) })

  return (
    <main ref={page} class={styles.inbox} data-pane={openId() ? 'conversation' : 'list'}>
      <h1 class="visuallyHidden">Inbox</h1>
      <ConversationList view={props.view} openId={openId()} />
      <Show when={openId()} keyed fallback={<Unavailable reason="none_chosen" view={props.view} />}>
        {(id) => (
          <Show when={isConversationId(id) && id} fallback={<Unavailable reason="not_found" view={props.view} />}>
            {(known) => <ConversationPane id={known()} view={props.view} />}
          </Show>
        )}
      </Show>
      <ListEdge />
    </main>
  )
}
