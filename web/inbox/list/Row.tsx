import { Match, Show, Switch } from 'solid-js'
import CircleCheck from '~icons/lucide/circle-check'
import type { View } from '../../../core/conversation/filter.ts'
import { exactTime, relativeTime } from '../../lib/times.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { clock } from '../app/clock.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { nameOfContact, previewOf, STATUS_WORDS } from './preview.ts'
import styles from './Row.module.css'
import type { InboxRow } from './rows.ts'

/** One conversation of the list: who, when, what was last said, and how it stands. */
export function Row(props: { row: InboxRow; view: View; open: boolean }) {
  const { me, members } = useInbox()
  const name = () => nameOfContact(props.row.contact)
  return (
    // biome-ignore lint/a11y/useSemanticElements: the virtual list is made of divs, in which no li may stand
    <div role="listitem">
      <a
        class={styles.row}
        href={`/dashboard/inbox/${props.view}?id=${props.row.id}`}
        aria-current={props.open ? 'true' : undefined}
        data-status={props.row.status}
      >
        <Avatar name={name()} id={props.row.contact.id} />
        <span class={styles.line}>
          <bdi class={styles.name}>{name()}</bdi>
          <time
            class={styles.time}
            datetime={new Date(props.row.lastMessageAt).toISOString()}
            title={exactTime(props.row.lastMessageAt)}
          >
            {relativeTime(props.row.lastMessageAt, clock())}
          </time>
        </span>
        <span class={styles.line}>
          <span class={styles.preview} dir="auto">
            {previewOf(props.row, me, members.nameOf)}
          </span>
          <Marks row={props.row} />
        </span>
      </a>
    </div>
  )
}

/** Whose it is, and whether somebody waits or it is done; the status as a small quiet sign, in words for screen readers. */
function Marks(props: { row: InboxRow }) {
  const { me, members } = useInbox()
  return (
    <span class={styles.marks}>
      <Show when={props.row.assignee}>
        {(assignee) => (
          <span title={assignee() === me ? 'Assigned to you' : `Assigned to ${members.nameOf(assignee())}`}>
            <Avatar size="small" name={members.nameOf(assignee())} id={assignee()} />
          </span>
        )}
      </Show>
      <span class="visuallyHidden">{STATUS_WORDS[props.row.status]}</span>
      <Switch>
        <Match when={props.row.status === 'waiting_human'}>
          <span class={styles.waiting} title={STATUS_WORDS.waiting_human} />
        </Match>
        <Match when={props.row.status === 'closed'}>
          <span class={styles.closed} title={STATUS_WORDS.closed}>
            <CircleCheck aria-hidden="true" />
          </span>
        </Match>
      </Switch>
    </span>
  )
}
