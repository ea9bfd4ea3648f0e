/** Who is behind a request. */
import type { Policies } from '../../core/conversation/policy.ts'
import type { DeviceId, WorkspaceId } from '../../core/ids.ts'
import type { Membership } from '../../core/membership.ts'
import type { Scope } from '../../core/scopes.ts'

/** Who may ask the API of agents: a person who is signed in, or a program. */
export type Caller = Extract<Principal, { kind: 'agent' | 'key' }>

export type Principal =
  | {
      kind: 'agent'
      userId: string
      sessionId: string
      /** Epoch milliseconds. */
      expiresAt: number
      /** When the memberships were read. */
      asOf: number
      memberships: Membership[]
    }
  /** A program; its key belongs to one workspace, whose policies were read with it. */
  | {
      kind: 'key'
      workspace: WorkspaceId
      id: string
      name: string
      scopes: readonly Scope[]
      policies: Policies
    }
  | { kind: 'visitor'; workspace: WorkspaceId; device: DeviceId }
