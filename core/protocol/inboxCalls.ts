/** What is asked of an inbox object by RPC, beside what its own files say. */
import type { Party } from '../bans/ban.ts'
import type { Policies } from '../conversation/policy.ts'

/** One page of a rebuild of the index: ids by what was found. */
export interface RebuiltPage {
  checked: number
  missing: string[]
  stale: string[]
  orphaned: string[]
  unreachable: string[]
  next: string | null
}

/** The answer to a socket that opened. */
export interface Opened {
  /** Whether the rights that it was let in on still hold. */
  holds: boolean
  /** The policies, where the conversation has older ones. */
  policies: Policies | null
  /** BN4: it was opened from a banned network, and must go. Left out where it was not. */
  banned?: true
}

/**
 * Whether one more conversation may begin: null if it may, else the epoch milliseconds from which it may, or why not.
 * `ask`: as far as is known here; some bans follow an address, which D1 compares.
 */
export type Admission = number | null | 'banned' | 'network_banned' | 'ask'

/**
 * Where a visitor who has just begun is about to open a socket from,
 * and when that was so by the conversation's clock.
 */
export interface Awaited {
  ip: string
  at: number
}

/** Who a conversation is with and what it knows of their bans (`nameOf`); with `ip`, from where a socket was opened. */
export interface Standing extends Party {
  bans: string
  ip?: string
}
