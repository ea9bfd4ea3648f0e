/** Following a conversation (CV10), and changing what one wrote (MS8). */
import { createRoute, z } from '@hono/zod-openapi'
import { Accepted, MessageEdit, NewCollaborator } from '../../core/api/conversations.ts'
import type { MemberId } from '../../core/ids.ts'
import { command, named } from '../dispatch.ts'
import { signedIn } from '../middleware/agent.ts'
import { answer, byId, byNumber, bySessionOrKey, json, problems, routes } from '../openapi.ts'

const middleware = signedIn
const responses = { 200: answer('What changed', Accepted), ...problems }

const add = createRoute({
  method: 'post',
  path: '/api/v1/conversations/{id}/collaborators',
  operationId: 'addCollaborator',
  summary: 'Let a member follow the conversation',
  middleware,
  security: bySessionOrKey('conversations:write'),
  request: { params: byId, body: json(NewCollaborator) },
  responses: { 201: answer('What changed', Accepted), ...problems },
})
const remove = createRoute({
  method: 'delete',
  path: '/api/v1/conversations/{id}/collaborators/{member}',
  operationId: 'removeCollaborator',
  summary: 'Let a member no longer follow it',
  middleware,
  security: bySessionOrKey('conversations:write'),
  request: { params: z.strictObject({ id: z.string(), member: z.string().max(64) }) },
  responses,
})
const edit = createRoute({
  method: 'patch',
  path: '/api/v1/conversations/{id}/messages/{n}',
  operationId: 'editMessage',
  summary: 'Edit an own message, for a while',
  middleware,
  security: bySessionOrKey('messages:write'),
  request: { params: byNumber, body: json(MessageEdit) },
  responses,
})
const erase = createRoute({
  method: 'delete',
  path: '/api/v1/conversations/{id}/messages/{n}',
  operationId: 'deleteMessage',
  summary: 'Delete an own message for a while; an administrator any, at any time',
  middleware,
  security: bySessionOrKey('messages:write'),
  request: { params: byNumber },
  responses,
})

export const collaborationRoutes = routes()
  .openapi(add, async (c) => {
    const { member, as } = await named(c, c.req.valid('json').member)
    return c.json(await command(c, c.req.valid('param').id, { type: 'add_collaborator', member }, {}, as), 201)
  })
  .openapi(remove, async (c) => {
    const { id, member } = c.req.valid('param')
    // Who was disabled meanwhile can still be taken off.
    return c.json(await command(c, id, { type: 'remove_collaborator', member: member as MemberId }), 200)
  })
  .openapi(edit, async (c) => {
    const { id, n } = c.req.valid('param')
    const { text, ...sent } = c.req.valid('json')
    return c.json(await command(c, id, { type: 'edit_message', ref: n, text }, sent), 200)
  })
  .openapi(erase, async (c) => {
    const { id, n } = c.req.valid('param')
    return c.json(await command(c, id, { type: 'delete_message', ref: n }), 200)
  })
