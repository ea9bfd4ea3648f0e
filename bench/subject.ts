/** What is measured: Foyer, or the minimal worker beside it. Both speak their own real protocol. */
import type { Wire } from './wire.ts'

export interface Subject {
  name: 'foyer' | 'minimal'
  /** The wrangler.toml with its bindings. */
  config: string
  script: string
  /** Made once per run; each measurement begins with a copy of it. Null: with nothing. */
  template: string | null
  /** A browser that may write: known, and nothing said yet. Answers how it starts a conversation with a message. */
  arrive(origin: string): Promise<() => Promise<Room>>
}

/** One conversation and its writer. */
export interface Room {
  id: string
  /** The visitor's socket. */
  visit(): Promise<Wire>
  /** An agent's socket. */
  watch(): Promise<Wire>
  /** The next message as a frame. */
  next(): string
  /** The number that `next` counted the message of this frame as, if it is a live message. */
  numberOf(text: string): number | null
}

/** About 85 bytes, as people write. */
export const BODY = 'Hello! My order 48213 has not arrived yet, could you have a look at where it is now? :)'
