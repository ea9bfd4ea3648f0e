/** The visitor's API: a token, and the start of a conversation. Cookies are never looked at here. */
import { createRoute, z } from '@hono/zod-openapi'
import {
  Badge,
  BadgeToken,
  NewWidgetConversation,
  NewWidgetSession,
  StartedConversation,
  WidgetContact,
  WidgetConversationList,
  WidgetSession,
} from '../../core/api/widget.ts'
import { authorOf } from '../../core/conversation/command.ts'
import type { Origin } from '../../core/conversation/record.ts'
import { type ClientId, contactOf, type DeviceId } from '../../core/ids.ts'
import { refusal } from '../../core/refusals.ts'
import { clientIp, clientNetwork } from '../auth/clientIp.ts'
import { mintBadgeToken, mintVisitorToken, readBadgeToken, readVisitorToken } from '../auth/visitorToken.ts'
import { refuseBlocked, refuseNetwork } from '../bans.ts'
import { changeAndAnnounce } from '../contacts.ts'
import { findChannel, recallChannel } from '../db/channels.ts'
import { contactOfDevice } from '../db/contacts.ts'
import { factsOf } from '../facts.ts'
import { refuseUnsayable } from '../firstText.ts'
import { conversationIdFor, isOwnConversationId, newId } from '../ids.ts'
import { pace, visitorOf } from '../middleware/visitor.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { answer, BY_ANYONE, BY_VISITOR, json, problems, routes } from '../openapi.ts'
import { problem, refused } from '../problem.ts'
import { conversationsOf } from '../visitorList.ts'
import { begin } from '../visitorStart.ts'

const session = createRoute({
  method: 'post',
  path: '/widget/v1/sessions',
  operationId: 'createVisitorSession',
  summary: 'A token for this browser, new or from before',
  security: BY_ANYONE,
  request: { body: json(NewWidgetSession) },
  responses: { 201: answer('The visitor', WidgetSession), ...problems },
})
const conversations = createRoute({
  method: 'get',
  path: '/widget/v1/conversations',
  operationId: 'listVisitorConversations',
  summary: "The visitor's conversations, newest message first",
  security: BY_VISITOR,
  responses: { 200: answer('The conversations', WidgetConversationList), ...problems },
})
const contact = createRoute({
  method: 'put',
  path: '/widget/v1/contact',
  operationId: 'introduceVisitor',
  summary: 'What the visitor tells of themself; agents see it as unverified',
  security: BY_VISITOR,
  request: { body: json(WidgetContact) },
  responses: { 204: { description: 'Kept' }, ...problems },
})
const badgeToken = createRoute({
  method: 'post',
  path: '/widget/v1/badge-tokens',
  operationId: 'createBadgeToken',
  summary: 'A token that reads one unread number and nothing else',
  security: BY_VISITOR,
  request: { body: json(z.strictObject({ conversation: z.string() })) },
  responses: { 201: answer('The token', BadgeToken), ...problems },
})
const badge = createRoute({
  method: 'post',
  path: '/widget/v1/badge',
  operationId: 'readBadge',
  summary: 'How many messages the visitor has not seen; the body is the badge token as plain text',
  security: BY_ANYONE,
  request: { body: { required: true, content: { 'text/plain': { schema: z.string() } } } },
  responses: { 200: answer('The number', Badge), ...problems },
})
const start = createRoute({
  method: 'post',
  path: '/widget/v1/conversations',
  operationId: 'startVisitorConversation',
  summary: 'Start a conversation with its first message',
  security: BY_VISITOR,
  request: { body: json(NewWidgetConversation) },
  responses: {
    200: answer('It had been started by the same client id', StartedConversation),
    201: answer('Started', StartedConversation),
    ...problems,
  },
})

export const widgetRoutes = routes()
  .openapi(session, async (c) => {
    await pace(c.env, clientNetwork(c.req.raw))
    const { channel: channelId, token } = c.req.valid('json')
    const channel = await findChannel(c.env.DB, channelId)
    if (!channel) throw problem('not_found')
    await refuseNetwork(c.env, channel.workspace, clientIp(c.req.raw))
    const now = Date.now()
    const known = await readVisitorToken(c.env, token, now)
    const own = known?.workspace === channel.workspace ? known : null
    const device = own?.device ?? (newId('d') as DeviceId)
    const kept = token !== undefined && own !== null && !own.stale
    return c.json(
      {
        token: kept ? token : await mintVisitorToken(c.env, channel.workspace, device, now),
        you: authorOf({ kind: 'visitor', device }),
        workspace: channel.workspaceName,
        renewed: own === null,
        colour: channel.colour,
        greeting: channel.greeting,
        email: own ? ((await contactOfDevice(c.env.DB, channel.workspace, device))?.email ?? null) : null,
      },
      201,
    )
  })
  .openapi(conversations, async (c) => {
    const { workspace, device } = await visitorOf(c)
    return c.json({ list: await conversationsOf(c.env, workspace, device) }, 200)
  })
  .openapi(contact, async (c) => {
    const { workspace, device } = await visitorOf(c)
    const told = c.req.valid('json')
    await refuseBlocked(c.env, { workspace, device, contact: contactOf(device), email: told.email })
    const retryAt = await c.env.INBOX.getByName(workspace).admitContact(device, clientIp(c.req.raw))
    if (retryAt !== null) throw problem('too_many_attempts', { retryAt })
    // Only who has written is somebody: there is no contact before its first message.
    if (!(await changeAndAnnounce(c.env, workspace, contactOf(device), told))) throw problem('not_found')
    return c.body(null, 204)
  })
  .openapi(badgeToken, async (c) => {
    const { workspace, device } = await visitorOf(c)
    const { conversation } = c.req.valid('json')
    if (!isOwnConversationId(c.env.ID_SECRET, conversation)) throw refused(refusal('not_found'))
    return c.json({ badge: await mintBadgeToken(c.env, { workspace, device, conversation }, Date.now()) }, 201)
  })
  .openapi(badge, async (c) => {
    const owner = await readBadgeToken(c.env, await c.req.text(), Date.now())
    if (!owner) throw problem('invalid_token')
    await pace(c.env, owner.device)
    await refuseNetwork(c.env, owner.workspace, clientIp(c.req.raw))
    // Read by the loader on any website: the token is the right, and a number is all it gives.
    c.header('access-control-allow-origin', '*')
    const stub = conversationObject(c.env, owner.conversation)
    return c.json({ unread: await stub.unread(identityOf({ kind: 'visitor', ...owner })) }, 200)
  })
  .openapi(start, async (c) => {
    const visitor = await visitorOf(c)
    const { channel: channelId, clientId, text, source, continues } = c.req.valid('json')
    const { workspace, device } = visitor
    const channel = await recallChannel(c.env.DB, channelId)
    if (channel?.workspace !== visitor.workspace) throw problem('not_found')
    refuseUnsayable(text)
    const id = conversationIdFor(c.env.ID_SECRET, workspace, device, clientId)
    const origin: Origin = {
      id,
      workspace,
      channel: channel.id,
      contact: contactOf(device),
      device,
      source: factsOf(c.req.raw, source),
    }
    const started = await begin(c.env, {
      ...{ origin, channel, text, continues },
      clientId: clientId as ClientId,
      ip: clientIp(c.req.raw),
    })
    return c.json({ id: started.id }, started.repeated ? 200 : 201)
  })
