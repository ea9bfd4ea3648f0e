/** The frames of the inbox socket: live rows, markers, presence and counts for agents. */
import { z } from 'zod'
import type { BanMark } from '../bans/ban.ts'
import type { View } from '../conversation/filter.ts'
import type { WorkspacePolicy } from '../conversation/policy.ts'
import type { ConversationRow } from '../conversation/row.ts'
import type { ContactId, MemberId } from '../ids.ts'
import type { Right } from '../rights.ts'

/**
 * How far a member has read a conversation (IB9). Unread = the row's visitor messages − `visitor`.
 * `public`: the newest public number that was on screen; `unread`: marked so by hand, until it is opened again.
 */
export interface Marker {
  id: string
  public: number
  visitor: number
  unread: boolean
}

/** `available`: the switch is on and a dashboard is in use; `away`: switched off, or not looked at for a while. */
export type Availability = 'available' | 'away' | 'offline'

export interface MemberPresence {
  member: MemberId
  availability: Availability
}

/** Conversations per view, each at most `COUNT_MAX`; what a member has not read is counted where the markers are. */
export type ViewCounts = Record<Exclude<View, 'unread'>, number>
export const COUNT_MAX = 100

const InboxClientFrameSchema = z.discriminatedUnion('type', [
  /** The end of this conversation has been on screen, in a visible and focused tab. */
  z.strictObject({
    type: z.literal('read'),
    id: z.string().max(64),
    public: z.int().min(0),
    visitor: z.int().min(0),
  }),
  z.strictObject({ type: z.literal('mark_unread'), id: z.string().max(64) }),
  /** Whether this dashboard is being looked at; `away` after a while hidden or idle. */
  z.strictObject({ type: z.literal('presence'), state: z.enum(['here', 'away']) }),
])
export type InboxClientFrame = z.infer<typeof InboxClientFrameSchema>

/** One frame of a dashboard, or null for anything else: this socket answers nothing that it does not understand. */
export function parseInboxFrame(data: string | ArrayBuffer): InboxClientFrame | null {
  if (typeof data !== 'string' || data.length > 1_000) return null
  try {
    const parsed = InboxClientFrameSchema.safeParse(JSON.parse(data))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** What a dashboard goes by itself. */
export type DashboardPolicy = Pick<WorkspacePolicy, 'awayAfterMs'>

export type InboxFrame =
  /**
   * First frame. Rows and one's own markers that D1 may not have yet: lay them over what the list answers, the higher
   * revision wins. `rights`: those the member holds by now; a dashboard that knows others reads its session again.
   */
  | {
      type: 'welcome'
      rows: ConversationRow[]
      markers: Marker[]
      members: MemberPresence[]
      counts: ViewCounts
      policy: DashboardPolicy
      rights?: Right[]
    }
  /** An administrator decided anew. */
  | { type: 'policy'; policy: DashboardPolicy }
  | { type: 'rows'; list: ConversationRow[] }
  /** No longer visible to this member. */
  | { type: 'removed'; id: string }
  /** One's own markers, moved in another tab. */
  | { type: 'markers'; list: Marker[] }
  /** Everybody's presence, whenever it changes; who is not named is offline. */
  | { type: 'members'; list: MemberPresence[] }
  | { type: 'counts'; counts: ViewCounts }
  | { type: 'contact'; contact: { id: ContactId; name: string | null; email: string | null; createdAt: number | null } }
  /** BN1: a contact or a device was banned, or is no longer. */
  | { type: 'ban'; ban: BanMark & { target: string; lifted: boolean } }
  /** Settings that others changed: ask for them again. */
  | { type: 'changed'; what: 'members' | 'channels' }
