/** Conversations that begin elsewhere (CH8): a program, or a member, brings what somebody wrote. */
import { createRoute } from '@hono/zod-openapi'
import { NewConversation } from '../../core/api/conversations.ts'
import { StartedConversation } from '../../core/api/widget.ts'
import { NO_SOURCE } from '../../core/conversation/record.ts'
import { type ChannelId, type ClientId, type ConversationId, contactOf, type DeviceId } from '../../core/ids.ts'
import { policyOf } from '../../core/protocol/identity.ts'
import { refusal } from '../../core/refusals.ts'
import { refuseBanned } from '../bans.ts'
import { introduceAndAnnounce } from '../contacts.ts'
import { listChannels } from '../db/channels.ts'
import { namedRequest, nameOf } from '../dispatch.ts'
import { refuseUnsayable } from '../firstText.ts'
import { conversationIdFor, newId } from '../ids.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { answer, bySessionOrKey, idempotent, inWorkspace, json, problems, routes } from '../openapi.ts'
import { invalid, refused } from '../problem.ts'

/** One conversation begins once: what tells a repeat is the name of the request. */
const FIRST = 'api:1' as ClientId

const start = createRoute({
  method: 'post',
  path: '/api/v1/conversations',
  operationId: 'startConversation',
  summary: 'Start a conversation with what somebody wrote elsewhere',
  middleware: signedIn,
  security: bySessionOrKey('conversations:write'),
  request: { headers: inWorkspace.extend(idempotent.shape), body: json(NewConversation) },
  responses: {
    200: answer('It had been started by the same Idempotency-Key', StartedConversation),
    201: answer('Started', StartedConversation),
    ...problems,
  },
})

export const startRoutes = routes().openapi(start, async (c) => {
  const workspace = workspaceFor(c, 'conversations.start')
  const caller = c.get('principal')
  const body = c.req.valid('json')
  const channel = (await listChannels(workspace)).find(({ id }) => id === body.channel)
  if (!channel) throw invalid('channel', 'is no channel of the workspace')
  refuseUnsayable(body.text)
  const key = c.req.valid('header')['idempotency-key']
  const id = conversationIdFor(c.env.ID_SECRET, workspace.id, nameOf(caller), key ?? newId('once'))
  const device = deviceFor(id)
  // BN5: whoever is banned does not come in through another channel either.
  await refuseBanned(c.env, { workspace: workspace.id, device, contact: contactOf(device), email: body.contact.email })
  const retryAt = await c.env.INBOX.getByName(workspace.id).admitStartBy(id, nameOf(caller))
  if (retryAt !== null) throw refused(refusal('too_many_conversations', retryAt))
  const policy = policyOf(identityOf(caller), { workspace: workspace.id, channel: channel.id })
  const stub = conversationObject(c.env, id)
  const outcome = await stub.dispatch({
    identity: { kind: 'visitor', workspace: workspace.id, device, ...(policy && { policy }) },
    envelope: {
      id: FIRST,
      idempotency: namedRequest(caller, key, JSON.stringify(body)),
      command: { type: 'start', text: body.text },
    },
    origin: {
      id,
      workspace: workspace.id,
      channel: channel.id as ChannelId,
      ...(channel.kind !== 'web' && { channelKind: channel.kind }),
      contact: contactOf(device),
      device,
      source: NO_SOURCE,
    },
  })
  if (!outcome.ok) throw refused(outcome.refusal)
  // After it, so that a request that was refused changes nobody;
  // one that failed here is sent again and comes by once more.
  await introduceAndAnnounce(c.env, { id: contactOf(device), workspace: workspace.id }, body.contact, Date.now())
  return c.json({ id }, outcome.repeated ? 200 : 201)
})

/** One of its own for each start, of which nobody holds a token: what was written elsewhere is read in no widget. */
function deviceFor(id: ConversationId): DeviceId {
  return `d_${id.slice(0, 24)}` as DeviceId
}
