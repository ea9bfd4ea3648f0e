/** Reports: what happened in the workspace over time. */
import { createRoute } from '@hono/zod-openapi'
import { SatisfactionQuery, SatisfactionReport } from '../../core/api/reports.ts'
import { satisfaction } from '../db/satisfaction.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, bySessionOrKey, inWorkspace, problems, routes } from '../openapi.ts'

const bySatisfaction = createRoute({
  method: 'get',
  path: '/api/v1/reports/satisfaction',
  summary: 'How visitors rated, by day, agent and channel',
  middleware: signedIn,
  security: bySessionOrKey('ratings:read'),
  request: { headers: inWorkspace, query: SatisfactionQuery },
  responses: { 200: answer('The report', SatisfactionReport), ...problems },
})

export const reportRoutes = routes().openapi(bySatisfaction, async (c) => {
  const workspace = workspaceFor(c, 'reports.read')
  const { days, channel } = c.req.valid('query')
  return c.json(await satisfaction(workspace, days, channel ?? null, Date.now()), 200)
})
