import { type Accessor, createEffect, createMemo, createSignal, untrack } from 'solid-js'
import { isConversationId } from '../../core/ids.ts'
import type { LinkState, LiveConversation } from '../lib/createConversation.ts'
import { createVisitor, type Visitor } from './createVisitor.ts'
import type { HostPage } from './hostMessages.ts'
import type { Keep } from './keep.ts'
import { createBeginnings } from './outbox/createBeginnings.ts'
import { createLeadership } from './outbox/createLeadership.ts'
import { createOutbox } from './outbox/createOutbox.ts'
import { createTalks } from './outbox/createTalks.ts'
import type { OutboxStore } from './outbox/outboxStore.ts'
import { isSendable, type Unsent } from './outbox/unsent.ts'

export interface VisitOptions {
  channel: string
  keep: Keep
  store: Promise<OutboxStore>
  /** The page to name as the source of a conversation. */
  page: () => Promise<HostPage | null>
}

export interface Visit {
  visitor: Visitor
  /**
   * What is on screen: a conversation, or the id of what was written first for one that has yet to begin;
   * null for a new one.
   */
  open: Accessor<string | null>
  /** Null before the first message. */
  talk: Accessor<LiveConversation | null>
  /** Written for what is on screen and not yet stored, in order. */
  waiting: Accessor<Unsent[]>
  statusOf(item: Unsent): 'sending' | 'queued' | 'refused'
  /** `unavailable`: there is no chat behind this channel. */
  link: Accessor<LinkState | 'unavailable'>
  /** Whether the conversation that was open has gone; so until the visitor writes or turns to another. */
  ended: Accessor<boolean>
  /** Whether the conversation on screen is closed for good (CV4): what is written next goes into another. */
  final: Accessor<boolean>
  /** Turns to where a conversation that is closed for good goes on, or is to. */
  goOn(): void
  say(text: string, quote?: number): void
  retry(id: string): void
  discard(id: string): void
  /** The visitor's "end conversation". */
  end(): void
  /** Turns to another conversation, or with null to a new one. */
  turnTo(open: string | null): void
}

/**
 * One visitor's visit: who they are, the conversation on screen, and all that they have written and that is not stored.
 */
export function createVisit(options: VisitOptions): Visit {
  const { channel, keep } = options
  const visitor = createVisitor(channel, keep)
  const [open, setOpen] = createSignal<string | null>(keep.read().conversation ?? null)
  const [ended, setEnded] = createSignal(false)
  /** The conversation that a new one is to continue (CV4). */
  let continues: string | undefined
  const turnTo = (next: string | null, hasEnded = false): void => {
    keep.write({ conversation: next !== null && isConversationId(next) ? next : undefined })
    setEnded(hasEnded)
    continues = undefined
    setOpen(next)
  }
  const onBegun = (first: string, conversation: string): void =>
    void (open() === first && turnTo(conversation, ended()))
  const outbox = createOutbox({ channel, store: options.store, onBegun })
  const { leads, take } = createLeadership(`foyer:${channel}`)
  /** What waits for one that takes no more is for another. */
  const move = (from: string, continues?: string, hasEnded?: boolean): void => {
    const first = hasEnded && !leads() ? null : outbox.anew(from, continues)
    if (open() === from) turnTo(first, hasEnded)
  }
  const talks = createTalks({ visitor, outbox, leads, open, onFinal: (over) => move(over, over) })
  const { stuck } = createBeginnings({ channel, visitor, outbox, leads, page: options.page, onGone: move })
  const talk = createMemo(() => talks().find(({ state }) => state.public.id === open()) ?? null)
  const final = createMemo(() => isClosed(talk()) && talk()?.policy()?.reopen === 'never')
  const waiting = createMemo(() => outbox.items().filter(({ to }) => to === open()))
  const next = createMemo(() => waiting().find(isSendable))
  const link = createMemo(() => linkOf(visitor.state(), talk(), stuck()))
  // Its failure is already told by `state`.
  visitor.renew().catch(() => undefined)

  createEffect(() => {
    for (const { link, state } of talks()) if (link() === 'gone') untrack(() => move(state.public.id, undefined, true))
  })
  // What was written for a new conversation, before this page was loaded.
  createEffect(() => {
    const [first] = outbox.loaded() ? outbox.items() : []
    if (first && untrack(open) === null && !untrack(ended)) setOpen(first.to)
  })

  return {
    ...{ visitor, open, talk, waiting, link, ended, turnTo, final },
    goOn: () => {
      const { continuedIn, id } = talk()?.state.public ?? {}
      turnTo(continuedIn ?? null)
      if (!continuedIn) continues = id
    },
    statusOf: (item) => {
      if (!isSendable(item)) return 'refused'
      // What has begun a conversation is stored, and only waits to be shown there.
      return item.begun || (next() === item && !item.refusal && link() === 'live') ? 'sending' : 'queued'
    },
    say: (text, quote) => {
      take()
      setEnded(false)
      const item = outbox.add(open(), text, { quote, continues })
      if (open() === null) turnTo(item.to)
    },
    retry: (id) => {
      take()
      const refused = outbox.items().find((item) => item.id === id)
      if (!refused) return
      // Nothing will ever come to be under its ids: asked for by hand, it is for another conversation.
      if (refused.refusal?.code === 'not_found') return move(refused.to)
      const { refusal: _, ...item } = refused
      void outbox.put(item)
    },
    discard: outbox.remove,
    end: () => talk()?.send({ type: 'close' }),
  }
}

function linkOf(visitor: ReturnType<Visitor['state']>, talk: LiveConversation | null, stuck: boolean) {
  if (visitor === 'unavailable') return 'unavailable'
  if (talk) return talk.link()
  if (visitor !== 'known') return visitor
  return stuck ? 'waiting' : 'live'
}

/** Whether a conversation is here and closed. */
export function isClosed(talk: LiveConversation | null): boolean {
  return talk?.loaded() === true && talk.state.public.status === 'closed'
}
