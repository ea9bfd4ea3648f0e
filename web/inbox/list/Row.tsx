import { Match, Show, Switch } from 'solid-js'
import Bot from '~icons/lucide/bot'
import CircleCheck from '~icons/lucide/circle-check'
import type { View } from '../../../core/conversation/filter.ts'
import { exactTime, relativeTime } from '../../lib/times.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { clock } from '../app/clock.ts'
import { countText } from '../app/countText.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { BanBadge } from '../bans/BanBadge.tsx'
import { ChannelGlyph } from './ChannelGlyph.tsx'
import { PRIORITY_WORDS, PriorityMark } from './PriorityMark.tsx'
import { nameOfContact, previewOf, STATUS_WORDS } from './preview.ts'
import styles from './Row.module.css'
import type { InboxRow } from './rows.ts'
import { ScoreMark } from './ScoreMark.tsx'

/** One conversation of the list: who, when, what was last said or is half written, and how it stands (IB1). */
export function Row(props: { row: InboxRow; view: View; open: boolean }) {
  const { me, members, programs, rows, drafts, channels } = useInbox()
  const name = () => nameOfContact(props.row.contact)
  const unread = () => rows.unread(props.row.id)
  const draft = () => (props.open ? '' : drafts.text(props.row.id, 'reply') || drafts.text(props.row.id, 'note'))
  // With one channel its name says nothing.
  const channel = () => {
    const list = channels.list() ?? []
    return list.length > 1 ? list.find(({ id }) => id === props.row.channel)?.name : undefined
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the virtual list is made of divs, in which no li may stand
    <div role="listitem">
      <a
        class={styles.row}
        href={`/dashboard/inbox/${props.view}?id=${props.row.id}`}
        aria-current={props.open ? 'true' : undefined}
        data-status={props.row.status}
        data-unread={unread() > 0 ? '' : undefined}
      >
        <Avatar
          name={name()}
          id={props.row.contact.id}
          glyph={<ChannelGlyph kind={channels.kindOf(props.row.channel)} />}
        />
        <span class={styles.line}>
          <span class={styles.who}>
            <bdi class={styles.name}>{name()}</bdi>
            <BanBadge bans={props.row.bans} />
            <Show when={channel()}>{(known) => <bdi class={styles.channel}>{known()}</bdi>}</Show>
          </span>
          <time
            class={styles.time}
            datetime={new Date(props.row.lastMessageAt).toISOString()}
            title={exactTime(props.row.lastMessageAt)}
          >
            {relativeTime(props.row.lastMessageAt, clock())}
          </time>
        </span>
        <span class={styles.line}>
          <Show
            when={draft()}
            fallback={
              <span class={styles.preview} dir="auto">
                {previewOf(props.row, me, members.nameOf, programs.nameOf)}
              </span>
            }
          >
            {(text) => <span class={styles.draft} dir="auto">{`Draft: ${text()}`}</span>}
          </Show>
          <Marks row={props.row} unread={unread()} />
        </span>
      </a>
    </div>
  )
}

/**
 * How pressing it is, whose it is, whether somebody waits,
 * the assistant answers or it is done, and what is unread; in words for screen readers.
 */
function Marks(props: { row: InboxRow; unread: number }) {
  const { me, members } = useInbox()
  return (
    <span class={styles.marks}>
      {/* CV9: only what presses stands out. */}
      <Show when={props.row.priority === 'high' || props.row.priority === 'urgent'}>
        <span class={styles.priority} title={`${PRIORITY_WORDS[props.row.priority]} priority`}>
          <PriorityMark priority={props.row.priority} />
          <span class="visuallyHidden">{PRIORITY_WORDS[props.row.priority]} priority</span>
        </span>
      </Show>
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
        <Match when={props.row.status === 'active_ai'}>
          <span class={styles.assistant} title={STATUS_WORDS.active_ai}>
            <Bot aria-hidden="true" />
          </span>
        </Match>
        <Match when={props.row.status === 'closed'}>
          <Show when={props.row.rating}>{(rating) => <ScoreMark score={rating().score} says="Rated" />}</Show>
          <span class={styles.closed} title={STATUS_WORDS.closed}>
            <CircleCheck aria-hidden="true" />
          </span>
        </Match>
      </Switch>
      <Show when={props.unread}>
        {(count) => (
          <span class={styles.unread}>
            {countText(count())}
            <span class="visuallyHidden"> unread</span>
          </span>
        )}
      </Show>
    </span>
  )
}
