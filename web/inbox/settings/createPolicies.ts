/** The policies of the workspace, or of one of its channels: read, and changed one at a time. */
import { createSignal } from 'solid-js'
import type { ChannelPolicy } from '../../../core/api/policies.ts'
import type { WorkspacePolicy } from '../../../core/conversation/policy.ts'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'
import type { PolicyName, PolicyValue } from './policyChoices.ts'

/** `INHERIT`: as in the workspace. */
export const INHERIT = 'inherit'

export interface ShownPolicies {
  /** What holds in the workspace. */
  workspace: WorkspacePolicy
  /** What the channel that is looked at decides for itself; null while it is the workspace that is looked at. */
  channel: ChannelPolicy | null
}

export type PoliciesRead =
  | { status: 'loading' }
  | ({ status: 'ready' } & ShownPolicies)
  | { status: 'failed'; fault: string }

export function createPolicies(request: SessionControl['request']) {
  const [read, setRead] = createSignal<PoliciesRead>({ status: 'loading' })
  let place: string | null = null

  /** @param channel null for the workspace */
  async function show(channel: string | null): Promise<void> {
    place = channel
    try {
      const [workspace, ofChannel] = await Promise.all([
        request<WorkspacePolicy>('GET', '/api/v1/policies'),
        channel === null ? null : request<ChannelPolicy>('GET', addressOf(channel)),
      ])
      if (place === channel) setRead({ status: 'ready', workspace, channel: ofChannel })
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (place === channel) setRead({ status: 'failed', fault: error.problem.detail })
    }
  }

  /**
   * Changes one policy, and shows what holds then.
   * @param where null for the workspace; where one looks by now, or, to undo, where one looked before
   * @throws {ApiProblem}
   */
  async function change(where: string | null, name: PolicyName, to: PolicyValue | typeof INHERIT): Promise<void> {
    const changed: Partial<ShownPolicies> =
      where === null
        ? { workspace: await request<WorkspacePolicy>('PATCH', '/api/v1/policies', { [name]: to }) }
        : { channel: await request<ChannelPolicy>('PATCH', addressOf(where), inChannel(name, to)) }
    if (where !== place) return show(place)
    setRead((now) => (now.status === 'ready' ? { ...now, ...changed } : now))
  }

  return { read, show, change, place: () => place, retry: () => show(place) }
}

/** What is chosen for a policy where one looks. */
export function chosen<Name extends PolicyName>(
  { workspace, channel }: ShownPolicies,
  name: Name,
): WorkspacePolicy[Name] | typeof INHERIT {
  if (!channel) return workspace[name]
  const own: Partial<WorkspacePolicy> = channel.own.some((known) => known === name) ? channel.policy : {}
  const value = own[name]
  // Null is a decision, too.
  return value === undefined ? INHERIT : value
}

function inChannel(name: PolicyName, to: PolicyValue | typeof INHERIT): object {
  return to === INHERIT ? { inherit: [name] } : { [name]: to }
}

function addressOf(channel: string): string {
  return `/api/v1/channels/${channel}/policy`
}
