/** Settings → API keys (AP1). */
import { createRoute } from '@hono/zod-openapi'
import { ApiKeyList, IssuedApiKey, NewApiKey, ProgramList } from '../../core/api/keys.ts'
import { newKey } from '../auth/apiKey.ts'
import { createKey, listKeys, listPrograms, revokeKey } from '../db/apiKeys.ts'
import { hashSecret } from '../ids.ts'
import { membersWorkspaceFor, signedIn, workspaceFor } from '../middleware/agent.ts'
import { answer, BY_SESSION, byId, bySessionOrKey, inWorkspace, json, problems, routes } from '../openapi.ts'
import { problem } from '../problem.ts'

const middleware = signedIn
const security = BY_SESSION

const list = createRoute({
  method: 'get',
  path: '/api/v1/keys',
  operationId: 'listKeys',
  summary: 'API keys that work, without their secrets',
  middleware,
  security,
  request: { headers: inWorkspace },
  responses: { 200: answer('The keys', ApiKeyList), ...problems },
})
const create = createRoute({
  method: 'post',
  path: '/api/v1/keys',
  operationId: 'createKey',
  summary: 'Make an API key with the scopes it needs',
  middleware,
  security,
  request: { headers: inWorkspace, body: json(NewApiKey) },
  responses: { 201: answer('The key, shown once', IssuedApiKey), ...problems },
})
const revoke = createRoute({
  method: 'delete',
  path: '/api/v1/keys/{id}',
  operationId: 'revokeKey',
  summary: 'Revoke an API key, at once and for good',
  middleware,
  security,
  request: { headers: inWorkspace, params: byId },
  responses: { 204: { description: 'Revoked' }, ...problems },
})

const programs = createRoute({
  method: 'get',
  path: '/api/v1/programs',
  operationId: 'listPrograms',
  summary: 'What programs are called: all that ever had a key, revoked ones too',
  middleware,
  security: bySessionOrKey('members:read'),
  request: { headers: inWorkspace },
  responses: { 200: answer('The programs, by the id of their key', ProgramList), ...problems },
})

export const apiKeyRoutes = routes()
  .openapi(list, async (c) => c.json({ list: await listKeys(membersWorkspaceFor(c, 'keys.list')) }, 200))
  .openapi(programs, async (c) => c.json({ list: await listPrograms(workspaceFor(c, 'programs.list')) }, 200))
  .openapi(create, async (c) => {
    const workspace = membersWorkspaceFor(c, 'keys.change')
    const { key: secret, hint } = newKey()
    const made = { hint, keyHash: await hashSecret(secret) }
    return c.json({ key: await createKey(workspace, c.req.valid('json'), made, Date.now()), secret }, 201)
  })
  .openapi(revoke, async (c) => {
    const workspace = membersWorkspaceFor(c, 'keys.change')
    if (!(await revokeKey(workspace, c.req.valid('param').id, Date.now()))) throw problem('not_found')
    return c.body(null, 204)
  })
