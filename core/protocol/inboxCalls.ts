/** What is asked of an inbox object by RPC, beside what its own files say. */
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
}
