/**
 * Deleting a conversation, and undoing that for half a minute (CV12).
 * Whether one may is decided by the conversation.
 */
import { createRoute } from '@hono/zod-openapi'
import { Accepted, Deleted } from '../../core/api/conversations.ts'
import { UNDO_MS } from '../../core/conversation/deletion.ts'
import { command } from '../dispatch.ts'
import { signedIn } from '../middleware/agent.ts'
import { answer, byId, bySessionOrKey, problems, routes } from '../openapi.ts'

const remove = createRoute({
  method: 'delete',
  path: '/api/v1/conversations/{id}',
  operationId: 'deleteConversation',
  summary: 'Delete a conversation: hidden at once, gone for good after the time to undo',
  middleware: signedIn,
  security: bySessionOrKey('conversations:delete'),
  request: { params: byId },
  responses: { 202: answer('Until when it can be undone', Deleted), ...problems },
})
const restore = createRoute({
  method: 'post',
  path: '/api/v1/conversations/{id}/restoration',
  operationId: 'restoreConversation',
  summary: 'Undo the deletion of a conversation',
  middleware: signedIn,
  security: bySessionOrKey('conversations:delete'),
  request: { params: byId },
  responses: { 200: answer('What changed', Accepted), ...problems },
})

export const deletionRoutes = routes()
  .openapi(remove, async (c) => {
    const { entries, rev } = await command(c, c.req.valid('param').id, { type: 'delete' })
    const at = entries.find(({ type }) => type === 'conversation.deleted')?.at ?? Date.now()
    return c.json({ undoUntil: at + UNDO_MS, rev }, 202)
  })
  .openapi(restore, async (c) => c.json(await command(c, c.req.valid('param').id, { type: 'restore' }), 200))
