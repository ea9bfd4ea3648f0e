/** Ratings of one conversation: asking the visitor for one, what came of it, and the team's own score. */
import { createRoute } from '@hono/zod-openapi'
import { Accepted } from '../../core/api/conversations.ts'
import { ConversationRatings, NewScore } from '../../core/api/ratings.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import { authorizeReading } from '../auth/authorize.ts'
import { command } from '../dispatch.ts'
import { signedIn } from '../middleware/agent.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { answer, byId, bySessionOrKey, idempotent, json, problems, routes } from '../openapi.ts'
import { refused } from '../problem.ts'

const middleware = signedIn

const request = createRoute({
  method: 'post',
  path: '/api/v1/conversations/{id}/rating-requests',
  operationId: 'requestRating',
  summary: 'Ask the visitor for a rating: each agent and each key once in a while',
  middleware,
  security: bySessionOrKey('ratings:write'),
  request: { params: byId, headers: idempotent },
  responses: { 201: answer('What was written', Accepted), ...problems },
})
const list = createRoute({
  method: 'get',
  path: '/api/v1/conversations/{id}/ratings',
  operationId: 'readRatings',
  summary: 'Who asked for a rating, what the visitor answered, and what the team gave',
  middleware,
  security: bySessionOrKey('ratings:read'),
  request: { params: byId },
  responses: { 200: answer('The ratings', ConversationRatings), ...problems },
})
const score = createRoute({
  method: 'put',
  path: '/api/v1/conversations/{id}/score',
  operationId: 'scoreConversation',
  summary: 'Score a conversation for the team; what the visitor says goes before it',
  middleware,
  security: bySessionOrKey('ratings:write'),
  request: { params: byId, body: json(NewScore) },
  responses: { 200: answer('What changed', Accepted), ...problems },
})

export const ratingRoutes = routes()
  .openapi(request, async (c) => {
    const sent = { idempotencyKey: c.req.valid('header')['idempotency-key'] }
    return c.json(await command(c, c.req.valid('param').id, { type: 'request_rating' }, sent), 201)
  })
  .openapi(list, async (c) => {
    const caller = c.get('principal')
    authorizeReading(caller, 'ratings:read')
    const stub = conversationObject(c.env, c.req.valid('param').id)
    const read = await stub.read(identityOf(caller))
    if (!read.ok) throw refused(read.refusal)
    return c.json(ratingsOf(read.row), 200)
  })
  .openapi(score, async (c) => {
    const { score } = c.req.valid('json')
    return c.json(await command(c, c.req.valid('param').id, { type: 'score_conversation', score }), 200)
  })

function ratingsOf({ asks = [], rating, teamScore }: ConversationRow): ConversationRatings {
  return {
    list: asks.map((ask) => ({
      ...ask,
      answer: ask.answer ? { ...ask.answer, comment: ask.answer.comment ?? null } : null,
    })),
    visitor: rating?.source === 'visitor' ? rating.score : null,
    agent: teamScore ?? null,
  }
}
