/** What is asked of an inbox object by RPC, beside what its own files say. */

/** One page of a rebuild of the index: ids by what was found. */
export interface RebuiltPage {
  checked: number
  missing: string[]
  stale: string[]
  orphaned: string[]
  unreachable: string[]
  next: string | null
}
