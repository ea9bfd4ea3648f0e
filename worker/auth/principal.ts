/** Who is behind a request. */
import type { Membership } from '../../core/conversation/canSee.ts'
import type { DeviceId, WorkspaceId } from '../../core/ids.ts'

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
  | { kind: 'visitor'; workspace: WorkspaceId; device: DeviceId }
