/**
 * A set-up installation for the tests of the Worker,
 * made by its own functions but without the slow sign-in library.
 */
import { env } from 'cloudflare:workers'
import type { MemberId, WorkspaceId } from '../../core/ids.ts'
import { SESSION_COOKIE } from '../../worker/auth/session.ts'
import { setUp } from '../../worker/db/accounts.ts'
import { newId } from '../../worker/ids.ts'

export const ORIGIN = new URL(env.BASE_URL).origin

export interface Signed {
  cookie: string
  workspace: WorkspaceId
  member: MemberId
  name: string
}

let made: Promise<{ owner: Signed; channel: string }> | null = null

/** The installation of this test file: made once. */
export function installation(): Promise<{ owner: Signed; channel: string }> {
  made ??= make()
  return made
}

async function make() {
  await setUp(
    env.DB,
    {
      token: env.SETUP_TOKEN,
      owner: { name: 'Ana Owner', email: 'ana@example.com', password: 'correct horse battery' },
      workspace: { name: 'Tide & Thread', timeZone: 'Europe/Berlin' },
      website: 'https://shop.example',
    },
    Date.now(),
  )
  const row = await env.DB.prepare(
    'SELECT m.id AS member, m.user_id AS user, m.workspace_id AS workspace, c.id AS channel FROM members m JOIN channels c',
  ).first<{ member: string; user: string; workspace: string; channel: string }>()
  if (!row) throw new Error('the installation was not made')
  return { owner: await signedAs(row.user, row.workspace, row.member, 'Ana Owner'), channel: row.channel }
}

/** One more member of the installation's workspace, or of a workspace of their own. */
export async function member(name: string, role: 'admin' | 'agent' = 'agent', elsewhere = false): Promise<Signed> {
  const { owner } = await installation()
  const [user, id] = [newId('u'), newId('m')]
  const workspace = elsewhere ? newId('w') : owner.workspace
  const now = Date.now()
  await env.DB.batch([
    env.DB.prepare('INSERT INTO users (id, name, email, created_at, updated_at) VALUES (?, ?, ?, ?, ?)').bind(
      user,
      name,
      `${user}@example.com`,
      now,
      now,
    ),
    ...(elsewhere
      ? [
          env.DB.prepare('INSERT INTO workspaces (id, name, time_zone, created_at) VALUES (?, ?, ?, ?)').bind(
            workspace,
            'Elsewhere',
            'UTC',
            now,
          ),
        ]
      : []),
    env.DB.prepare(
      'INSERT INTO members (id, workspace_id, user_id, name, role, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    ).bind(id, workspace, user, name, role, now),
  ])
  return signedAs(user, workspace, id, name)
}

async function signedAs(user: string, workspace: string, memberId: string, name: string): Promise<Signed> {
  const now = Date.now()
  const token = newId('s')
  await env.DB.prepare(
    'INSERT INTO sessions (id, token, user_id, expires_at, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
    .bind(newId('s'), token, user, now + 14 * 86_400_000, now, now)
    .run()
  return { cookie: await cookieFor(token), workspace: workspace as WorkspaceId, member: memberId as MemberId, name }
}

/** The cookie the sign-in library would have set for a session's token. */
export async function cookieFor(token: string, secret = env.AUTH_SECRET): Promise<string> {
  const bytes = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(token)))
  return `${SESSION_COOKIE}=${encodeURIComponent(`${token}.${mac.toBase64()}`)}`
}
