/** Settings → Audit log (PR3). */
import { createRoute } from '@hono/zod-openapi'
import { AuditLog, AuditLogQuery } from '../../core/api/audit.ts'
import { listAudit } from '../db/audit.ts'
import { pageOf } from '../db/keyset.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, BY_SESSION, cursorIn, inWorkspace, problems, routes } from '../openapi.ts'

const list = createRoute({
  method: 'get',
  path: '/api/v1/audit-log',
  operationId: 'readAuditLog',
  summary: 'Who changed what in the workspace, and who took data out of it, newest first',
  middleware: signedIn,
  security: BY_SESSION,
  request: { headers: inWorkspace, query: AuditLogQuery },
  responses: { 200: answer('A page', AuditLog), ...problems },
})

export const auditRoutes = routes().openapi(list, async (c) => {
  const workspace = workspaceFor(c, 'audit.list')
  const { limit, ...query } = c.req.valid('query')
  const found = await listAudit(workspace, query, cursorIn(query), limit + 1)
  const page = pageOf(found, limit, (entry) => entry)
  return c.json(page, 200)
})
