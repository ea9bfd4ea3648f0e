/**
 * Channels as they were read a moment ago, so that a start need not wait for the database. What a channel says of itself may
 * be a minute old here and nowhere else: newer policies reach a conversation with the inbox object's first answer.
 */
import type { PublicChannel } from './channels.ts'

const KEPT_MS = 60_000
const KEPT_MAX = 200

const kept = new Map<string, { channel: PublicChannel; until: number }>()

/** The channel as it was read in the last minute, or null. */
export function channelInMemory(id: string, now: number): PublicChannel | null {
  const known = kept.get(id)
  return known && known.until > now ? known.channel : null
}

/** Takes what was read for the newest there is. */
export function keepChannel(channel: PublicChannel, now: number): void {
  // Put last again: the first is the one that nobody has asked about for longest.
  kept.delete(channel.id)
  kept.set(channel.id, { channel, until: now + KEPT_MS })
  const [oldest] = kept.keys()
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
}

/** Something about them was changed through this very Worker: whoever did that sees it at once. */
export function forgetChannels(workspace: string): void {
  for (const [id, { channel }] of kept) if (channel.workspace === workspace) kept.delete(id)
}
