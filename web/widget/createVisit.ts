import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import type { ConversationId } from '../../core/ids.ts'
import { createConversation, type LinkState, type LiveConversation, type Pending } from '../lib/createConversation.ts'
import { createBeginning } from './createBeginning.ts'
import { createVisitor } from './createVisitor.ts'
import type { HostPage } from './hostMessages.ts'
import type { Keep } from './keep.ts'

export interface VisitOptions {
  channel: string
  keep: Keep
  /** The page to name as the source of a conversation. */
  page: Accessor<HostPage | null>
  /** Texts that were never stored because their conversation is gone; the composer takes them back. */
  onReturned(texts: string[]): void
}

export interface Visit {
  workspace: Accessor<string>
  /** Null before the first message. */
  talk: Accessor<LiveConversation | null>
  /** Written and not yet stored, in order. */
  waiting: Accessor<Pending[]>
  /** `unavailable`: there is no chat behind this channel. */
  link: Accessor<LinkState | 'unavailable'>
  /** Whether the conversation that was open has gone and no new one has begun. */
  ended: Accessor<boolean>
  say(text: string): void
  retry(id: string): void
  discard(id: string): void
  /** The visitor's "end conversation". */
  end(): void
}

/** One visitor's visit: who they are, the conversation they are in, and the way from the first message into it. */
export function createVisit(options: VisitOptions): Visit {
  const { channel, keep } = options
  const visitor = createVisitor(channel, keep)
  const [id, setId] = createSignal<ConversationId | null>(keep.read().conversation ?? null)
  const [ended, setEnded] = createSignal(false)
  const talk = createMemo(() => {
    const open = id()
    const url = `/widget/v1/conversations/${open}/socket`
    const protocols = (): string[] => ['foyer.v1', `t.${visitor.current() ?? ''}`]
    return open && createConversation({ id: open, url, protocols, audience: 'public' })
  })
  const beginning = createBeginning({
    channel,
    visitor,
    page: options.page,
    onStarted: (started, later) => {
      keep.write({ ...keep.read(), conversation: started })
      setEnded(false)
      setId(started)
      for (const { command } of later) talk()?.send(command)
    },
  })
  const forget = (gone: LiveConversation): void => {
    const { conversation: _, ...rest } = keep.read()
    keep.write(rest)
    const texts = gone.pending.flatMap(({ command }) => ('text' in command ? command.text : []))
    setEnded(true)
    setId(null)
    options.onReturned(texts)
  }
  // Its failure is already told by `state`.
  visitor.renew().catch(() => undefined)

  createEffect(() => {
    const open = talk()
    if (open?.link() === 'gone') forget(open)
    if (open?.loaded()) beginning.arrived()
  })
  createRenewal(talk, visitor.renew)

  const waiting = createMemo(() => [...beginning.waiting, ...(talk()?.pending ?? [])])
  const retry = (id: string): void => {
    const kept = beginning.take(id, talk() !== null)
    if (kept) talk()?.send(kept.command)
    for (const { id: own } of talk()?.pending ?? []) if (own === id) talk()?.retry(own)
  }
  createPacing(beginning.waiting, retry)

  return {
    workspace: visitor.workspace,
    talk,
    waiting,
    ended,
    link: createMemo(() => linkOf(visitor.state(), talk())),
    say: (text) => {
      const open = talk()
      if (open) open.send({ type: 'send_message', text })
      else beginning.say(text)
    },
    retry,
    discard: (id) => {
      beginning.discard(id)
      for (const { id: own } of talk()?.pending ?? []) if (own === id) talk()?.discard(own)
    },
    end: () => talk()?.send({ type: 'close' }),
  }
}

function linkOf(visitor: ReturnType<ReturnType<typeof createVisitor>['state']>, talk: LiveConversation | null) {
  if (visitor === 'unavailable') return 'unavailable'
  if (talk) return talk.link()
  return visitor === 'known' ? 'live' : visitor
}

const RENEW_AT_MOST_EVERY_MS = 10_000

/** A token that is no longer taken is shown to the server for a new one, which must not become a loop. */
function createRenewal(talk: Accessor<LiveConversation | null>, renew: () => Promise<string>): void {
  let notBefore = 0
  createEffect(() => {
    const open = talk()
    if (open?.link() !== 'unauthorized') return
    const pause = Math.max(0, notBefore - Date.now())
    const timer = setTimeout(() => {
      notBefore = Date.now() + RENEW_AT_MOST_EVERY_MS
      renew().then(open.reconnect, () => undefined)
    }, pause)
    onCleanup(() => clearTimeout(timer))
  })
}

const PAUSE_MIN_MS = 1_000

/** DL9: a start that came too early is tried again by itself when it may succeed. What is said later is paced by `lib`. */
function createPacing(waiting: Pending[], retry: (id: string) => void): void {
  createEffect(() => {
    const first = waiting.find((item) => item.refusal?.retryAt !== undefined)
    if (first?.refusal?.retryAt === undefined) return
    const pause = Math.max(PAUSE_MIN_MS, first.refusal.retryAt - Date.now())
    const timer = setTimeout(() => retry(first.id), pause)
    onCleanup(() => clearTimeout(timer))
  })
}
