/**
 * Channels as they were read a moment ago, so that a start need not wait for the database. What a channel says of
 * itself may be a minute old here and nowhere else: newer policies reach a conversation with the inbox object's first
 * answer.
 */
import { MINUTE_MS } from '../../core/durations.ts'
import { Memory } from '../memory.ts'
import type { PublicChannel } from './channels.ts'

const KEPT_MS = MINUTE_MS
const KEPT_MAX = 200

const kept = new Memory<string, { channel: PublicChannel; until: number }>(KEPT_MAX)

/** The channel as it was read in the last minute, or null. */
export function channelInMemory(id: string, now: number): PublicChannel | null {
  const known = kept.get(id)
  return known && known.until > now ? known.channel : null
}

/** Takes what was read for the newest there is. */
export function keepChannel(channel: PublicChannel, now: number): void {
  kept.set(channel.id, { channel, until: now + KEPT_MS })
}

/** Something about them was changed through this very Worker: whoever did that sees it at once. */
export function forgetChannels(workspace: string): void {
  for (const [id, { channel }] of kept) if (channel.workspace === workspace) kept.delete(id)
}
