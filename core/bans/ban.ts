/**
 * Bans and blocks (BN1–BN5): what shuts somebody out, and how far. Whom it concerns is found where it is kept; what
 * stands here is what follows from it. Small: the dashboard ships it.
 */
import type { Author, ContactId, ConversationId, DeviceId } from '../ids.ts'

/**
 * `ban` (BN2): no new conversation; those there are stay readable and usable. `block` (BN3): nothing passes in those
 * either, in neither direction; notes stay possible.
 */
export const BAN_KINDS = ['ban', 'block'] as const
export type BanKind = (typeof BAN_KINDS)[number]

/**
 * `network`: an address or a range of them, from which nothing at all is answered (BN4);
 * its kind is always `block`.
 */
export const BAN_SCOPES = ['contact', 'device', 'network'] as const
export type BanScope = (typeof BAN_SCOPES)[number]

/** Characters of a reason, which only who may ban reads. */
export const REASON_MAX = 500

/** One ban as whom it concerns is held by it. The reason is no part of it: it never leaves the table of bans. */
export interface Hold {
  /** Of the change that made it so; rises within the workspace and is never given twice. */
  version: number
  kind: BanKind
  /** Epoch milliseconds at which it lifts itself; null: never. */
  until: number | null
}

/** A ban as rows and lists show it. */
export interface BanMark {
  scope: BanScope
  kind: BanKind
  until: number | null
}

/** Who a conversation is with, as far as bans ask. */
export interface Party {
  contact: ContactId
  device: DeviceId
}

/** A banned network. */
export interface BannedNetwork {
  text: string
  until: number | null
}

/** A ban, or its lifting, as live objects are told of it. */
export interface BanFact extends Hold {
  scope: BanScope
  /** The id of the contact or device, or the network as it is written. */
  target: string
  lifted: boolean
  /** Who changed it last. */
  by: Author
  /** Whether it follows an email address as well (BN5), which only D1 can compare. */
  follows: boolean
  /** The conversation that it was done from: there it is an entry (BN1). */
  conversation: ConversationId | null
}

/** What a conversation tells its team of (BN1). */
export type BanTold = Pick<BanFact, 'version' | 'scope' | 'kind' | 'until' | 'lifted' | 'by'>

/** What a conversation is told when something changed for it. */
export interface BanNews {
  /** The newest change that the teller knows: of two tellings the later one counts. */
  asOf: number
  /** All that hold the conversation's contact and device now. */
  holds: Hold[]
  /** Networks from which somebody is here, as text. */
  networks: string[]
  told: BanTold[]
}

/** BN4: exact to the millisecond, and nobody has to lift it. */
export function isInForce({ until }: Pick<Hold, 'until'>, now: number): boolean {
  return until === null || now < until
}

/** The strongest of what is in force, or null: nobody is shut out. */
export function strongest(bans: readonly Omit<Hold, 'version'>[] | undefined, now: number): BanKind | null {
  const kinds = (bans ?? []).filter((ban) => isInForce(ban, now)).map(({ kind }) => kind)
  return kinds.includes('block') ? 'block' : (kinds[0] ?? null)
}

/** Which bans these are, as text: two who name the same know the same. Empty for none. */
export function nameOf(holds: readonly Hold[] | undefined): string {
  return (holds ?? [])
    .map(({ version }) => version)
    .sort((a, b) => a - b)
    .join('.')
}

/** When the next of them lifts itself, or null. */
export function liftsAt(holds: readonly Hold[] | undefined): number | null {
  const times = (holds ?? []).flatMap(({ until }) => until ?? [])
  return times.length === 0 ? null : Math.min(...times)
}

/** The marks after news of one of them: each scope has one ban at most. */
export function remarked(marks: readonly BanMark[], told: BanMark & { lifted: boolean }): BanMark[] {
  const { scope, kind, until, lifted } = told
  const others = marks.filter((mark) => mark.scope !== scope)
  return lifted ? others : [...others, { scope, kind, until }]
}
