import type { Accessor } from 'solid-js'
import type { Entry, Position } from '../../core/conversation/entries.ts'
import type { PolicyView } from '../../core/conversation/policy.ts'
import type { Cursors } from '../../core/conversation/record.ts'
import type { Author } from '../../core/ids.ts'
import type { Present, ServerFrame } from '../../core/protocol/frames.ts'
import type { Outgoing } from './outgoing.ts'
import type { Timeline } from './timeline.ts'
import type { Typists } from './typing.ts'

type Welcome = Extract<ServerFrame, { type: 'welcome' }>
type EntriesFrame = Extract<ServerFrame, { type: 'entries' }>

export interface HearingDeps {
  timeline: Timeline
  outgoing: Outgoing
  you: Accessor<Author | null>
  welcome(frame: Welcome): void
  cursors(cursors: Cursors): void
  policy(policy: PolicyView): void
  present(list: Present[]): void
  typing: Typists
  olderCame(): void
  /** Everything up to the head is here. */
  caughtUp(): void
  ask(frame: object): boolean
  /** Connects anew, now without a position. */
  startOver(): void
}

/**
 * The meaning of each frame of a conversation's socket: a welcome, then its pages, then live entries. A live entry that
 * leaves a hole is dropped and everything after the hole is asked for (DL4). Only when all that was missed is here are
 * waiting commands sent again: some of them may be found among it.
 */
export function createHearing(deps: HearingDeps): (frame: ServerFrame) => void {
  const hearEntries = createPaging(deps)
  return (frame) => {
    switch (frame.type) {
      case 'welcome':
        deps.welcome(frame)
        deps.policy(frame.policy)
        return hearEntries(frame)
      case 'entries':
        return hearEntries(frame)
      case 'refused': {
        const { code, message, retryAt } = frame
        return deps.outgoing.refuse(frame.id, retryAt === undefined ? { code, message } : { code, message, retryAt })
      }
      case 'cursors':
        return deps.cursors(frame.cursors)
      case 'policy':
        return deps.policy(frame.policy)
      case 'signal':
        return deps.typing.hear(frame)
      case 'present':
        return void deps.present(frame.list)
      case 'error':
        if (frame.id) deps.outgoing.refuse(frame.id, { code: frame.code, message: frame.message })
    }
  }
}

function createPaging(deps: HearingDeps): (frame: Welcome | EntriesFrame) => void {
  const { timeline, outgoing } = deps
  /** The welcome whose first page has not come yet. */
  let greeting: Welcome | null = null
  let catchingUp = false

  const greet = (frame: Welcome): void => {
    catchingUp = true
    greeting = frame
    timeline.welcome(frame.state)
    // A server that was put back to an earlier day numbers new entries like old ones: nothing here can be built on.
    if (!timeline.isAheadOf(frame.head)) return
    timeline.distrust()
    deps.startOver()
  }
  const catchUp = (after: Position | null): void => {
    catchingUp = after !== null
    if (after) deps.ask({ type: 'more', after })
  }
  const finish = (): void => {
    catchingUp = false
    outgoing.resume()
    deps.caughtUp()
  }
  /** An own entry is the acknowledgement of its command, but only once it is shown. */
  const acknowledge = (list: readonly Entry[]): void => {
    for (const entry of list) {
      if (entry.clientId && entry.author === deps.you() && timeline.holds(entry)) outgoing.settle(entry.clientId)
    }
  }
  const follow = (frame: EntriesFrame): void => {
    const complete = timeline.extend(frame.list)
    acknowledge(frame.list)
    for (const { type, author } of frame.list)
      if (type === 'message.created' || type === 'note.created') deps.typing.stopped(author)
    if (frame.page === 'after' && frame.next) catchUp(frame.next)
    else if (frame.page === 'after') finish()
    // While pages are on their way the missing ones are among them.
    else if (!complete && !catchingUp) catchUp(timeline.position())
  }
  const showNewest = (frame: EntriesFrame, head: Position): void => {
    timeline.begin(frame.list, head, frame.next ?? null)
    acknowledge(frame.list)
    finish()
  }
  const showOlder = (frame: EntriesFrame): void => {
    timeline.prepend(frame.list, frame.next ?? null)
    deps.olderCame()
  }

  return (frame) => {
    if (frame.type === 'welcome') return greet(frame)
    const first = greeting
    greeting = null
    if (frame.page !== 'before') follow(frame)
    else if (first) showNewest(frame, first.head)
    else showOlder(frame)
  }
}
