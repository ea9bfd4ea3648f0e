/**
 * All that a conversation keeps beside its two logs: one JSON row, replaced in the transaction of each command.
 * Owns the shape and its beginning; must never be sent to anyone as it is: visitors get `record.public`, agents
 * `record.public` and `record.team`.
 */
import type { Hold } from '../bans/ban.ts'
import type { ChannelKind } from '../channelKinds.ts'
import type { ChannelId, ContactId, ConversationId, DeviceId, MemberId, WorkspaceId } from '../ids.ts'
import type { ClientCounter } from './clients.ts'
import { DEFAULT_PRIORITY } from './entries.ts'
import type { FloodArrivals } from './limits.ts'
import { DEFAULT_POLICY, type Policy } from './policy.ts'
import { type ConversationState, emptyState, type PublicState, type TeamState } from './state.ts'
import type { Timers } from './timers.ts'
import type { TranscriptRequests } from './transcriptRequests.ts'

/** Raised when the shape changes; older rows are brought forward on load. */
export const RECORD_SCHEMA = 5

/** Where the visitor came from, as the browser told when the conversation began. */
export interface Source {
  page: string | null
  title: string | null
  referrer: string | null
  utm: Utm | null
  /** Facts the edge read from the request, never from what the page says (CP3). */
  browser: string | null
  os: string | null
  device: string | null
  /** BCP 47, the first that the browser asks for. */
  language: string | null
  /** ISO 3166-1 alpha-2. */
  country: string | null
}

/** Nothing is known of where somebody came from. */
export const NO_SOURCE: Source = {
  page: null,
  title: null,
  referrer: null,
  utm: null,
  browser: null,
  os: null,
  device: null,
  language: null,
  country: null,
}

/** Where a visit came from, as the page's address says (CP4). */
export interface Utm {
  source: string | null
  medium: string | null
  campaign: string | null
  term: string | null
  content: string | null
}

/** The newest public number each side has on its screen. */
export interface Cursors {
  visitor: number
  agents: number
}

/** Who a conversation is with and through what; fixed when it starts. */
export interface Origin {
  id: ConversationId
  workspace: WorkspaceId
  channel: ChannelId
  /** Absent for `web`. */
  channelKind?: ChannelKind
  contact: ContactId
  device: DeviceId
  source: Source
  /** The conversation of the same visitor that was closed for good and goes on here (CV4). */
  continues?: ConversationId
}

export interface ConversationRecord extends Origin {
  schema: typeof RECORD_SCHEMA
  public: PublicState
  team: TeamState
  policy: Policy
  cursors: Cursors
  /** Of the visitor. */
  flood: FloodArrivals
  clients: ClientCounter[]
  timers: Timers
  /** CV12: the steps of the purge that are done; null until it begins. */
  purge: { done: string[] } | null
  /** AI3: raised whenever somebody else handles it from now on. Told to assistants alone. */
  epoch: number
  /** Absent until a transcript is first asked for. */
  transcripts?: TranscriptRequests
  /** BN2, BN3: what holds the contact or the device, as it was last told. Absent: nothing does. */
  bans?: Hold[]
}

export function newRecord(origin: Origin, policy: Policy): ConversationRecord {
  const state = emptyState(origin.id, 'team')
  return {
    schema: RECORD_SCHEMA,
    ...origin,
    public: state.public,
    team: teamOf(state),
    policy,
    cursors: { visitor: 0, agents: 0 },
    flood: { quick: 0, lasting: 0 },
    clients: [],
    timers: { drain: 0, alarm: 0 },
    purge: null,
    epoch: 0,
  }
}

/** What earlier shapes of the record did not keep, and the logs know. */
export interface Past {
  /** The number of the newest message. */
  lastMessage(): number
  /** Everybody who ever had the conversation. */
  assignees(): MemberId[]
}

/** A record of any earlier shape as one of today: what was added since has its beginning. */
export function broughtForward(stored: ConversationRecord, past: Past): ConversationRecord {
  if (stored.schema === RECORD_SCHEMA) return stored
  const { team, policy, source, timers } = stored
  const last = team.lastMessage
  return {
    ...stored,
    schema: RECORD_SCHEMA,
    team: {
      ...team,
      priority: team.priority ?? DEFAULT_PRIORITY,
      collaborators: team.collaborators ?? [],
      deletion: team.deletion ?? null,
      formerAssignees: team.formerAssignees ?? past.assignees().filter((member) => member !== team.assignee),
      lastMessage: last && { ...last, n: last.n ?? past.lastMessage() },
    },
    policy: { ...DEFAULT_POLICY, ...policy },
    source: { ...NO_SOURCE, ...source },
    // There was one timer, and the alarm was set to it.
    timers: { drain: timers.drain, alarm: timers.alarm ?? timers.drain },
    purge: stored.purge ?? null,
    // No assistant has ever named one of before.
    epoch: stored.epoch ?? 0,
  }
}

/** What it goes on from, and where it goes on (CV4). */
export type Linked = Pick<PublicState, 'continues' | 'continuedIn'>

export function linkedWith({ public: { continues, continuedIn } }: ConversationRecord): Linked {
  return { ...(continues && { continues }), ...(continuedIn && { continuedIn }) }
}

/** The team half of a state that has one. */
export function teamOf(state: ConversationState): TeamState {
  if (!state.team) throw new Error('a record always has a team state')
  return state.team
}
