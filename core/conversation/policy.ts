/** What administrators decide about conversations of a channel (⚙). Travels with every connect; the newest version wins. */
import { FLOOD_LIMITS, type FloodLimits } from './limits.ts'

export interface Policy {
  /** Rises with every change; an older one never replaces a newer one. */
  version: number
  limits: FloodLimits
  /** MS8: how long agents may edit and delete their own messages, in milliseconds. */
  editWindowMs: number
  /** CV13: closed by itself after so long without a message, in milliseconds; null: never. */
  closeAfterMs: number | null
}

export const DEFAULT_POLICY: Policy = {
  version: 0,
  limits: FLOOD_LIMITS,
  editWindowMs: 15 * 60_000,
  closeAfterMs: null,
}

export function newerPolicy(kept: Policy, offered: Policy | undefined): Policy {
  return offered && offered.version > kept.version ? offered : kept
}
