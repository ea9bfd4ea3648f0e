/** Who opens a socket or calls an object: established by the Worker, handed over in a header no client can set. */
import { type Policies, type Policy, policyFor } from '../conversation/policy.ts'
import type { DeviceId, WorkspaceId } from '../ids.ts'
import type { Membership } from '../membership.ts'
import type { Scope } from '../scopes.ts'

/** The Worker removes it from every request it receives and sets it on those it passes on. */
export const IDENTITY_HEADER = 'foyer-identity'

export type Identity =
  /** Foyer itself; only ever made by our own objects. */
  | { kind: 'system'; workspace: string }
  /** A program: HTTP alone, never a socket. `policies` as they were read with its key. */
  | {
      kind: 'key'
      workspace: WorkspaceId
      id: string
      name: string
      scopes: readonly Scope[]
      policies?: Policies
    }
  /** The AI of a channel: calls alone, never a socket. `policy` as it was read when the assistant was called. */
  | { kind: 'assistant'; workspace: WorkspaceId; id: string; name: string; policy?: Policy }
  /** `ip`: where a socket is opened from, or will be, so that a ban of its network closes it (BN4). */
  | { kind: 'visitor'; workspace: WorkspaceId; device: DeviceId; policy?: Policy; ip?: string }
  | {
      kind: 'agent'
      /** The object picks the one of its own workspace; none means it does not exist for this caller. */
      memberships: Membership[]
      /** Epoch milliseconds; the socket must be opened anew after it. */
      sessionExpiresAt: number
      /** Epoch milliseconds at which the memberships were read: what was revoked since is found out on registering. */
      asOf: number
    }

/** Header values are Latin-1; names are not. */
export function encodeIdentity(identity: Identity): string {
  return encodeURIComponent(JSON.stringify(identity))
}

export function decodeIdentity(header: string | null): Identity | null {
  return header === null ? null : (JSON.parse(decodeURIComponent(header)) as Identity)
}

/**
 * The policy that came with a caller, for a conversation of a workspace and channel;
 * the conversation keeps the newest.
 */
export function policyOf(identity: Identity, of: { workspace: string; channel: string }): Policy | undefined {
  if (identity.kind === 'visitor' || identity.kind === 'assistant') return identity.policy
  const policies = policiesOf(identity, of.workspace)
  return policies && policyFor(policies, of.channel)
}

function policiesOf(identity: Identity, workspace: string): Policies | undefined {
  if (identity.kind === 'key') return identity.workspace === workspace ? identity.policies : undefined
  if (identity.kind !== 'agent') return undefined
  return identity.memberships.find((m) => m.workspace === workspace)?.policies
}
