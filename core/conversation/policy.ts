/**
 * What administrators decide about conversations (⚙): for the workspace, and otherwise for one channel. Travels with
 * connects and calls; a conversation keeps a copy, and the newest version wins. Small: the dashboard ships it.
 */
import type { BanKind } from '../bans/ban.ts'
import { DAY_MS, MINUTE_MS } from '../durations.ts'
import { FLOOD_LIMITS, type FloodLimits } from './limits.ts'
import type { Skin } from './score.ts'

export const REOPEN_POLICIES = ['any_message', 'visitor_message', 'never'] as const
/** CV4: what opens a closed conversation; with `never` it is closed for good. */
export type ReopenPolicy = (typeof REOPEN_POLICIES)[number]
export const WRITE_POLICIES = ['anyone', 'assignee_and_collaborators'] as const
/** CV8: which agents may write to the visitor, beside administrators. */
export type WritePolicy = (typeof WRITE_POLICIES)[number]
export const ASSIGN_POLICIES = ['anyone', 'assignee_and_admins'] as const
/** CV6: which agents may give a conversation to somebody. */
export type AssignPolicy = (typeof ASSIGN_POLICIES)[number]
export const HISTORY_POLICIES = ['keep', 'hide'] as const
/** CV7: whether who had a conversation still sees it once it is somebody else's. */
export type HistoryPolicy = (typeof HISTORY_POLICIES)[number]
export const AUTO_ASSIGN_POLICIES = ['off', 'round_robin', 'least_busy'] as const
/** CV6: whether what nobody has is given to an available agent, and to whom. */
export type AutoAssignPolicy = (typeof AUTO_ASSIGN_POLICIES)[number]

export interface RatingPolicy {
  /** RT3: how long after an agent asked for a rating the same one may ask again in the same conversation. */
  ratingEveryMs: number
  /** RT5: how long after the ask an answer may be changed; 0: not at all. */
  ratingChangeMs: number
  /** RT7 */
  ratingSkin: Skin
}

/** What can be different in each channel. */
export interface ChannelPolicy extends RatingPolicy {
  limits: FloodLimits
  /** MS8: how long agents may edit and delete their own messages, in milliseconds. */
  editWindowMs: number
  reopen: ReopenPolicy
  mayWrite: WritePolicy
  mayAssign: AssignPolicy
  /** CV13: closed after so many milliseconds of silence; null: never by itself. */
  closeAfterMs: number | null
  /** TR5: how many transcripts of one conversation may be mailed in a rolling hour. */
  transcriptsPerHour: number
  autoAssign: AutoAssignPolicy
  /** CV6: who has so many open conversations, of whatever channel, is given no more of this one; null: no maximum. */
  maxOpen: number | null
  /** AI1: the id of the assistant that answers first; null: there is none. */
  assistant: string | null
}

/** What is decided for all channels at once: it is about the team, not about where somebody wrote. */
export interface WorkspacePolicy extends ChannelPolicy {
  history: HistoryPolicy
  /** A dashboard that nobody has looked at or touched for so many milliseconds is away. */
  awayAfterMs: number
  /** DL9: how many conversations a device may begin in an hour, whatever the channel. */
  startsPerDevice: number
  /** The same for an IP address, behind which there may be a whole office. */
  startsPerAddress: number
}

/** What binds one conversation. To whom it is given is decided outside of it, by the inbox object. */
export interface Policy
  extends Omit<ChannelPolicy, 'autoAssign' | 'maxOpen' | 'transcriptsPerHour' | keyof RatingPolicy>,
    // Absent where it is as by default, and in conversations from before there were ratings.
    Partial<RatingPolicy> {
  /** Rises with every change; an older one never replaces a newer one. */
  version: number
  history: HistoryPolicy
  /** Absent in one that is older than transcripts by mail: then it is the default. */
  transcriptsPerHour?: number
}

/** Everything that was decided in a workspace. What was left open has the value of `DEFAULT_POLICIES`. */
export interface Policies {
  /** Of the newest change, whichever part it was made in. */
  version: number
  workspace: Partial<WorkspacePolicy>
  /** By channel; what is left open there is as in the workspace. */
  channels: Partial<Record<string, Partial<ChannelPolicy>>>
}

const DEFAULT_RATING: RatingPolicy = { ratingEveryMs: 7 * DAY_MS, ratingChangeMs: 7 * DAY_MS, ratingSkin: 'faces' }

export const DEFAULT_POLICIES: WorkspacePolicy = {
  limits: FLOOD_LIMITS,
  editWindowMs: 15 * MINUTE_MS,
  reopen: 'any_message',
  mayWrite: 'anyone',
  mayAssign: 'anyone',
  closeAfterMs: null,
  transcriptsPerHour: 5,
  autoAssign: 'off',
  maxOpen: null,
  assistant: null,
  ...DEFAULT_RATING,
  history: 'keep',
  awayAfterMs: 10 * MINUTE_MS,
  startsPerDevice: 5,
  startsPerAddress: 60,
}

/** Nothing was decided yet. */
export const NO_POLICIES: Policies = { version: 0, workspace: {}, channels: {} }

/** What holds in the workspace, wherever a channel says nothing else. */
export function workspacePolicy(policies: Policies): WorkspacePolicy {
  return { ...DEFAULT_POLICIES, ...policies.workspace }
}

/** What holds in a channel: what it says itself, and otherwise what the workspace says of all. */
export function channelPolicy(policies: Policies, channel: string): ChannelPolicy {
  const {
    history: _,
    awayAfterMs: __,
    startsPerDevice: ___,
    startsPerAddress: ____,
    ...all
  } = workspacePolicy(policies)
  return { ...all, ...policies.channels[channel] }
}

/** CV6: whether conversations of any channel are given to agents. */
export function assignsByItself({ workspace, channels }: Policies): boolean {
  return [workspace, ...Object.values(channels)].some((part) => (part?.autoAssign ?? 'off') !== 'off')
}

/** What binds the conversations of a channel. */
export function policyFor(policies: Policies, channel: string): Policy {
  const { autoAssign: _, maxOpen: __, ...rest } = channelPolicy(policies, channel)
  const { ratingEveryMs, ratingChangeMs, ratingSkin, ...binding } = rest
  return {
    ...binding,
    history: workspacePolicy(policies).history,
    ...(ratingEveryMs !== DEFAULT_RATING.ratingEveryMs && { ratingEveryMs }),
    ...(ratingChangeMs !== DEFAULT_RATING.ratingChangeMs && { ratingChangeMs }),
    ...(ratingSkin !== DEFAULT_RATING.ratingSkin && { ratingSkin }),
    version: policies.version,
  }
}

/** What holds for ratings where a policy, or what is told of one, leaves it out. */
export function ratingPolicy({ ratingEveryMs, ratingChangeMs, ratingSkin }: Partial<RatingPolicy>): RatingPolicy {
  return {
    ratingEveryMs: ratingEveryMs ?? DEFAULT_RATING.ratingEveryMs,
    ratingChangeMs: ratingChangeMs ?? DEFAULT_RATING.ratingChangeMs,
    ratingSkin: ratingSkin ?? DEFAULT_RATING.ratingSkin,
  }
}

export const DEFAULT_POLICY: Policy = policyFor(NO_POLICIES, '')

export function newerPolicy(kept: Policy, offered: Policy | undefined): Policy {
  return offered && offered.version > kept.version ? offered : kept
}

/**
 * What a reader is told of the policy: visitors how a closed conversation opens again, agents all that binds them.
 * `mayWrite` says that the visitor is not blocked (BN3); `mayStart`, left out where they may, that they are not banned
 * either (BN2). Why, and until when, is not theirs to know.
 */
export interface PolicyView {
  mayWrite: boolean
  mayStart?: boolean
  reopen: ReopenPolicy
  writers?: WritePolicy
  assigners?: AssignPolicy
  editWindowMs?: number
  /** AI1: who answers first, if anybody does. */
  assistant?: string | null
  /** BN2, BN3: how the visitor is shut out; left out where they are not. */
  ban?: BanKind
  /** RT3; absent where it is as by default. */
  ratingEveryMs?: number
}

/** @param ban what shuts the visitor out, if anything does */
export function policyView(audience: 'visitor' | 'team', policy: Policy, ban: BanKind | null = null): PolicyView {
  const { reopen, mayWrite: writers, mayAssign: assigners, editWindowMs, assistant, ratingEveryMs } = policy
  const common = { mayWrite: ban !== 'block', reopen, ...(ban && { mayStart: false }) }
  if (audience === 'visitor') return common
  const asking = ratingEveryMs === undefined ? {} : { ratingEveryMs }
  return { ...common, writers, assigners, editWindowMs, assistant, ...asking, ...(ban && { ban }) }
}
