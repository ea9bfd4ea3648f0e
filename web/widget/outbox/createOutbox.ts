/**
 * What the visitor has written and the server has not yet stored (DL5): kept in the browser before it is sent, the same
 * in all tabs, in the order of writing. Owns the list; must never send.
 */
import { type Accessor, batch, createSignal, onCleanup, untrack } from 'solid-js'
import type { ClientId, ConversationId } from '../../../core/ids.ts'
import { nextClientId } from '../../lib/clientIds.ts'
import type { OutboxStore } from './outboxStore.ts'
import type { Unsent } from './unsent.ts'

export interface Outbox {
  /** In order. */
  items: Accessor<Unsent[]>
  /** Whether what earlier pages left is here. */
  loaded: Accessor<boolean>
  /**
   * @param to a conversation, or what was first written for one that has yet to begin; null for a new one
   * @param more what it quotes, or which conversation a new one is to continue
   */
  add(to: string | null, text: string, more?: Pick<Unsent, 'quote' | 'continues'>): Unsent
  /** Replaces the one with its id, if it is still here. Resolves once it is kept, or can not be. */
  put(item: Unsent): Promise<void>
  remove(id: string): void
  /**
   * What was written for a conversation that is gone is for a new one, under other ids: always the same ones, so that
   * it is stored once even if the page ends in the middle of this. Answers where it is now, null where there was
   * nothing.
   * @param continues the conversation that the new one goes on from (CV4)
   */
  anew(gone: string, continues?: string): string | null
  /** A message has begun its conversation: all that was written for that one goes there. */
  begun(starter: Unsent, conversation: ConversationId): void
}

export interface OutboxOptions {
  channel: string
  store: Promise<OutboxStore>
  /** In this tab or another: what was written for `first` is now in a conversation. */
  onBegun(first: string, conversation: ConversationId): void
}

interface Begun {
  first: string
  conversation: ConversationId
}

/** The outbox of one channel, read from the store, and told to the other tabs that share it. */
export function createOutbox({ channel, store, onBegun }: OutboxOptions): Outbox {
  const [items, setItems] = createSignal<Unsent[]>([])
  const [loaded, setLoaded] = createSignal(false)
  const { ask, write, isUnderWay, moveTo } = createWrites(store, () => others?.postMessage(null))
  const read = (): void => {
    void ask(async (kept) => {
      const found = (await kept.read()).filter(({ id }) => !isUnderWay(id))
      const here = untrack(items).filter(({ id }) => isUnderWay(id))
      setItems((held) => unchanged(held, [...found, ...here].sort(inOrder)))
      setLoaded(true)
    })
  }
  let others = openChannel(`foyer:${channel}`, (begun) => {
    if (begun) onBegun(begun.first, begun.conversation)
    read()
  })
  const put = (item: Unsent): Promise<void> => {
    if (!untrack(items).some(({ id }) => id === item.id)) return Promise.resolve()
    setItems((list) => list.map((old) => (old.id === item.id ? item : old)))
    return write(item.id, (kept) => kept.put(item))
  }
  const remove = (id: string): void => {
    if (!untrack(items).some((item) => item.id === id)) return
    setItems((list) => list.filter((item) => item.id !== id))
    void write(id, (kept) => kept.remove(id))
  }
  read()
  // What the one that was there first kept goes over, what the late one has from earlier pages comes in.
  void ask(async (early) => {
    const late = await early.late
    if (!late) return
    moveTo(late)
    for (const item of untrack(items)) {
      void write(item.id, (kept) => kept.put(item))
      void early.remove(item.id)
    }
    read()
  })
  onCleanup(() => {
    others?.close()
    others = null
  })

  return {
    items,
    loaded,
    put,
    add: (to, text, more) => {
      const id = nextClientId()
      const at = Math.max(Date.now(), (untrack(items).at(-1)?.at ?? 0) + 1)
      const item: Unsent = { id, to: to ?? id, text, ...more, at, tried: false }
      // The list tells who sends; that it was written must be kept before that it was tried.
      batch(() => {
        setItems((list) => [...list, item])
        void write(id, (kept) => kept.put(item))
      })
      return item
    },
    remove,
    anew: (gone, continues) => {
      const moved = untrack(items).filter(({ to }) => to === gone)
      const fresh = forAnother(moved, continues)
      batch(() => {
        setItems((list) => [...list, ...fresh])
        for (const item of fresh) void write(item.id, (kept) => kept.put(item))
        for (const { id } of moved) remove(id)
      })
      return fresh[0]?.id ?? null
    },
    begun: ({ id, to: first }, conversation) => {
      // All at once: what is left behind would begin a conversation of its own.
      batch(() => {
        for (const item of untrack(items).filter(({ to }) => to === first))
          void put({ ...item, to: conversation, ...(item.id === id && { begun: true }) })
      })
      others?.postMessage({ first, conversation } satisfies Begun)
      onBegun(first, conversation)
    },
  }
}

/** Asks the store, and knows what it has not answered yet. */
function createWrites(opened: Promise<OutboxStore>, onWritten: () => void) {
  let store = opened
  /** How many writes of each are under way: what is read meanwhile about those is older than what is here. */
  const underWay = new Map<string, number>()
  // Asked for in the order of writing, which the store keeps. Nothing waits for the one before: who closes the tab
  // right after Enter has written, and a write that has not been asked for by then is lost.
  const ask = (act: (store: OutboxStore) => Promise<unknown>): Promise<void> => quietly(store.then(act))
  return {
    ask,
    write: async (id: string, act: (store: OutboxStore) => Promise<unknown>): Promise<void> => {
      underWay.set(id, (underWay.get(id) ?? 0) + 1)
      await ask(act)
      const left = (underWay.get(id) ?? 1) - 1
      if (left > 0) underWay.set(id, left)
      else underWay.delete(id)
      onWritten()
    },
    isUnderWay: (id: string) => underWay.has(id),
    moveTo: (later: OutboxStore) => {
      store = Promise.resolve(later)
    },
  }
}

/** Storage that fails later on is like storage that was denied: memory has it. */
function quietly(done: Promise<unknown>): Promise<void> {
  return done.then(
    () => undefined,
    () => undefined,
  )
}

/** What has been moved begins like this. No page makes such an instance: they are hexadecimal. */
const MOVED = 'r'

/**
 * Whether it was moved to a new conversation, and from there to another:
 * one that never comes to be is not begun for ever.
 */
export function isMovedAgain({ id }: Unsent): boolean {
  return id[1] === MOVED
}

/** The same messages for a conversation that has yet to begin. Nothing is quoted: what was quoted is gone too. */
function forAnother(moved: readonly Unsent[], continues: string | undefined): Unsent[] {
  // What has begun the old one is stored there.
  const waiting = moved.filter(({ begun }) => !begun)
  const to = MOVED + waiting[0]?.id
  return waiting.map(({ id, text, at }) => ({ id: (MOVED + id) as ClientId, to, text, at, tried: false, continues }))
}

/** Those that are as they were stay the same objects: what is drawn of them stays too. */
function unchanged(held: readonly Unsent[], found: readonly Unsent[]): Unsent[] {
  const texts = new Map(held.map((item) => [JSON.stringify(item), item]))
  return found.map((item) => texts.get(JSON.stringify(item)) ?? item)
}

function inOrder(a: Unsent, b: Unsent): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1)
}

/** Only our own origin can speak here, so what comes is what we sent. */
function openChannel(name: string, heard: (begun: Begun | null) => void): BroadcastChannel | null {
  try {
    const channel = new BroadcastChannel(name)
    channel.onmessage = (event: MessageEvent<Begun | null>) => heard(event.data)
    return channel
  } catch {
    return null
  }
}
