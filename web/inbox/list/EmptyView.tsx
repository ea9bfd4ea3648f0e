import { Match, Switch } from 'solid-js'
import type { View } from '../../../core/conversation/filter.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { VIEW_WORDS } from '../app/views.ts'

/** A view without conversations: what that means, and where to go from here. */
export function EmptyView(props: { view: View }) {
  return (
    <EmptyState drawing="rows" title={VIEW_WORDS[props.view].empty}>
      <Switch>
        <Match when={props.view === 'all'}>
          <a href="/demo" target="_blank" rel="noopener">
            Write a message in the demo shop
          </a>
          {' or '}
          <a href="/dashboard/settings/channels">put Foyer on your website</a>.
        </Match>
        <Match when={props.view === 'unread'}>
          <a href="/dashboard/inbox/unresolved">See what is still open</a>
        </Match>
        <Match when={props.view === 'mine'}>
          <a href="/dashboard/inbox/unassigned">See what nobody has taken yet</a>
        </Match>
        <Match when={props.view === 'resolved'}>
          <a href="/dashboard/inbox/unresolved">See what is open</a>
        </Match>
        <Match when={true}>
          <a href="/dashboard/inbox/all">See all conversations</a>
        </Match>
      </Switch>
    </EmptyState>
  )
}
