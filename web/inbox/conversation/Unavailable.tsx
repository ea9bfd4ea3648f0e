import { Match, Switch } from 'solid-js'
import type { View } from '../../../core/conversation/filter.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { CONVERSATION_PANE } from '../app/createArrival.ts'
import styles from './Unavailable.module.css'

interface UnavailableProps {
  reason: 'none_chosen' | 'not_found' | 'forbidden' | 'deleting'
  view: View
  /** With `deleting`, which can be undone. */
  onUndo?(): void
}

/** The place of a conversation when there is none to show. */
export function Unavailable(props: UnavailableProps) {
  return (
    <section id={CONVERSATION_PANE} class={styles.pane} tabindex="-1" aria-label="Conversation">
      <Switch>
        <Match when={props.reason === 'none_chosen'}>
          <EmptyState drawing="bubbles" title="Choose a conversation to read it.">
            <kbd>J</kbd> and <kbd>K</kbd> go to the next and the previous one.
          </EmptyState>
        </Match>
        <Match when={props.reason === 'not_found'}>
          <EmptyState drawing="bubbles" title="This conversation was not found.">
            It may have been deleted, or the link is incomplete.{' '}
            <a href={`/dashboard/inbox/${props.view}`}>Back to the list</a>
          </EmptyState>
        </Match>
        <Match when={props.reason === 'deleting'}>
          <EmptyState drawing="bubbles" title="This conversation was deleted.">
            In a few seconds it is gone for good. <Button onClick={() => props.onUndo?.()}>Undo</Button>{' '}
            <a href={`/dashboard/inbox/${props.view}`}>Back to the list</a>
          </EmptyState>
        </Match>
        <Match when={props.reason === 'forbidden'}>
          <EmptyState drawing="bubbles" title="You can no longer see this conversation.">
            <a href={`/dashboard/inbox/${props.view}`}>Back to the list</a>
          </EmptyState>
        </Match>
      </Switch>
    </section>
  )
}
