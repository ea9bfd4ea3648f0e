/**
 * The entries of one conversation as a client holds them, without a hole, and the state they fold to. Owns the
 * numbers up to which each log is known; must never show an entry whose predecessor it has not got (DL4).
 */
import { type Accessor, batch, createSignal } from 'solid-js'
import { compareEntries, type Entry, isTeam, type Position } from '../../core/conversation/entries.ts'
import { rewrites, rewritten } from '../../core/conversation/rewrite.ts'
import type { ConversationState } from '../../core/conversation/state.ts'
import type { ConversationId } from '../../core/ids.ts'
import type { Audience } from './audience.ts'

export interface Timeline {
  state: Accessor<ConversationState>
  entries: Accessor<Entry[]>
  /** Whether the first page is here. */
  loaded: Accessor<boolean>
  hasOlder: Accessor<boolean>
  /** Up to where everything is known; null before the first page. */
  position(): Position | null
  /** Whether this entry, or the place it stands at, is known. */
  holds(entry: Entry): boolean
  /** Whether more is known here than the server has. */
  isAheadOf(head: Position): boolean
  /** Forgets the position, so that the next connection begins anew; what is shown stays until then. */
  distrust(): void
  /** From where older entries are to be asked; null where there are none. */
  olderFrom(): Position | null
  /** What the conversation is now, told by the server at `head`. */
  welcome(state: ConversationState): void
  /** Shows the newest page in place of whatever was there. */
  begin(list: readonly Entry[], head: Position, older: Position | null): void
  /** Adds what follows. False where an entry is missing before one of these: from there on nothing was taken. */
  extend(list: readonly Entry[]): boolean
  /** Adds an older page. */
  prepend(list: readonly Entry[], older: Position | null): void
}

interface Heads {
  public: number
  team: number
}

/** A timeline for one audience. */
export function createTimeline(id: ConversationId, audience: Audience): Timeline {
  const [state, setState] = createSignal<ConversationState>(audience.empty(id))
  const [entries, setEntries] = createSignal<Entry[]>([])
  const [loaded, setLoaded] = createSignal(false)
  const [older, setOlder] = createSignal<Position | null>(null)
  let heads: Heads = { public: 0, team: 0 }

  let trusted = false

  const extend = (list: readonly Entry[]): boolean => {
    const taken = takeFollowing(list, heads)
    heads = taken.heads
    if (taken.added.length > 0) {
      batch(() => {
        setState((now) => fold(audience, now, taken.added))
        setEntries((held) => rewriteHeld(merged(held, taken.added), taken.added))
      })
    }
    return taken.complete
  }

  return {
    state,
    entries,
    loaded,
    hasOlder: () => older() !== null,
    position: () => (trusted ? (state().team ? { ...heads } : { public: heads.public }) : null),
    holds: (entry) => entry.n <= heads[isTeam(entry) ? 'team' : 'public'],
    isAheadOf: (head) => heads.public > head.public || heads.team > (head.team ?? 0),
    distrust: () => {
      trusted = false
      heads = { public: 0, team: 0 }
    },
    olderFrom: older,
    welcome: (told) => void setState(told),
    begin: (list, head, from) => {
      heads = { public: head.public, team: head.team ?? 0 }
      trusted = true
      batch(() => {
        setEntries([...list].sort(compareEntries))
        setOlder(from)
        setLoaded(true)
      })
    },
    extend,
    prepend: (list, from) => {
      batch(() => {
        setEntries((held) => {
          const [first] = held
          return merged(held, first ? list.filter((entry) => compareEntries(entry, first) < 0) : list)
        })
        setOlder(from)
      })
    },
  }
}

/**
 * The entries that are new and leave no hole, with the heads after them.
 * Entries that are known already are passed over.
 */
function takeFollowing(list: readonly Entry[], from: Heads): { added: Entry[]; heads: Heads; complete: boolean } {
  const heads = { ...from }
  const added: Entry[] = []
  for (const entry of list) {
    const log = isTeam(entry) ? 'team' : 'public'
    if (entry.n <= heads[log]) continue
    // A team entry may also stand behind a public one that has not come.
    if (entry.n > heads[log] + 1 || (isTeam(entry) && entry.after > heads.public))
      return { added, heads, complete: false }
    heads[log] = entry.n
    added.push(entry)
  }
  return { added, heads, complete: true }
}

/** A welcome's state is ahead of the entries while pages arrive: what it has folded is not folded again. */
function fold({ apply }: Audience, state: ConversationState, added: readonly Entry[]): ConversationState {
  let next = state
  for (const entry of added) {
    const head = isTeam(entry) ? (next.team?.head ?? 0) : next.public.head
    if (entry.n > head) next = apply(next, entry)
  }
  return next
}

function merged(entries: readonly Entry[], added: readonly Entry[]): Entry[] {
  const all = [...entries, ...added]
  const last = entries.at(-1)
  const next = added[0]
  return !last || !next || compareEntries(last, next) < 0 ? all : all.sort(compareEntries)
}

/**
 * The entries after what was just added to them edited and deleted some (MS8). Pages of history need no such thing:
 * they come as everything reads now. An earlier edit is given the newest text too: the old one must be nowhere.
 */
function rewriteHeld(entries: Entry[], added: readonly Entry[]): Entry[] {
  let next = entries
  for (const change of added) {
    const ref = rewrites(change)
    if (ref === null) continue
    const text = change.type === 'message.edited' ? change.body.text : ''
    next = next.map((held) => {
      if (held.type === 'message.created' && held.n === ref) return rewritten(held, change)
      if (held.type === 'message.edited' && held.body.ref === ref) return { ...held, body: { ref, text } }
      return held
    })
  }
  return next
}
