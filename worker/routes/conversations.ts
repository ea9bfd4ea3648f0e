/** Conversations for agents: the list, one, its history, and what can be done with it. */
import { createRoute } from '@hono/zod-openapi'
import {
  Accepted,
  Conversation,
  ConversationChange,
  ConversationList,
  ConversationListQuery,
  EntriesQuery,
  EntryList,
  NewMessage,
  NewNote,
} from '../../core/api/conversations.ts'
import type { Position } from '../../core/conversation/entries.ts'
import { authorizeReading } from '../auth/authorize.ts'
import { command, named } from '../dispatch.ts'
import { forCaller, listWithOverlay, withSurroundings } from '../inboxList.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { answer, byId, bySessionOrKey, cursorIn, idempotent, inWorkspace, json, problems, routes } from '../openapi.ts'
import { refused } from '../problem.ts'

const middleware = signedIn
const accepted = { 201: answer('What was written', Accepted), ...problems }

const list = createRoute({
  method: 'get',
  path: '/api/v1/conversations',
  operationId: 'listConversations',
  summary: 'Conversations of the workspace, newest message first',
  middleware,
  security: bySessionOrKey('conversations:read'),
  request: { headers: inWorkspace, query: ConversationListQuery },
  responses: { 200: answer('A page', ConversationList), ...problems },
})
const one = createRoute({
  method: 'get',
  path: '/api/v1/conversations/{id}',
  operationId: 'readConversation',
  summary: 'One conversation',
  middleware,
  security: bySessionOrKey('conversations:read'),
  request: { params: byId },
  responses: { 200: answer('The conversation', Conversation), ...problems },
})
const change = createRoute({
  method: 'patch',
  path: '/api/v1/conversations/{id}',
  operationId: 'changeConversation',
  summary: 'Change the status, the assignee or the priority',
  middleware,
  security: bySessionOrKey('conversations:write'),
  request: { params: byId, body: json(ConversationChange) },
  responses: { 200: answer('What changed', Accepted), ...problems },
})
const entries = createRoute({
  method: 'get',
  path: '/api/v1/conversations/{id}/entries',
  operationId: 'listEntries',
  summary: 'History, newest page first; `before` and `after` take positions',
  middleware,
  security: bySessionOrKey('conversations:read'),
  request: { params: byId, query: EntriesQuery },
  responses: { 200: answer('A page in timeline order', EntryList), ...problems },
})
const message = createRoute({
  method: 'post',
  path: '/api/v1/conversations/{id}/messages',
  operationId: 'sendMessage',
  summary: 'Answer the visitor',
  middleware,
  security: bySessionOrKey('messages:write'),
  request: { params: byId, headers: idempotent, body: json(NewMessage) },
  responses: accepted,
})
const note = createRoute({
  method: 'post',
  path: '/api/v1/conversations/{id}/notes',
  operationId: 'addNote',
  summary: 'Write a note for the team',
  middleware,
  security: bySessionOrKey('notes:write'),
  request: { params: byId, headers: idempotent, body: json(NewNote) },
  responses: accepted,
})

export const conversationRoutes = routes()
  .openapi(list, async (c) => {
    const workspace = workspaceFor(c, 'conversations.list')
    const { view, limit, ...query } = c.req.valid('query')
    const { list, next } = await listWithOverlay(c.env, workspace, view, cursorIn(query), limit)
    return c.json({ list: list.map((one) => forCaller(c.get('principal'), one)), next }, 200)
  })
  .openapi(one, async (c) => {
    const caller = c.get('principal')
    authorizeReading(caller)
    const stub = conversationObject(c.env, c.req.valid('param').id)
    const read = await stub.read(identityOf(caller))
    if (!read.ok) throw refused(read.refusal)
    const known = forCaller(caller, await withSurroundings(c.env, caller, read.row))
    return c.json({ ...known, ...read.linked }, 200)
  })
  .openapi(change, async (c) => {
    const { status, assignee, priority, ...sent } = c.req.valid('json')
    const { id } = c.req.valid('param')
    if (status !== undefined) return c.json(await command(c, id, { type: 'set_status', to: status }, sent), 200)
    if (priority !== undefined) return c.json(await command(c, id, { type: 'set_priority', to: priority }, sent), 200)
    if (typeof assignee !== 'string') return c.json(await command(c, id, { type: 'assign', to: null }, sent), 200)
    const { member, as } = await named(c, assignee)
    return c.json(await command(c, id, { type: 'assign', to: member }, sent, as), 200)
  })
  .openapi(entries, async (c) => {
    authorizeReading(c.get('principal'))
    const { before, after, limit } = c.req.valid('query')
    const stub = conversationObject(c.env, c.req.valid('param').id)
    const page = await stub.page(identityOf(c.get('principal')), {
      before: position(before),
      after: position(after),
      limit,
    })
    if (!page.ok) throw refused(page.refusal)
    return c.json({ list: page.list, next: page.next && `${page.next.public}.${page.next.team ?? 0}` }, 200)
  })
  .openapi(message, async (c) => {
    const { text, quote, reopen, ...body } = c.req.valid('json')
    const sent = { ...body, idempotencyKey: c.req.valid('header')['idempotency-key'] }
    return c.json(await command(c, c.req.valid('param').id, { type: 'send_message', text, quote, reopen }, sent), 201)
  })
  .openapi(note, async (c) => {
    const { text, quote, ...body } = c.req.valid('json')
    const sent = { ...body, idempotencyKey: c.req.valid('header')['idempotency-key'] }
    return c.json(await command(c, c.req.valid('param').id, { type: 'add_note', text, quote }, sent), 201)
  })

function position(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined
  const [visible, team] = text.split('.').map(Number)
  return { public: visible ?? 0, ...(team === undefined ? {} : { team }) }
}
