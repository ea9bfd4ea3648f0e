/** Who is behind a request. */
import type { DeviceId, WorkspaceId } from '../../core/ids.ts'
import type { Membership } from '../../core/membership.ts'
import type { Identity } from '../../core/protocol/identity.ts'

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
  /** A program, as the objects know it; the policies of its workspace were read with its key. */
  | Required<Extract<Identity, { kind: 'key' }>>
  | { kind: 'visitor'; workspace: WorkspaceId; device: DeviceId }
