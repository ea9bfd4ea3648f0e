/** People with passwords and links, for the tests of accounts. Everything they do goes through the HTTP API. */
import { env } from 'cloudflare:workers'
import type { Session } from '../../../core/api/accounts.ts'
import { SESSION_COOKIE } from '../../../worker/auth/session.ts'
import type { Answer } from '../play.ts'
import { type Knock, knock } from './knock.ts'

export const PASSWORD = 'correct horse battery'

export function wanted(name = 'Ana', change: Record<string, unknown> = {}) {
  return {
    token: env.SETUP_TOKEN,
    owner: { name, email: `${name.toLowerCase()}@example.com`, password: PASSWORD },
    workspace: { name: `${name}'s shop`, timeZone: 'Europe/Berlin' },
    website: 'https://shop.example',
    ...change,
  }
}

let addresses = 0

/** An address nobody has knocked from yet. */
export function newAddress(): string {
  addresses += 1
  return `198.18.${addresses >> 8}.${addresses & 255}`
}

/** One request, from an address of its own unless told otherwise: limits are not in the way of what a test is about. */
export function send(path: string, { headers, ...rest }: Knock = {}): Promise<Answer> {
  return knock(path, { ...rest, headers: { 'cf-connecting-ip': newAddress(), ...headers } })
}

export function signIn(email: string, password = PASSWORD, headers: Record<string, string> = {}): Promise<Answer> {
  return send('/api/v1/session', { body: { email, password }, headers })
}

/** The cookie an answer sets, as a browser would send it back. */
export function cookieOf(answer: Answer): string {
  const [set] = answer.headers.getSetCookie()
  if (!set?.startsWith(`${SESSION_COOKIE}=`)) throw new Error(`no session cookie: ${set}`)
  return set.split(';')[0] ?? ''
}

export interface Person {
  cookie: string
  workspace: string
  member: string
  asks(path: string, options?: Knock): Promise<Answer>
}

/** Somebody who just signed in, in the first of their workspaces. */
export function person(answer: Answer): Person {
  if (answer.status !== 201) throw new Error(`not signed in: ${JSON.stringify(answer.body)}`)
  const [first] = (answer.body as Session).memberships
  return inWorkspace(cookieOf(answer), first?.workspace.id ?? '', first?.member ?? '')
}

export function inWorkspace(cookie: string, workspace: string, member: string): Person {
  return {
    cookie,
    workspace,
    member,
    asks: (path, options = {}) =>
      send(path, { ...options, headers: { cookie, 'foyer-workspace': workspace, ...options.headers } }),
  }
}

/** The secret at the end of a link. */
export function secretOf(link: string): string {
  const secret = /^http:\/\/localhost\/dashboard\/[a-z-]+#token=([A-Za-z0-9_-]{43})$/.exec(link)?.[1]
  if (!secret) throw new Error(`not a link of ours: ${link}`)
  return secret
}

/** Invites and returns the secret of the link. */
export async function invite(by: Person, email: string, role = 'agent'): Promise<string> {
  const answer = await by.asks('/api/v1/invitations', { body: { email, role } })
  if (answer.status !== 201) throw new Error(`not invited: ${JSON.stringify(answer.body)}`)
  return secretOf(answer.body.link)
}

export function accept(token: string, name = 'Ben', password = PASSWORD): Promise<Answer> {
  return send('/api/v1/invitations/accept', { body: { token, name, password } })
}

/** Invites somebody, who accepts. */
export async function newMember(by: Person, name: string, role = 'agent'): Promise<Person> {
  return person(await accept(await invite(by, `${name.toLowerCase()}@example.com`, role), name))
}

/** Makes a reset link and returns its secret. */
export async function resetLink(by: Person, member: string): Promise<string> {
  const answer = await by.asks(`/api/v1/members/${member}/password-resets`, { method: 'POST' })
  if (answer.status !== 201) throw new Error(`no reset link: ${JSON.stringify(answer.body)}`)
  return secretOf(answer.body.link)
}

export function reset(token: string, password: string): Promise<Answer> {
  return send('/api/v1/password-resets', { body: { token, password } })
}

export async function count(table: string): Promise<number> {
  const row = await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>()
  return row?.n ?? 0
}

/** Every text of the accounts' tables in one string: to show what is not in it. */
export async function everythingStored(): Promise<string> {
  const tables = [
    'users',
    'accounts',
    'sessions',
    'invitations',
    'password_resets',
    'members',
    'verifications',
    'throttles',
  ]
  const rows = await Promise.all(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()))
  return JSON.stringify(rows.map((found) => found.results))
}
