/** Settings → Policies: what holds in the workspace, and otherwise in one channel. */
import { createRoute, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  ChannelPolicy,
  ChannelPolicyChange,
  ChannelPolicyName,
  WorkspacePolicy,
  WorkspacePolicyChange,
} from '../../core/api/policies.ts'
import { channelPolicy, workspacePolicy } from '../../core/conversation/policy.ts'
import type { AppEnv } from '../context.ts'
import { listChannels } from '../db/channels.ts'
import { changePolicies, readPolicies } from '../db/policies.ts'
import type { Workspace } from '../db/workspace.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, BY_SESSION, byId, inWorkspace, json, problems, routes } from '../openapi.ts'
import { problem } from '../problem.ts'
import { tell } from '../rights.ts'

const common = { middleware: signedIn, security: BY_SESSION }

const read = createRoute({
  ...common,
  method: 'get',
  path: '/api/v1/policies',
  operationId: 'readPolicies',
  summary: 'What holds in the workspace, wherever a channel says nothing else',
  request: { headers: inWorkspace },
  responses: { 200: answer('The policies', WorkspacePolicy), ...problems },
})
const change = createRoute({
  ...common,
  method: 'patch',
  path: '/api/v1/policies',
  operationId: 'changePolicies',
  summary: 'Change policies of the workspace; open conversations follow at once',
  request: { headers: inWorkspace, body: json(WorkspacePolicyChange) },
  responses: { 200: answer('The policies', WorkspacePolicy), ...problems },
})
const readOfChannel = createRoute({
  ...common,
  method: 'get',
  path: '/api/v1/channels/{id}/policy',
  operationId: 'readChannelPolicy',
  summary: 'What binds the conversations of a channel',
  request: { headers: inWorkspace, params: byId },
  responses: { 200: answer('The policy', ChannelPolicy), ...problems },
})
const changeOfChannel = createRoute({
  ...common,
  method: 'patch',
  path: '/api/v1/channels/{id}/policy',
  operationId: 'changeChannelPolicy',
  summary: 'Let a channel decide for itself, or follow the workspace again',
  request: { headers: inWorkspace, params: byId, body: json(ChannelPolicyChange) },
  responses: { 200: answer('The policy', ChannelPolicy), ...problems },
})

export const policyRoutes = routes()
  .openapi(read, async (c) => {
    const { id } = workspaceFor(c, 'policies.read')
    return c.json(await ofWorkspace(c.env.DB, id), 200)
  })
  .openapi(change, async (c) => {
    const workspace = workspaceFor(c, 'policies.change')
    await changed(c, workspace, null, { set: c.req.valid('json') })
    return c.json(await ofWorkspace(c.env.DB, workspace.id), 200)
  })
  .openapi(readOfChannel, async (c) => {
    const workspace = workspaceFor(c, 'policies.read')
    return c.json(await ofChannel(workspace, c.env.DB, c.req.valid('param').id), 200)
  })
  .openapi(changeOfChannel, async (c) => {
    const workspace = workspaceFor(c, 'policies.change')
    const { id } = c.req.valid('param')
    await ofChannel(workspace, c.env.DB, id)
    const { inherit, ...set } = c.req.valid('json')
    await changed(c, workspace, id, inherit ? { set, inherit } : { set })
    return c.json(await ofChannel(workspace, c.env.DB, id), 200)
  })

async function changed(
  c: Context<AppEnv>,
  workspace: Workspace,
  channel: string | null,
  to: Parameters<typeof changePolicies>[2],
): Promise<void> {
  const now = Date.now()
  await changePolicies(workspace, channel, to, now)
  await tell(c.env, { workspace: workspace.id, what: 'policies', until: now })
}

/** Which assistant answers is no setting yet. */
async function ofWorkspace(d1: D1Database, id: string): Promise<z.infer<typeof WorkspacePolicy>> {
  const { assistant: _, ...policy } = workspacePolicy(await readPolicies(d1, id))
  return policy
}

/** @throws Problem `not_found` for a channel that the workspace does not have */
async function ofChannel(workspace: Workspace, d1: D1Database, id: string): Promise<ChannelPolicy> {
  const known = (await listChannels(workspace)).some((channel) => channel.id === id)
  if (!known) throw problem('not_found')
  const policies = await readPolicies(d1, workspace.id)
  const { assistant: _, ...policy } = channelPolicy(policies, id)
  const own = ChannelPolicyName.options.filter((name) => Object.hasOwn(policies.channels[id] ?? {}, name))
  return { policy, own }
}
