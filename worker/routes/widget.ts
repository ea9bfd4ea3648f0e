/** The visitor's API: a token, and the start of a conversation. Cookies are never looked at here. */
import { createRoute } from '@hono/zod-openapi'
import { NewWidgetConversation, NewWidgetSession, StartedConversation, WidgetSession } from '../../core/api/widget.ts'
import { authorOf } from '../../core/conversation/command.ts'
import type { Origin } from '../../core/conversation/record.ts'
import { normaliseText, textFault } from '../../core/conversation/text.ts'
import type { ClientId, ContactId, DeviceId } from '../../core/ids.ts'
import { refusal } from '../../core/refusals.ts'
import { clientIp } from '../auth/clientIp.ts'
import { mintVisitorToken, readVisitorToken } from '../auth/visitorToken.ts'
import { findChannel } from '../db/channels.ts'
import { conversationIdFor, newId } from '../ids.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { answer, BY_VISITOR, json, problems, routes } from '../openapi.ts'
import { problem, refused } from '../problem.ts'

const session = createRoute({
  method: 'post',
  path: '/widget/v1/sessions',
  summary: 'A token for this browser, new or from before',
  request: { body: json(NewWidgetSession) },
  responses: { 201: answer('The visitor', WidgetSession), ...problems },
})
const start = createRoute({
  method: 'post',
  path: '/widget/v1/conversations',
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
    const { success } = await c.env.RATE_IP.limit({ key: clientIp(c.req.raw) })
    if (!success) throw problem('too_many_attempts', { retryAt: Date.now() + 60_000 })
    const { channel: channelId, token } = c.req.valid('json')
    const channel = await findChannel(c.env.DB, channelId)
    if (!channel) throw problem('not_found')
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
      },
      201,
    )
  })
  .openapi(start, async (c) => {
    const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
    const visitor = await readVisitorToken(c.env, bearer, Date.now())
    if (!visitor) throw problem('invalid_token')
    const { channel: channelId, clientId, text, source } = c.req.valid('json')
    const channel = await findChannel(c.env.DB, channelId)
    if (channel?.workspace !== visitor.workspace) throw problem('not_found')
    // Decided again by the conversation; here so that nothing comes into being, and no limit is spent, for nothing.
    const fault = textFault(normaliseText(text))
    if (fault) throw refused(refusal(fault))
    const { workspace, device } = visitor
    const id = await conversationIdFor(c.env.ID_SECRET, workspace, device, clientId)
    const retryAt = await c.env.INBOX.getByName(workspace).admitStart(id, device, clientIp(c.req.raw))
    if (retryAt !== null) throw refused(refusal('too_many_conversations', retryAt))
    const origin: Origin = { id, workspace, channel: channel.id, contact: contactOf(device), device, source }
    const stub = await conversationObject(c.env, id)
    const outcome = await stub.dispatch({
      identity: identityOf({ kind: 'visitor', workspace, device }),
      envelope: { id: clientId as ClientId, retry: true, command: { type: 'start', text } },
      origin,
    })
    if (!outcome.ok) throw refused(outcome.refusal)
    return c.json({ id }, outcome.repeated ? 200 : 201)
  })

/** Until a visitor turns out to be somebody known, their device is the person: one id follows from the other. */
function contactOf(device: DeviceId): ContactId {
  return `c${device.slice(1)}` as ContactId
}
