/** Transcripts by mail: asking for one, what became of it, and trying again (TR1, TR4–TR8). */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { NewTranscript, TranscriptList, TranscriptRequest } from '../../core/api/transcripts.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import type { WorkspaceId } from '../../core/ids.ts'
import type { Identity } from '../../core/protocol/identity.ts'
import { refusal } from '../../core/refusals.ts'
import { authorizeReading } from '../auth/authorize.ts'
import {
  TRANSCRIPTS_PER_CALLER,
  TRANSCRIPTS_PER_RECIPIENT,
  TRANSCRIPTS_PER_WORKSPACE,
  throttle,
} from '../auth/throttle.ts'
import type { AppEnv } from '../context.ts'
import { isVerifiedSender } from '../db/senders.ts'
import { openFor } from '../db/workspace.ts'
import { command, nameOf } from '../dispatch.ts'
import { isAddress } from '../mail/faults.ts'
import { signedIn } from '../middleware/agent.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { answer, byId, byNumber, bySessionOrKey, idempotent, json, problems, routes } from '../openapi.ts'
import { invalid, problem, refused } from '../problem.ts'

const common = { middleware: signedIn, security: bySessionOrKey('transcripts:write') }
const onItsWay = { 202: answer('It is on its way; what becomes of it is told in the conversation', TranscriptRequest) }

const ask = createRoute({
  method: 'post',
  path: '/api/v1/conversations/{id}/transcripts',
  operationId: 'sendTranscript',
  summary: 'Mail what was said until now',
  ...common,
  request: { params: byId, headers: idempotent, body: json(NewTranscript) },
  responses: { ...onItsWay, ...problems },
})
const list = createRoute({
  method: 'get',
  path: '/api/v1/conversations/{id}/transcripts',
  operationId: 'listTranscripts',
  summary: 'The newest 50 that were asked for, and what became of them',
  ...common,
  request: { params: byId },
  responses: { 200: answer('Newest first', TranscriptList), ...problems },
})
const retry = createRoute({
  method: 'post',
  path: '/api/v1/conversations/{id}/transcripts/{n}/retries',
  operationId: 'retryTranscript',
  summary: 'Try one again that could not be sent',
  ...common,
  request: { params: byNumber },
  responses: { ...onItsWay, ...problems },
})

export const transcriptRoutes = routes()
  .openapi(ask, async (c) => {
    const { id } = c.req.valid('param')
    const { to, from, name, ...sent } = c.req.valid('json')
    const workspace = await workspaceOf(c, id)
    // What `isAddress` refuses could not stand in a mail, whoever takes it for an address.
    if (!isAddress(to)) throw invalid('to', 'is not an address that mail can be sent to')
    if (!(await isVerifiedSender(openFor(c.env.DB, workspace, 'system'), from)))
      throw problem('sender_not_verified', { errors: [{ path: 'from', message: 'is not verified' }] })
    await quota(c, workspace, to)
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const asked = { type: 'send_transcript', to, from, name } as const
    const { entries } = await command(c, id, asked, { ...sent, idempotencyKey }, writing(c))
    return c.json(await stateOf(c, id, requestIn(entries)), 202)
  })
  .openapi(list, async (c) => {
    const { id } = c.req.valid('param')
    authorizeReading(c.get('principal'), 'transcripts:write')
    return c.json({ list: await listed(c, id) }, 200)
  })
  .openapi(retry, async (c) => {
    const { id, n } = c.req.valid('param')
    await command(c, id, { type: 'retry_transcript', request: n }, {}, writing(c))
    return c.json(await stateOf(c, id, n), 202)
  })

/** The conversation's own workspace. @throws Problem `scope_missing`, `not_found` */
async function workspaceOf(c: Context<AppEnv>, id: string): Promise<WorkspaceId> {
  authorizeReading(c.get('principal'), 'transcripts:write')
  const read = await conversationObject(c.env, id).read(identityOf(c.get('principal')))
  if (!read.ok) throw refused(read.refusal)
  return read.row.workspace
}

/** TR8: how many leave for one mailbox, by one caller, and from one workspace. @throws Problem `too_many_attempts` */
async function quota(c: Context<AppEnv>, workspace: WorkspaceId, to: string): Promise<void> {
  const now = Date.now()
  const { DB } = c.env
  const caller = `transcripts by ${nameOf(c.get('principal'))}`
  await throttle(DB, TRANSCRIPTS_PER_CALLER, caller, now, 'You have sent many transcripts.')
  const all = 'Many transcripts were sent from this workspace.'
  await throttle(DB, TRANSCRIPTS_PER_WORKSPACE, `transcripts of ${workspace}`, now, all)
  const one = 'Many transcripts were sent to this address.'
  await throttle(DB, TRANSCRIPTS_PER_RECIPIENT, `transcripts to ${to}`, now, one)
}

/**
 * A key that may not read the team's log is told of the very entry that it writes: the number of its request stands
 * there, and goes no further than this answer.
 */
function writing(c: Context<AppEnv>): Identity {
  const identity = identityOf(c.get('principal'))
  return identity.kind === 'key' ? { ...identity, scopes: [...identity.scopes, 'notes:read'] } : identity
}

function requestIn(entries: readonly Entry[]): number {
  const asked = entries.find((entry) => entry.type === 'transcript.requested')
  if (!asked) throw new Error('whoever asks is answered what was asked')
  return asked.body.request
}

async function listed(c: Context<AppEnv>, id: string): Promise<TranscriptRequest[]> {
  const stub = conversationObject(c.env, id)
  const told = await stub.effect({ do: 'list', as: identityOf(c.get('principal')) })
  if (!told.ok || !('list' in told)) throw refused(refusal('not_found'))
  return told.list
}

async function stateOf(c: Context<AppEnv>, id: string, request: number): Promise<TranscriptRequest> {
  const found = (await listed(c, id)).find((one) => one.request === request)
  if (!found) throw problem('not_found')
  return found
}
