/** Bans and blocks (BN1–BN5): of contacts, of devices, and of networks. Whoever may ban also reads why somebody was. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { Ban, BanList, BanListQuery, ContactBan, NewBan } from '../../core/api/bans.ts'
import { isWithin, networkAround, parseNetwork } from '../../core/bans/network.ts'
import { type ContactId, contactOf, type DeviceId, deviceOf } from '../../core/ids.ts'
import { refusal } from '../../core/refusals.ts'
import { mayRead } from '../auth/authorize.ts'
import { clientIp } from '../auth/clientIp.ts'
import type { Caller } from '../auth/principal.ts'
import { forgetNetworks } from '../bans.ts'
import { knownContact } from '../contacts.ts'
import type { AppEnv } from '../context.ts'
import { type BanOrder, findBan, liftBans, listBans, placeBan } from '../db/bans.ts'
import { pageOf } from '../db/keyset.ts'
import type { Workspace } from '../db/workspace.ts'
import { signedIn, workspaceFor } from '../middleware/agent.ts'
import { conversationObject, identityOf } from '../objects.ts'
import { answer, byId, bySessionOrKey, cursorIn, inWorkspace, json, problems, routes } from '../openapi.ts'
import { invalid, problem, refused } from '../problem.ts'
import { tell } from '../rights.ts'

const doneFrom = z.strictObject({ conversation: z.string().max(64).optional() })
const changing = { middleware: signedIn, security: bySessionOrKey('bans:write') }

const list = createRoute({
  method: 'get',
  path: '/api/v1/bans',
  operationId: 'listBans',
  summary: 'Who is banned or blocked, newest first',
  middleware: signedIn,
  security: bySessionOrKey('bans:read'),
  request: { headers: inWorkspace, query: BanListQuery },
  responses: { 200: answer('A page of bans in force', BanList), ...problems },
})
const place = createRoute({
  ...changing,
  method: 'post',
  path: '/api/v1/bans',
  operationId: 'createBan',
  summary: 'Ban a device or a network; one that is banned already is banned like this from now on',
  request: { headers: inWorkspace, body: json(NewBan) },
  responses: { 201: answer('The ban', Ban), ...problems },
})
const lift = createRoute({
  ...changing,
  method: 'delete',
  path: '/api/v1/bans/{id}',
  operationId: 'liftBan',
  summary: 'Lift a ban',
  request: { headers: inWorkspace, params: byId },
  responses: { 204: { description: 'Lifted' }, ...problems },
})
const placeOnContact = createRoute({
  ...changing,
  method: 'put',
  path: '/api/v1/contacts/{id}/ban',
  operationId: 'banContact',
  summary: 'Ban or block a contact; one that is banned already is banned like this from now on',
  request: { headers: inWorkspace, params: byId, body: json(ContactBan) },
  responses: { 200: answer('The ban', Ban), ...problems },
})
const liftFromContact = createRoute({
  ...changing,
  method: 'delete',
  path: '/api/v1/contacts/{id}/ban',
  operationId: 'unbanContact',
  summary: 'Lift whatever bans a contact and their device',
  request: { headers: inWorkspace, params: byId, query: doneFrom },
  responses: { 204: { description: 'Lifted' }, ...problems },
})

export const banRoutes = routes()
  .openapi(list, async (c) => {
    const workspace = workspaceFor(c, 'bans.list')
    const { search, limit, ...query } = c.req.valid('query')
    const caller = c.get('principal')
    const wanted = search ? { text: search, people: mayRead(caller, 'contacts:read') } : null
    const found = await listBans(workspace, wanted, cursorIn(query), limit + 1, Date.now())
    const { list, next } = pageOf(found, limit, ({ createdAt, id }) => ({ at: createdAt, id }))
    return c.json({ list: list.map((ban) => forCaller(caller, ban)), next }, 200)
  })
  .openapi(place, async (c) => {
    const workspace = workspaceFor(c, 'bans.change')
    const { scope, target, kind = 'block', evenMine = false, conversation = null, ...why } = c.req.valid('json')
    const order = { scope, kind, ...why, email: null, conversation }
    if (scope === 'network') {
      const named = target ?? (await addressOf(c, workspace, conversation))
      const network = networkOf(named, evenMine ? null : clientIp(c.req.raw))
      return c.json(await placed(c, workspace, { ...order, target: network }), 201)
    }
    const device = target as DeviceId
    if (!(await knownContact(c.env, workspace.id, contactOf(device)))) throw problem('not_found')
    await seen(c, conversation, device)
    return c.json(await placed(c, workspace, { ...order, target: device }), 201)
  })
  .openapi(lift, async (c) => {
    const workspace = workspaceFor(c, 'bans.change')
    const ban = await findBan(workspace, { ban: c.req.valid('param').id }, Date.now())
    if (!ban) throw problem('not_found')
    await lifted(c, workspace, [ban], null)
    return c.body(null, 204)
  })
  .openapi(placeOnContact, async (c) => {
    const workspace = workspaceFor(c, 'bans.change')
    const { id } = c.req.valid('param')
    const { conversation = null, ...wanted } = c.req.valid('json')
    const contact = await knownContact(c.env, workspace.id, id)
    if (!contact) throw problem('not_found')
    await seen(c, conversation, id)
    const email = contact.email?.toLowerCase() ?? null
    return c.json(await placed(c, workspace, { scope: 'contact', target: id, ...wanted, email, conversation }), 200)
  })
  .openapi(liftFromContact, async (c) => {
    const workspace = workspaceFor(c, 'bans.change')
    const { id } = c.req.valid('param')
    const { conversation = null } = c.req.valid('query')
    const targets = [
      { scope: 'contact', target: id },
      { scope: 'device', target: deviceOf(id as ContactId) },
    ] as const
    if ((await lifted(c, workspace, targets, conversation)) === 0) throw problem('not_found')
    return c.body(null, 204)
  })

/** @throws Problem `invalid_request` */
async function placed(c: Context<AppEnv>, workspace: Workspace, order: BanOrder): Promise<Ban> {
  const now = Date.now()
  if (order.expiresAt !== null && order.expiresAt <= now) throw invalid('expiresAt', 'lies in the past')
  await placeBan(workspace, order, now)
  await told(c, workspace, now)
  const ban = await findBan(workspace, { target: order.target }, now)
  // Somebody lifted it in the same moment.
  if (!ban) throw problem('not_found')
  return forCaller(c.get('principal'), ban)
}

/** What a caller may know of whom it is about: a program needs the scope for names and addresses. */
function forCaller(caller: Caller, ban: Ban): Ban {
  if (mayRead(caller, 'contacts:read')) return ban
  return { ...ban, email: null, contact: ban.contact && { ...ban.contact, name: null, email: null } }
}

async function lifted(
  c: Context<AppEnv>,
  workspace: Workspace,
  targets: Parameters<typeof liftBans>[1],
  conversation: string | null,
): Promise<number> {
  const now = Date.now()
  await seen(c, conversation, ...targets.map(({ target }) => target))
  const count = await liftBans(workspace, targets, conversation, now)
  if (count > 0) await told(c, workspace, now)
  return count
}

/** BN1: every open session of theirs, at once. */
async function told(c: Context<AppEnv>, workspace: Workspace, now: number): Promise<void> {
  forgetNetworks(workspace.id)
  await tell(c.env, { workspace: workspace.id, what: 'bans', until: now })
}

/** What it is done from has to be a conversation of theirs that the caller can see. @throws Problem `not_found` */
async function seen(c: Context<AppEnv>, conversation: string | null, ...targets: readonly string[]): Promise<void> {
  if (conversation === null) return
  const stub = conversationObject(c.env, conversation)
  const read = await stub.read(identityOf(c.get('principal')))
  const isTheirs = read.ok && (targets.includes(read.row.contact) || targets.includes(read.row.device))
  if (!isTheirs) throw refused(refusal('not_found'))
}

/**
 * The address from which the visitor of a conversation is here now.
 * @throws Problem `not_found` for one that the caller may not see, `nobody_here`
 */
async function addressOf(c: Context<AppEnv>, workspace: Workspace, conversation: string | null): Promise<string> {
  const stub = conversationObject(c.env, conversation ?? '')
  const read = await stub.read(identityOf(c.get('principal')))
  if (!read.ok || read.row.workspace !== workspace.id) throw refused(refusal('not_found'))
  const here = (await c.env.INBOX.getByName(workspace.id).addressesOf(read.row.id)).at(-1)
  const network = here === undefined ? null : networkAround(here)
  if (network === null) throw problem('nobody_here')
  return network
}

/**
 * A network as it is written.
 * @param own an address that must not lie in it; null where it may
 * @throws Problem `invalid_request`, `own_address`
 */
function networkOf(text: string, own: string | null): string {
  const network = parseNetwork(text)
  if (network === 'not_a_network') throw invalid('target', 'is no address and no network like 203.0.113.0/24')
  if (network === 'too_wide') throw invalid('target', 'is too wide: at most a /8, in IPv6 a /16')
  if (own !== null && isWithin(network, own)) throw problem('own_address')
  return network.text
}
