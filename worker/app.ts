/** The Worker's routes in one chain. Who may, whether it is valid, where it goes; no rule of conversations. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { SESSION_COOKIE } from './auth/session.ts'
import type { AppEnv } from './context.ts'
import { nothingHere } from './middleware/methods.ts'
import { requestId } from './middleware/requestId.ts'
import { jsonOnly, limitedBody, ownOrigin, securityHeaders, wholeBody } from './middleware/security.ts'
import { isDatabaseFailure, Problem, problem, problemResponse } from './problem.ts'
import { accountRoutes } from './routes/accounts.ts'
import { apiKeyRoutes } from './routes/apiKeys.ts'
import { auditRoutes } from './routes/audit.ts'
import { banRoutes } from './routes/bans.ts'
import { channelRoutes } from './routes/channels.ts'
import { collaborationRoutes } from './routes/collaboration.ts'
import { contactRoutes } from './routes/contacts.ts'
import { conversationRoutes } from './routes/conversations.ts'
import { deletionRoutes } from './routes/deletion.ts'
import { documentRoutes } from './routes/documents.ts'
import { groupRoutes } from './routes/groups.ts'
import { indexRebuildRoutes } from './routes/indexRebuilds.ts'
import { localDatabaseRoutes } from './routes/localDatabase.ts'
import { mailboxRoutes } from './routes/mailbox.tsx'
import { memberRoutes } from './routes/members.ts'
import { pageRoutes } from './routes/pages.ts'
import { policyRoutes } from './routes/policies.ts'
import { ratingRoutes } from './routes/ratings.ts'
import { reportRoutes } from './routes/reports.ts'
import { senderRoutes } from './routes/senders.ts'
import { socketRoutes } from './routes/sockets.ts'
import { startRoutes } from './routes/starts.ts'
import { transcriptRoutes } from './routes/transcripts.ts'
import { widgetRoutes } from './routes/widget.ts'

export const app = new OpenAPIHono<AppEnv>()

app.use(requestId, securityHeaders)
app.use('/api/*', ownOrigin, jsonOnly, limitedBody, wholeBody)
app.use('/widget/v1/*', ownOrigin, jsonOnly, limitedBody)

app
  .route('/', socketRoutes)
  .route('/', accountRoutes)
  .route('/', memberRoutes)
  .route('/', apiKeyRoutes)
  .route('/', auditRoutes)
  .route('/', groupRoutes)
  .route('/', channelRoutes)
  .route('/', policyRoutes)
  .route('/', senderRoutes)
  .route('/', contactRoutes)
  .route('/', banRoutes)
  .route('/', collaborationRoutes)
  .route('/', deletionRoutes)
  .route('/', transcriptRoutes)
  .route('/', documentRoutes)
  .route('/', ratingRoutes)
  .route('/', reportRoutes)
  .route('/', indexRebuildRoutes)
  .route('/', conversationRoutes)
  .route('/', startRoutes)
  .route('/', widgetRoutes)
  .route('/', pageRoutes)

if (LOCAL) app.route('/', mailboxRoutes()).route('/', localDatabaseRoutes())

app.doc31('/openapi.json', (c) => ({
  openapi: '3.1.0',
  info: {
    title: 'Foyer',
    version: '1',
    description: 'Live chat on Cloudflare: the API of agents and integrators.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: new URL(c.env.BASE_URL).origin }],
}))
app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
  type: 'apiKey',
  in: 'cookie',
  name: SESSION_COOKIE,
  description: 'A member signed in by POST /api/v1/session. Changes need an Origin of our own.',
})
app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
  type: 'http',
  scheme: 'bearer',
  description:
    'An API key from Settings, `fk_…`, with the scopes that the operation takes. It belongs to one workspace.',
})
app.openAPIRegistry.registerComponent('securitySchemes', 'visitor', {
  type: 'http',
  scheme: 'bearer',
  description: 'A visitor token from POST /widget/v1/sessions.',
})

app.notFound((c) => problemResponse(nothingHere(app, c.req.path, c.req.method), c.get('requestId')))

app.onError((error, c) => {
  const id = c.get('requestId')
  if (error instanceof Problem) return problemResponse(error, id)
  // Raised by the framework while it reads a body: broken JSON, wrong content type.
  if (error instanceof HTTPException) {
    return problemResponse(problem(error.status === 415 ? 'unsupported_media_type' : 'malformed'), id)
  }
  const outage = isDatabaseFailure(error)
  const stack = outage ? undefined : error.stack
  console.error(JSON.stringify({ level: 'error', requestId: id, path: c.req.path, message: error.message, stack }))
  return problemResponse(problem(outage ? 'unavailable' : 'internal'), id)
})
