import type { Availability } from '../../../core/protocol/inboxFrames.ts'

/** Whether somebody is there, in words; a dot alone says nothing to who cannot see it. */
export const AVAILABILITY_WORDS: Readonly<Record<Availability, string>> = {
  available: 'Available',
  away: 'Away',
  offline: 'Offline',
}

const ORDER: readonly Availability[] = ['available', 'away', 'offline']

/** Available ones first (CV6). */
export function compareAvailability(a: Availability, b: Availability): number {
  return ORDER.indexOf(a) - ORDER.indexOf(b)
}
