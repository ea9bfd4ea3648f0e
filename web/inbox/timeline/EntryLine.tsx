import { createMemo, Match, Show, Switch } from 'solid-js'
import type { Entry } from '../../../core/conversation/entries.ts'
import { type Author, authorKind, memberOf } from '../../../core/ids.ts'
import { dayLabel, exactTime, timeOfDay } from '../../lib/times.ts'
import { clock } from '../app/clock.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { activityText, type Names } from './activity.ts'
import { Bubble } from './Bubble.tsx'
import { placeOf } from './grouping.ts'
import styles from './Timeline.module.css'

interface EntryLineProps {
  entry: Entry
  /** The few entries before it, oldest first. */
  before: readonly Entry[]
  next: Entry | undefined
  contact: string
  /** Display names of those who served. */
  people: Partial<Record<Author, string>>
}

/** One entry in its place: the day it opens, then a message, a note, or a line about what happened. */
export function EntryLine(props: EntryLineProps) {
  const { me, members } = useInbox()
  const place = createMemo(() => placeOf(props.before.at(-1), props.entry, props.next))
  const names: Names = {
    me,
    nameOf: (member) => props.people[`agent:${member}`] ?? members.nameOf(member),
    get contact() {
      return props.contact
    },
  }
  const activity = createMemo(() => activityText(props.before, props.entry, names))
  const author = () => {
    const member = memberOf(props.entry.author)
    if (member !== null) return member === me ? 'You' : names.nameOf(member)
    return authorKind(props.entry.author) === 'visitor' ? props.contact : 'Assistant'
  }
  const said = () =>
    props.entry.type === 'message.created' || props.entry.type === 'note.created' ? props.entry : null
  const kind = () => {
    if (props.entry.type === 'note.created') return 'note'
    return authorKind(props.entry.author) === 'visitor' ? 'visitor' : 'agent'
  }
  return (
    <>
      <Show when={place().newDay}>
        <h3 class={styles.day}>{dayLabel(props.entry.at, clock())}</h3>
      </Show>
      <Switch>
        <Match when={said()}>
          {(entry) => (
            <Bubble
              kind={kind()}
              author={author()}
              text={entry().body.text}
              title={exactTime(props.entry.at)}
              first={place().first}
              last={place().last}
            >
              <Show when={place().last}>
                <Show when={kind() !== 'visitor'}>{`${author()} · `}</Show>
                <time datetime={new Date(props.entry.at).toISOString()}>{timeOfDay(props.entry.at)}</time>
              </Show>
            </Bubble>
          )}
        </Match>
        <Match when={activity()}>
          {(sentence) => (
            <p class={styles.activity} title={exactTime(props.entry.at)}>
              <bdi>{sentence()}</bdi> ·{' '}
              <time datetime={new Date(props.entry.at).toISOString()}>{timeOfDay(props.entry.at)}</time>
            </p>
          )}
        </Match>
      </Switch>
    </>
  )
}
