/** The policies of the workspace, or of one of its channels: read, and changed one at a time. */
import { createSignal } from 'solid-js'
import type { ChannelPolicy } from '../../../core/api/policies.ts'
import type { WorkspacePolicy } from '../../../core/conversation/policy.ts'
import { ApiProblem } from '../../lib/api.ts'
import type { SessionControl } from '../session/createSession.ts'
import type { ChannelPolicyName, PolicyName, PolicyValue } from './policyChoices.ts'

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

  /** Changes one policy where one looks. @throws {ApiProblem} */
  async function change(name: PolicyName, to: PolicyValue | typeof INHERIT): Promise<void> {
    const now = read()
    if (now.status !== 'ready') return
    if (place === null || !now.channel) {
      setRead({ ...now, workspace: await request<WorkspacePolicy>('PATCH', '/api/v1/policies', { [name]: to }) })
      return
    }
    const body = to === INHERIT ? { inherit: [name] } : { [name]: to }
    setRead({ ...now, channel: await request<ChannelPolicy>('PATCH', addressOf(place), body) })
  }

  return { read, show, change, retry: () => show(place) }
}

/** What is chosen for a policy where one looks. */
export function chosen(shown: ShownPolicies, name: PolicyName): PolicyValue | typeof INHERIT {
  const { workspace, channel } = shown
  if (!channel || !isOfChannel(channel, name)) return channel ? INHERIT : workspace[name]
  return channel.policy[name]
}

function isOfChannel(channel: ChannelPolicy, name: PolicyName): name is ChannelPolicyName {
  return channel.own.some((own) => own === name)
}

function addressOf(channel: string): string {
  return `/api/v1/channels/${channel}/policy`
}
