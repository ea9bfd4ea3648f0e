/** Settings → Channels. */
import { createRoute } from '@hono/zod-openapi'
import { Channel, ChannelChange, ChannelList, NewChannel, originsFault } from '../../core/api/channels.ts'
import { settingsChanged } from '../dashboards.ts'
import { changeChannel, createChannel, listChannels } from '../db/channels.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, byId, bySessionOrKey, inWorkspace, json, problems, routes } from '../openapi.ts'
import { invalid, problem } from '../problem.ts'

const list = createRoute({
  method: 'get',
  path: '/api/v1/channels',
  operationId: 'listChannels',
  summary: 'Channels of the workspace',
  middleware: signedIn,
  security: bySessionOrKey('channels:read'),
  request: { headers: inWorkspace },
  responses: { 200: answer('The channels', ChannelList), ...problems },
})
const create = createRoute({
  method: 'post',
  path: '/api/v1/channels',
  operationId: 'createChannel',
  summary: 'One more channel, of the web unless another kind is named',
  middleware: signedIn,
  security: bySessionOrKey('channels:write'),
  request: { headers: inWorkspace, body: json(NewChannel) },
  responses: { 201: answer('The channel', Channel), ...problems },
})
const change = createRoute({
  method: 'patch',
  path: '/api/v1/channels/{id}',
  operationId: 'changeChannel',
  summary: 'Change name, websites, colour or greeting',
  middleware: signedIn,
  security: bySessionOrKey('channels:write'),
  request: { headers: inWorkspace, params: byId, body: json(ChannelChange) },
  responses: { 200: answer('The channel', Channel), ...problems },
})

export const channelRoutes = routes()
  .openapi(list, async (c) => c.json({ list: await listChannels(workspaceFor(c, 'channels.list')) }, 200))
  .openapi(create, async (c) => {
    const workspace = workspaceFor(c, 'channels.create')
    const channel = await createChannel(workspace, c.req.valid('json'), Date.now())
    await settingsChanged(c.env, workspace.id, 'channels')
    return c.json(channel, 201)
  })
  .openapi(change, async (c) => {
    const workspace = workspaceFor(c, 'channels.change')
    const { id } = c.req.valid('param')
    const to = c.req.valid('json')
    const before = (await listChannels(workspace)).find((channel) => channel.id === id)
    if (!before) throw problem('not_found')
    const message = originsFault(before.kind, to.origins)
    if (message) throw invalid('origins', message)
    const channel = await changeChannel(workspace, before, to, Date.now())
    await settingsChanged(c.env, workspace.id, 'channels')
    return c.json(channel, 200)
  })
