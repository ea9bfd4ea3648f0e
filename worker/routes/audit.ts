/** Settings → Audit log (PR3). */
import { createRoute } from '@hono/zod-openapi'
import { AuditLog, AuditLogQuery } from '../../core/api/audit.ts'
import { decodeAuditCursor, encodeAuditCursor, listAudit } from '../db/audit.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, BY_SESSION, inWorkspace, problems, routes } from '../openapi.ts'
import { problem } from '../problem.ts'

const list = createRoute({
  method: 'get',
  path: '/api/v1/audit-log',
  summary: 'Who changed what in the workspace, and who took data out of it, newest first',
  middleware: signedIn,
  security: BY_SESSION,
  request: { headers: inWorkspace, query: AuditLogQuery },
  responses: { 200: answer('A page', AuditLog), ...problems },
})

export const auditRoutes = routes().openapi(list, async (c) => {
  const workspace = workspaceFor(c, 'audit.list')
  const { cursor, limit, ...filter } = c.req.valid('query')
  const after = cursor === undefined ? null : decodeAuditCursor(cursor)
  if (cursor !== undefined && !after)
    throw problem('invalid_request', { errors: [{ path: 'cursor', message: 'is no cursor of ours' }] })
  const found = await listAudit(workspace, filter, after, limit + 1)
  const page = found.slice(0, limit)
  const last = found.length > limit ? page.at(-1) : undefined
  return c.json({ list: page, next: last ? encodeAuditCursor(last) : null }, 200)
})
