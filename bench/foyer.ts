/** Foyer as it is deployed: the bundle that `wrangler deploy` would upload, with real tokens and a real session. */
import { randomBytes, randomInt } from 'node:crypto'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { IssuedInvitation, Session } from '../core/api/accounts.ts'
import { ChannelList } from '../core/api/channels.ts'
import { StartedConversation, WidgetSession } from '../core/api/widget.ts'
import { buildWorker, WORKER } from '../scripts/local/build.mjs'
import { migrate } from '../scripts/local/database.mjs'
import { at } from '../scripts/local/paths.mjs'
import { secrets } from '../scripts/local/secrets.mjs'
import { startHost } from './host.ts'
import { BODY, type Room, type Subject } from './subject.ts'
import { Wire } from './wire.ts'

const CONFIG = at('wrangler.toml')
const PASSWORD = 'correct horse battery'

export interface Desk {
  member: string
  workspace: string
  cookie: string
}

export interface Foyer extends Subject {
  owner: Desk
  channel: string
  /** One more agent, by invitation. */
  colleague(origin: string, n: number): Promise<Desk>
}

/** Builds the product and makes an installation, once; every measurement begins with a copy of it. */
export async function foyer(folder: string, port: number): Promise<Foyer> {
  buildWorker(process.execPath)
  const script = join(folder, 'foyer.js')
  copyFileSync(at(WORKER), script)
  const template = join(folder, 'template')
  mkdirSync(template, { recursive: true })
  process.env['STATE_DIR'] = template
  const { SETUP_TOKEN } = secrets()
  migrate(process.execPath)
  const host = await startHost({ port, config: CONFIG, script, state: template })
  try {
    const { origin } = host
    const email = 'ana@bench.example'
    await ask(origin, '/api/v1/installation', {
      body: {
        token: SETUP_TOKEN,
        owner: { name: 'Ana', email, password: PASSWORD },
        workspace: { name: 'Bench', timeZone: 'Europe/Berlin' },
        website: 'https://shop.example',
      },
    })
    const owner = await signIn(origin, email)
    const limits = { quick: RAISED, lasting: RAISED }
    await ask(origin, '/api/v1/policies', { method: 'PATCH', desk: owner, body: { limits } })
    const { body } = await ask(origin, '/api/v1/channels', { desk: owner })
    const channel = ChannelList.parse(body).list[0]?.id ?? ''
    return {
      name: 'foyer',
      config: CONFIG,
      script,
      template,
      owner,
      channel,
      arrive: (base) => arrive(base, channel, owner),
      colleague: (base, n) => colleague(base, owner, n),
    }
  } finally {
    await host.end()
  }
}

/** Refuses nothing that is measured here; the code that counts runs. */
const RAISED = { burst: 100_000, everyMs: 1 }

interface Ask {
  method?: string
  body?: unknown
  desk?: Desk
  headers?: Record<string, string>
}

export async function ask(origin: string, path: string, { method, body, desk, headers }: Ask) {
  const answer = await fetch(`${origin}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      origin,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(desk ? { cookie: desk.cookie, 'foyer-workspace': desk.workspace } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  const said: unknown = text === '' ? null : JSON.parse(text)
  return { headers: answer.headers, body: said }
}

async function signIn(origin: string, email: string, headers: Record<string, string> = {}): Promise<Desk> {
  const answer = await ask(origin, '/api/v1/session', { body: { email, password: PASSWORD }, headers })
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const [membership] = Session.parse(answer.body).memberships
  if (!membership) throw new Error(`${email} belongs to no workspace`)
  return { member: membership.member, workspace: membership.workspace.id, cookie }
}

async function colleague(origin: string, owner: Desk, n: number): Promise<Desk> {
  const email = `agent${n}@bench.example`
  const headers = { 'cf-connecting-ip': address() }
  const invited = await ask(origin, '/api/v1/invitations', { desk: owner, body: { email, role: 'agent' }, headers })
  const token = new URLSearchParams(new URL(IssuedInvitation.parse(invited.body).link).hash.slice(1)).get('token')
  const acceptance = { token, name: `Agent ${n}`, password: PASSWORD }
  await ask(origin, '/api/v1/invitations/accept', { body: acceptance, headers })
  return signIn(origin, email, headers)
}

/** A dashboard's socket. */
export function watchInbox(origin: string, { cookie, workspace }: Desk): Promise<Wire> {
  const socket = origin.replace('http', 'ws')
  return Wire.open(`${socket}/api/v1/inbox/socket?workspace=${workspace}`, { origin, cookie })
}

/** Everybody comes from an address of their own: limits per address are not what is measured. */
function address(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`
}

async function arrive(origin: string, channel: string, agent: Desk): Promise<() => Promise<Room>> {
  const headers = { 'cf-connecting-ip': address() }
  const session = await ask(origin, '/widget/v1/sessions', { body: { channel }, headers })
  const { token } = WidgetSession.parse(session.body)
  const instance = randomBytes(6).toString('hex')
  const source = { page: 'https://shop.example/tea', title: 'Tea', referrer: null }
  return async () => {
    const started = await ask(origin, '/widget/v1/conversations', {
      body: { channel, clientId: `${instance}:1`, text: BODY, source },
      headers: { ...headers, authorization: `Bearer ${token}` },
    })
    return room(origin, StartedConversation.parse(started.body).id, { token, instance, headers }, agent)
  }
}

interface Browser {
  token: string
  instance: string
  /** Its address: everything that a visitor asks comes from there. */
  headers: Record<string, string>
}

function room(origin: string, id: string, { token, instance, headers }: Browser, agent: Desk): Room {
  let n = 1
  const socket = origin.replace('http', 'ws')
  const protocol = `foyer.v1, t.${token}`
  return {
    id,
    visit: () =>
      Wire.open(`${socket}/widget/v1/conversations/${id}/socket`, {
        ...{ origin, 'sec-websocket-protocol': protocol },
        ...headers,
      }),
    watch: () => Wire.open(`${socket}/api/v1/conversations/${id}/socket`, { origin, cookie: agent.cookie }),
    next: () => {
      n += 1
      return JSON.stringify({ type: 'command', id: `${instance}:${n}`, command: { type: 'send_message', text: BODY } })
    },
    numberOf: (text) => {
      if (!text.startsWith('{"type":"entries"')) return null
      const frame = JSON.parse(text) as { page?: string; list: Array<{ clientId?: string }> }
      const clientId = frame.list.at(-1)?.clientId
      return frame.page === undefined && clientId?.startsWith(instance) ? Number(clientId.split(':')[1]) : null
    },
  }
}
