/** What administrators decide about conversations of a channel (⚙). Travels with every connect; the newest version wins. */
import { FLOOD_LIMITS, type FloodLimits } from './limits.ts'

export interface Policy {
  /** Rises with every change; an older one never replaces a newer one. */
  version: number
  limits: FloodLimits
}

export const DEFAULT_POLICY: Policy = { version: 0, limits: FLOOD_LIMITS }

export function newerPolicy(kept: Policy, offered: Policy | undefined): Policy {
  return offered && offered.version > kept.version ? offered : kept
}
