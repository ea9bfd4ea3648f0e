import { createMemo, Match, Show, Switch } from 'solid-js'
import { type Entry, isTeam } from '../../../core/conversation/entries.ts'
import { countedRating } from '../../../core/conversation/rating.ts'
import type { LiveConversation } from '../../lib/createConversation.ts'
import { dayLabel, exactTime, timeOfDay } from '../../lib/times.ts'
import { clock } from '../app/clock.ts'
import { isSaid, type MessageActs, type Said } from '../conversation/createMessageActs.ts'
import { activityText, deletedText } from './activity.ts'
import { ClosedCard } from './ClosedCard.tsx'
import { createNames } from './createNames.ts'
import { placeOf } from './grouping.ts'
import { isReplacedBy, type RatingEntry, RatingLine } from './RatingLine.tsx'
import { RetryTranscript } from './RetryTranscript.tsx'
import { SaidLine } from './SaidLine.tsx'
import styles from './Timeline.module.css'
import { retryable } from './transcriptText.ts'

interface EntryLineProps {
  entry: Entry
  /** The few entries before it, oldest first. */
  before: readonly Entry[]
  next: Entry | undefined
  /** The first that was new when the conversation was opened. */
  isFirstNew: boolean
  contact: string
  ticks: boolean
  live: LiveConversation
  acts: MessageActs
  onQuote(said: Said): void
  onJump(ref: string): void
}

/** One entry in its place: the day it opens, then a message, a note, or a line about what happened. */
export function EntryLine(props: EntryLineProps) {
  const place = createMemo(() => placeOf(props.before.at(-1), props.entry, props.next))
  const names = createNames(props.live, () => props.contact)
  const activity = createMemo(() => activityText(props.before, props.entry, names))
  const authorOf = ({ author }: Said) => names.author(author)
  const said = () => (isSaid(props.entry) ? props.entry : null)
  const deleted = createMemo(() => {
    const { entry, live } = props
    const isDeleted = entry.type === 'message.created' && entry.body.deletedAt !== undefined
    return isDeleted ? deletedText(entry, live.entries, names) : null
  })
  // Within a run the mark stands once for all that have come equally far (DL6).
  const nextIsLike = () => {
    const { entry, next, live } = props
    if (isTeam(entry) || !next || isTeam(next)) return true
    return live.cursors.visitor >= entry.n === live.cursors.visitor >= next.n
  }
  const rating = () =>
    props.entry.type === 'rating.submitted' && !isReplacedBy(props.entry, props.next) ? props.entry : null
  const countedHere = () =>
    props.live.entries.findLast(closes) === props.entry ? countedRating(props.live.state) : null
  return (
    <>
      <Show when={place().newDay}>
        <h3 class={styles.day}>{dayLabel(props.entry.at, clock())}</h3>
      </Show>
      <Show when={props.isFirstNew}>
        <h3 class={styles.fresh}>New messages</h3>
      </Show>
      <Switch>
        <Match when={said()}>
          {(entry) => (
            <SaidLine
              said={entry()}
              place={place()}
              nextIsLike={nextIsLike()}
              deleted={deleted()}
              ticks={props.ticks}
              live={props.live}
              acts={props.acts}
              author={authorOf(entry())}
              authorOf={authorOf}
              onQuote={props.onQuote}
              onJump={props.onJump}
            />
          )}
        </Match>
        <Match when={rating()}>
          {(entry) => <RatingLine entry={entry()} earlier={scoreBefore(props.live, entry())} contact={props.contact} />}
        </Match>
        <Match when={closes(props.entry) && activity()}>
          {(sentence) => <ClosedCard sentence={sentence()} at={props.entry.at} rating={countedHere()} />}
        </Match>
        <Match when={activity()}>
          {(sentence) => (
            <p class={styles.activity} title={exactTime(props.entry.at)}>
              <bdi dir="ltr">{sentence()}</bdi> ·{' '}
              <Show when={otherConversation(props.entry)}>
                {(other) => (
                  <>
                    <a href={`/dashboard/inbox/all?id=${other().id}`}>{other().name}</a> ·{' '}
                  </>
                )}
              </Show>
              <Show when={retryable(props.entry, props.live.entries)}>
                {(failed) => (
                  <>
                    <RetryTranscript
                      conversation={props.live.state.public.id}
                      request={failed().request}
                      to={failed().to}
                    />{' '}
                    ·{' '}
                  </>
                )}
              </Show>
              <time datetime={new Date(props.entry.at).toISOString()}>{timeOfDay(props.entry.at)}</time>
            </p>
          )}
        </Match>
      </Switch>
    </>
  )
}

function closes(entry: Entry): boolean {
  return entry.type === 'conversation.status_changed' && entry.body.to === 'closed'
}

/** What the same prompt was answered with before. */
function scoreBefore({ entries }: LiveConversation, { n, body }: RatingEntry): number | undefined {
  const answers = entries.filter((e): e is RatingEntry => e.type === 'rating.submitted')
  return answers.findLast((answer) => answer.n < n && answer.body.prompt === body.prompt)?.body.score
}

/** CV4: both ends of a continuation lead to the other. */
function otherConversation(entry: Entry): { id: string; name: string } | null {
  if (entry.type === 'conversation.continued') return { id: entry.body.in, name: 'Go to the new conversation' }
  if (entry.type !== 'conversation.status_changed' || !entry.body.continues) return null
  return { id: entry.body.continues, name: 'Go to the earlier conversation' }
}
