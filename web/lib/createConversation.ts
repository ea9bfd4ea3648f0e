import { type Accessor, batch, createSignal, getOwner, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import type { Entry, Position } from '../../core/conversation/entries.ts'
import type { Cursors } from '../../core/conversation/record.ts'
import type { ConversationState } from '../../core/conversation/state.ts'
import type { Author, ClientId, ConversationId } from '../../core/ids.ts'
import type { ServerFrame, SocketCommand } from '../../core/protocol/frames.ts'
import { nextClientId } from './clientIds.ts'
import { connect, type LinkState } from './connection.ts'
import { createHearing } from './hearing.ts'
import { Outgoing, type Pending } from './outgoing.ts'
import { createSeenReports } from './seenReports.ts'
import { createTimeline } from './timeline.ts'

export type { LinkState } from './connection.ts'
export type { Pending } from './outgoing.ts'

export interface ConversationOptions {
  id: ConversationId
  /** Of the conversation's socket, without positions; a path of this origin will do. */
  url: string
  protocols?: string[] | (() => string[])
  audience: 'public' | 'team'
  /** Other ids than those of this page load, for tests. */
  newId?: () => ClientId
}

/** A conversation that keeps itself current. Stores are for reading: only frames and `send` change them. */
export interface LiveConversation {
  state: ConversationState
  /** In timeline order, without a hole. */
  entries: Entry[]
  /** Asked and not yet answered, in order of asking. */
  pending: Pending[]
  cursors: Cursors
  /** Who the server takes the reader for; null before the first welcome. */
  you: Accessor<Author | null>
  link: Accessor<LinkState>
  /** Whether the newest page is here. */
  loaded: Accessor<boolean>
  hasOlder: Accessor<boolean>
  loadingOlder: Accessor<boolean>
  /** Asks at once, or as soon as the link is up. */
  send(command: SocketCommand): ClientId
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
  const [cursors, setCursors] = createStore<Cursors>({ visitor: 0, agents: 0 })
  const [you, setYou] = createSignal<Author | null>(null)
  const [link, setLink] = createSignal<LinkState>('connecting')
  const [loadingOlder, setLoadingOlder] = createSignal(false)
  const send = (frame: object): boolean => connection.send(frame)
  const outgoing = new Outgoing(send, options.newId ?? nextClientId)
  const known = (): number => (options.audience === 'team' ? cursors.agents : cursors.visitor)
  const reading = createSeenReports((n) => send({ type: 'seen', public: n }), known)
  const hear = createHearing({
    timeline,
    outgoing,
    you,
    welcome: (frame) => {
      setYou(frame.you)
      setCursors(reconcile(frame.cursors))
    },
    cursors: (now) => setCursors(reconcile(now)),
    olderCame: () => setLoadingOlder(false),
    caughtUp: reading.repeat,
    ask: send,
    startOver: () => connection.reconnect(),
  })
  const connection = connect<ServerFrame>({
    url: () => resumeUrl(options.url, timeline.position()),
    ...(options.protocols && { protocols: options.protocols }),
    onFrame: (frame) => batch(() => hear(frame)),
    onState: (state) => {
      if (state !== 'live') outgoing.hold()
      if (state !== 'live') setLoadingOlder(false)
      setLink(state)
    },
  })
  const close = (): void => {
    reading.stop()
    outgoing.hold()
    connection.close()
  }
  if (getOwner()) onCleanup(close)
  const loadOlder = (): void => {
    const before = timeline.olderFrom()
    if (before && !loadingOlder()) setLoadingOlder(send({ type: 'more', before }))
  }
  const { state, entries, loaded, hasOlder } = timeline
  return {
    ...{ state, entries, loaded, hasOlder, cursors, you, link, loadingOlder, loadOlder, close },
    pending: outgoing.pending,
    send: (command) => outgoing.send(command),
    retry: (id) => outgoing.retry(id),
    discard: (id) => outgoing.discard(id),
    seen: reading.seen,
    reconnect: () => connection.reconnect(),
  }
}

/** With a position the server sends what followed it, without one the newest page. */
function resumeUrl(url: string, position: Position | null): string {
  if (!position) return url
  const team = position.team === undefined ? '' : `&team=${position.team}`
  return `${url}${url.includes('?') ? '&' : '?'}public=${position.public}${team}`
}
