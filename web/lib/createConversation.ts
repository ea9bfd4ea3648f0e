import { type Accessor, batch, createSignal, getOwner, onCleanup } from 'solid-js'
import type { Entry, Position } from '../../core/conversation/entries.ts'
import type { PolicyView } from '../../core/conversation/policy.ts'
import type { Cursors } from '../../core/conversation/record.ts'
import type { ConversationState } from '../../core/conversation/state.ts'
import type { Author, ClientId, ConversationId } from '../../core/ids.ts'
import type { Present, ServerFrame, SocketCommand } from '../../core/protocol/frames.ts'
import type { Audience } from './audience.ts'
import { nextClientId } from './clientIds.ts'
import { connect, type LinkState } from './connection.ts'
import { createHearing } from './hearing.ts'
import { Outgoing, type OutgoingEvents, type Pending, type SendAs } from './outgoing.ts'
import { createSeenReports } from './seenReports.ts'
import { createTimeline } from './timeline.ts'
import { createTypingReports, createTypists, type Typist } from './typing.ts'

export type { LinkState } from './connection.ts'
export type { Pending } from './outgoing.ts'
export type { Typist } from './typing.ts'

export interface ConversationOptions {
  id: ConversationId
  /** Of the conversation's socket, without positions; a path of this origin will do. */
  url: string
  protocols?: string[] | (() => string[])
  audience: Audience
  /** Other ids than those of this page load, for tests. */
  newId?: () => ClientId
  /** Sends the next command only when the one before was answered: no refusal can then let one overtake another. */
  oneAtATime?: boolean
  /** What becomes of commands, for who keeps them elsewhere. */
  on?: OutgoingEvents
}

/**
 * A conversation that keeps itself current.
 * Everything is for reading, each time anew: only frames and `send` change it.
 */
export interface LiveConversation {
  state: ConversationState
  /**
   * In timeline order, without a hole. Messages stand as they read now (MS8); the entries that edited and deleted them
   * are here too and are no lines of their own.
   */
  entries: Entry[]
  /** Asked and not yet answered, in order of asking. */
  pending: Pending[]
  cursors: Cursors
  /** Who the server takes the reader for; null before the first welcome. */
  you: Accessor<Author | null>
  /** What holds here (⚙); null before the first welcome. */
  policy: Accessor<PolicyView | null>
  link: Accessor<LinkState>
  /** Whether the newest page is here. */
  loaded: Accessor<boolean>
  hasOlder: Accessor<boolean>
  loadingOlder: Accessor<boolean>
  /** Others who are writing now (DL7); who falls silent is gone after six seconds. */
  typists: Accessor<Typist[]>
  /** The agents who have it open now, oneself among them (CV14). Always empty for visitors. */
  present: Accessor<Present[]>
  /**
   * To be called at every change of the text, and with null where it was sent, emptied or left: the pace is kept here.
   */
  typing(where: 'reply' | 'note' | null): void
  /** Asks at once, or as soon as the link is up. */
  send(command: SocketCommand, as?: SendAs): ClientId
  retry(id: ClientId): void
  discard(id: ClientId): void
  loadOlder(): void
  /** Everything up to this public number has been on the screen. */
  seen(n: number): void
  /** Tries the link at once, also after it had stopped (signed in again). */
  reconnect(): void
  close(): void
}

/** Opens a conversation's socket and follows it until `close`, or until the owning component goes. */
export function createConversation(options: ConversationOptions): LiveConversation {
  const timeline = createTimeline(options.id, options.audience)
  const [cursors, setCursors] = createSignal<Cursors>({ visitor: 0, agents: 0 })
  const [you, setYou] = createSignal<Author | null>(null)
  const [policy, setPolicy] = createSignal<PolicyView | null>(null)
  const [link, setLink] = createSignal<LinkState>('connecting')
  const [loadingOlder, setLoadingOlder] = createSignal(false)
  const send = (frame: object): boolean => connection.send(frame)
  const [present, setPresent] = createSignal<Present[]>([])
  const typing = createTypists()
  const writing = createTypingReports((where) => send({ type: 'typing', in: where }))
  const outgoing = new Outgoing(send, options.newId ?? nextClientId, options)
  const known = (): number => cursors()[options.audience.cursor]
  const reading = createSeenReports((n) => send({ type: 'seen', public: n }), known)
  const hear = createHearing({
    timeline,
    outgoing,
    you,
    welcome: (frame) => {
      setYou(frame.you)
      setCursors(frame.cursors)
      setPresent(frame.present ?? [])
    },
    ...{ present: setPresent, cursors: setCursors, policy: setPolicy },
    typing,
    olderCame: () => setLoadingOlder(false),
    caughtUp: reading.repeat,
    ask: send,
    startOver: () => connection.reconnect(),
  })
  const lost = (): void => {
    outgoing.hold()
    setLoadingOlder(false)
    setPresent([])
    typing.clear()
    writing.drop()
  }
  const connection = connect<ServerFrame>({
    url: () => resumeUrl(options.url, timeline.position()),
    ...(options.protocols && { protocols: options.protocols }),
    onFrame: (frame) => batch(() => hear(frame)),
    onState: (state) => {
      if (state !== 'live') lost()
      setLink(state)
    },
  })
  const close = (): void => {
    writing.typing(null)
    reading.stop()
    connection.close()
  }
  if (getOwner()) onCleanup(close)
  const loadOlder = (): void => {
    const before = timeline.olderFrom()
    if (before && !loadingOlder()) setLoadingOlder(send({ type: 'more', before }))
  }
  const { loaded, hasOlder } = timeline
  const parts = {
    ...{ loaded, hasOlder, you, policy, link, loadingOlder, present, loadOlder, close },
    typists: typing.typists,
    typing: writing.typing,
    send: (command: SocketCommand, as?: SendAs) => outgoing.send(command, as),
    retry: (id: ClientId) => outgoing.retry(id),
    discard: (id: ClientId) => outgoing.discard(id),
    seen: reading.seen,
    reconnect: () => connection.reconnect(),
  }
  return withReadings(parts, { state: timeline.state, entries: timeline.entries, pending: outgoing.pending, cursors })
}

type Readings = Pick<LiveConversation, 'state' | 'entries' | 'pending' | 'cursors'>

function withReadings(
  parts: Omit<LiveConversation, keyof Readings>,
  now: { [Name in keyof Readings]: Accessor<Readings[Name]> },
): LiveConversation {
  return {
    ...parts,
    get state() {
      return now.state()
    },
    get entries() {
      return now.entries()
    },
    get pending() {
      return now.pending()
    },
    get cursors() {
      return now.cursors()
    },
  }
}

/** With a position the server sends what followed it, without one the newest page. */
function resumeUrl(url: string, position: Position | null): string {
  if (!position) return url
  const team = position.team === undefined ? '' : `&team=${position.team}`
  return `${url}${url.includes('?') ? '&' : '?'}public=${position.public}${team}`
}
