/**
 * Holding the list of conversations against the conversations themselves,
 * for administrators and `npm run rebuild-index`.
 */
import { createRoute } from '@hono/zod-openapi'
import { IndexRebuild, NewIndexRebuild } from '../../core/api/indexRebuilds.ts'
import { membersWorkspaceFor, signedIn } from '../middleware/agent.ts'
import { answer, BY_SESSION, inWorkspace, json, problems, routes } from '../openapi.ts'
import { problem } from '../problem.ts'

const rebuild = createRoute({
  method: 'post',
  path: '/api/v1/index-rebuilds',
  operationId: 'rebuildIndex',
  summary: 'Compare one page of the list with its conversations and put right what differs',
  middleware: signedIn,
  security: BY_SESSION,
  request: { headers: inWorkspace, body: json(NewIndexRebuild) },
  responses: { 200: answer('What was found', IndexRebuild), ...problems },
})

export const indexRebuildRoutes = routes().openapi(rebuild, async (c) => {
  const workspace = membersWorkspaceFor(c, 'index.rebuild')
  const page = await c.env.INBOX.getByName(workspace.id).rebuild(c.req.valid('json').after ?? null)
  if (!page) throw problem('unavailable')
  return c.json(page, 200)
})
