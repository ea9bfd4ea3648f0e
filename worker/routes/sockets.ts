/** WebSocket upgrades: who it is and whether the page is ours is settled here, the rest is the object's. */
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { WorkspaceId } from '../../core/ids.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import { encodeIdentity, IDENTITY_HEADER, type Identity } from '../../core/protocol/identity.ts'
import { authorize } from '../auth/authorize.ts'
import { clientIp } from '../auth/clientIp.ts'
import { requireSession } from '../auth/session.ts'
import { readVisitorToken } from '../auth/visitorToken.ts'
import { refuseNetwork } from '../bans.ts'
import type { AppEnv } from '../context.ts'
import { isOwnOrigin } from '../middleware/security.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { isDatabaseFailure, Problem, problem } from '../problem.ts'

/** Sockets open from our own pages alone: the dashboard, and the widget's frame, which is ours on any website. */
const upgradesOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') throw problem('upgrade_required')
  if (!isOwnOrigin(c.env, c.req.header('origin'))) throw problem('wrong_origin')
  await next()
})

export const socketRoutes = new Hono<AppEnv>()
  .get('/api/v1/inbox/socket', upgradesOnly, (c) =>
    refusable(c.req.raw, async () => {
      const principal = await agent(c.env, c.req.raw)
      const workspace = (c.req.query('workspace') ?? '') as WorkspaceId
      authorize(principal, 'inbox.watch', workspace)
      return c.env.INBOX.getByName(workspace).fetch(passedOn(c.req.raw, identityOf(principal)))
    }),
  )
  .get('/api/v1/conversations/:id/socket', upgradesOnly, (c) =>
    refusable(c.req.raw, async () => {
      const principal = await agent(c.env, c.req.raw)
      const stub = conversationObject(c.env, c.req.param('id'))
      return stub.fetch(passedOn(c.req.raw, identityOf(principal)))
    }),
  )
  .get('/widget/v1/conversations/:id/socket', upgradesOnly, (c) =>
    refusable(c.req.raw, async () => {
      const token = offers(c.req.raw)
        .find((offer) => offer.startsWith('t.'))
        ?.slice(2)
      const visitor = await readVisitorToken(c.env, token, Date.now())
      if (!visitor) throw problem('invalid_token')
      const ip = clientIp(c.req.raw)
      const { workspace, device } = visitor
      await refuseNetwork(c.env, workspace, ip)
      const stub = conversationObject(c.env, c.req.param('id'))
      return stub.fetch(passedOn(c.req.raw, { kind: 'visitor', workspace, device, ip }))
    }),
  )

async function agent(env: Env, request: Request) {
  return (await requireSession(env, request.headers.get('cookie') ?? undefined, Date.now())).principal
}

function offers(request: Request): string[] {
  return (request.headers.get('sec-websocket-protocol') ?? '').split(',').map((offer) => offer.trim())
}

/** The request as the object gets it: with our word for who it is, without token and cookie. */
function passedOn(request: Request, identity: Identity): Request {
  const passed = new Request(request)
  const { headers } = passed
  headers.delete('cookie')
  if (offers(request).includes('foyer.v1')) headers.set('sec-websocket-protocol', 'foyer.v1')
  else headers.delete('sec-websocket-protocol')
  headers.set(IDENTITY_HEADER, encodeIdentity(identity))
  return passed
}

/**
 * A refusal as a close code: a browser cannot read the status of a failed upgrade, and would take it for a lost line.
 */
async function refusable(request: Request, open: () => Promise<Response>): Promise<Response> {
  try {
    const answer = await open()
    return answer.status === 101 ? answer : closed(request, answer.status)
  } catch (error) {
    if (error instanceof Problem) return closed(request, error.status)
    if (isDatabaseFailure(error)) return closed(request, 503)
    throw error
  }
}

function closed(request: Request, status: number): Response {
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  server.close(CODES[status] ?? CLOSE.later)
  const headers = offers(request).includes('foyer.v1') ? { 'sec-websocket-protocol': 'foyer.v1' } : {}
  return new Response(null, { status: 101, webSocket: client, headers })
}

const CODES: Record<number, number> = {
  401: CLOSE.unauthorized,
  403: CLOSE.forbidden,
  404: CLOSE.gone,
  410: CLOSE.deleting,
}
