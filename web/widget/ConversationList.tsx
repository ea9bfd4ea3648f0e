import { createSignal, For, Show } from 'solid-js'
import type { WidgetConversation } from '../../core/api/widget.ts'
import { preview } from '../../core/conversation/state.ts'
import { api } from '../lib/api.ts'
import { relativeTime } from '../lib/times.ts'
import type { Visit } from './createVisit.ts'

/** The visitor's conversations, newest first, and the way to a new one. */
export function ConversationList(props: { visit: Visit; onOpen: (open: string | null) => void }) {
  const [list, setList] = createSignal<WidgetConversation[] | null>(null)
  const [failed, setFailed] = createSignal(false)
  const load = async (): Promise<void> => {
    setFailed(false)
    try {
      const token = await props.visit.visitor.token()
      setList((await api<{ list: WidgetConversation[] }>('GET', '/widget/v1/conversations', { token })).list)
    } catch {
      setFailed(true)
    }
  }
  void load()
  return (
    <section
      class="list"
      ref={(element) => queueMicrotask(() => element.focus())}
      tabindex="-1"
      aria-label="Your conversations"
      aria-busy={!list() && !failed()}
    >
      <Show when={failed()}>
        <p role="alert">
          Your conversations could not be loaded.{' '}
          <button type="button" class="link" onClick={() => void load()}>
            Try again
          </button>
        </p>
      </Show>
      <ul>
        <For each={list()} fallback={!failed() && <li class="list-empty">{list() ? 'None yet.' : 'Loading…'}</li>}>
          {(conversation) => (
            <li>
              <button type="button" class="row" onClick={() => props.onOpen(conversation.id)}>
                <Row of={conversation} />
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show
        when={props.visit.talk()?.policy()?.mayStart !== false}
        fallback={<p class="list-empty">You can't start a new conversation here.</p>}
      >
        <button type="button" class="main" onClick={() => props.onOpen(null)}>
          New conversation
        </button>
      </Show>
    </section>
  )
}

function Row(props: { of: WidgetConversation }) {
  const last = () => props.of.lastMessage
  const said = (): string => {
    const { author = '', text = '' } = last() ?? {}
    return `${author.startsWith('visitor:') ? 'You: ' : ''}${preview(text) || 'This message was deleted'}`
  }
  return (
    <>
      <span class="row-text" dir="auto" data-unread={props.of.unread > 0 ? '' : undefined}>
        {said()}
      </span>
      <span class="row-foot">
        <time datetime={new Date(props.of.lastMessageAt).toISOString()}>{relativeTime(props.of.lastMessageAt)}</time>
        {props.of.status === 'closed' && ' · Closed'}
      </span>
      <Show when={props.of.unread > 0}>
        <span class="count">
          {props.of.unread}
          <span class="unseen"> new</span>
        </span>
      </Show>
    </>
  )
}
