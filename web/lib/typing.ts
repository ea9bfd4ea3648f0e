/** Who is writing right now (DL7): what comes in is forgotten by itself, what goes out is told sparingly. */
import { type Accessor, createSignal } from 'solid-js'
import type { Author } from '../../core/ids.ts'
import type { ServerFrame } from '../../core/protocol/frames.ts'

export interface Typist {
  from: Author
  /** Null for the visitor. */
  name: string | null
  in: 'reply' | 'note'
}

export interface Typists {
  /** Others who are writing, in the order in which they began. */
  typists: Accessor<Typist[]>
  hear(signal: Extract<ServerFrame, { type: 'signal' }>): void
  /** What they were writing has come. */
  stopped(author: Author): void
  /** Forgets everybody: the link is lost. */
  clear(): void
}

/** A signal says nothing any more after this: its writer's tab may have gone without a word. */
const FORGET_AFTER_MS = 6_000

/** Who of the others is writing. */
export function createTypists(): Typists {
  const [typists, setTypists] = createSignal<Typist[]>([])
  const timers = new Map<Author, ReturnType<typeof setTimeout>>()

  const stopped = (author: Author): void => {
    clearTimeout(timers.get(author))
    if (timers.delete(author)) setTypists((list) => list.filter(({ from }) => from !== author))
  }
  return {
    typists,
    hear: ({ from, name, typing }) => {
      if (typing === null) return stopped(from)
      const known = timers.has(from)
      clearTimeout(timers.get(from))
      timers.set(
        from,
        setTimeout(() => stopped(from), FORGET_AFTER_MS),
      )
      const typist: Typist = { from, name, in: typing }
      setTypists((list) => (known ? list.map((old) => (old.from === from ? typist : old)) : [...list, typist]))
    },
    stopped,
    clear: () => {
      for (const author of [...timers.keys()]) stopped(author)
    },
  }
}

const REPEAT_EVERY_MS = 3_000
/** Nobody who paused so long is said to be writing. */
const IDLE_AFTER_MS = 5_000

export interface TypingReports {
  /** To be called at every change of the text; null where it was sent, emptied or left. */
  typing(where: 'reply' | 'note' | null): void
  /** Nothing more is told, also not the end: the link is lost. */
  drop(): void
}

/** Tells the server that somebody writes: at once, then every three seconds while it goes on, and when it stopped. */
export function createTypingReports(tell: (where: 'reply' | 'note' | null) => boolean): TypingReports {
  let told: 'reply' | 'note' | null = null
  let toldAt = 0
  let idle: ReturnType<typeof setTimeout> | undefined

  const typing = (where: 'reply' | 'note' | null): void => {
    clearTimeout(idle)
    if (where !== null) idle = setTimeout(() => typing(null), IDLE_AFTER_MS)
    if (where === told && (where === null || Date.now() - toldAt < REPEAT_EVERY_MS)) return
    told = tell(where) ? where : null
    toldAt = Date.now()
  }
  const drop = (): void => {
    clearTimeout(idle)
    told = null
  }
  return { typing, drop }
}
