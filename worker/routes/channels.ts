import { createRoute } from '@hono/zod-openapi'
import { ChannelList } from '../../core/api/channels.ts'
import { listChannels } from '../db/channels.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, BY_SESSION, inWorkspace, problems, routes } from '../openapi.ts'

const list = createRoute({
  method: 'get',
  path: '/api/v1/channels',
  summary: 'Channels of the workspace',
  middleware: signedIn,
  security: BY_SESSION,
  request: { headers: inWorkspace },
  responses: { 200: answer('The channels', ChannelList), ...problems },
})

/** Settings → Channels. */
export const channelRoutes = routes().openapi(list, async (c) =>
  c.json({ list: await listChannels(workspaceFor(c, 'channels.list')) }, 200),
)
