/**
 * The session of a request, read with one JOIN.
 * The cookie's signature is checked first: a forged one costs no query.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { DAY_MS, SECOND_MS } from '../../core/durations.ts'
import type { MemberId, WorkspaceId } from '../../core/ids.ts'
import type { Membership } from '../../core/membership.ts'
import type { Role } from '../../core/rights.ts'
import { GROUP_RIGHTS, rightsIn } from '../db/groups.ts'
import { policiesColumn, policiesIn } from '../db/policies.ts'
import { problem } from '../problem.ts'
import type { Principal } from './principal.ts'

/** The prefix binds it to this very host, by https (RFC 6265bis). */
export const SESSION_COOKIE = '__Host-foyer'
/** How long a session lives without use. */
export const SESSION_MS = 14 * DAY_MS
/** A session in use is prolonged at most once in this time. */
const PROLONG_MS = DAY_MS

/** A session as it was read: who it is of, and all that a first page shows of them. */
export interface ReadSession {
  principal: Extract<Principal, { kind: 'agent' }>
  user: { id: string; name: string; email: string }
  workspaces: Array<{ id: string; name: string; timeZone: string }>
  token: string
}

type SessionRow = {
  session: string
  expires: number
  user: string
  userName: string
  email: string
  member: string | null
  memberName: string | null
  role: Role | null
  available: number | null
  groupRights: string | null
  workspace: string | null
  workspaceName: string | null
  timeZone: string | null
  policies: string | null
}

const SESSION = `SELECT s.id AS session, s.expires_at AS expires, u.id AS user, u.name AS userName, u.email AS email,
    m.id AS member, m.name AS memberName, m.role AS role, m.available AS available, ${GROUP_RIGHTS} AS groupRights,
    w.id AS workspace, w.name AS workspaceName, w.time_zone AS timeZone,
    ${policiesColumn('w.id')} AS policies
  FROM sessions s JOIN users u ON u.id = s.user_id
  LEFT JOIN members m ON m.user_id = u.id AND m.disabled_at IS NULL
  LEFT JOIN workspaces w ON w.id = m.workspace_id
  WHERE s.token = ?1 AND s.expires_at > ?2
  ORDER BY m.created_at`

/** The session of a request, or null without a valid one. Throws if D1 is out of reach. */
export async function readSession(
  env: Env,
  cookieHeader: string | undefined,
  now: number,
): Promise<ReadSession | null> {
  const token = signedToken(env.AUTH_SECRET, cookieHeader)
  if (!token) return null
  // The primary: a session that was just ended must not live on in a replica.
  const { results } = await env.DB.withSession('first-primary').prepare(SESSION).bind(token, now).all<SessionRow>()
  const first = results[0]
  if (!first) return null
  return {
    principal: {
      kind: 'agent',
      userId: first.user,
      sessionId: first.session,
      expiresAt: first.expires,
      asOf: now,
      memberships: results.flatMap(membershipOf),
    },
    user: { id: first.user, name: first.userName, email: first.email },
    workspaces: results.flatMap((row) =>
      row.workspace && row.workspaceName && row.timeZone
        ? [{ id: row.workspace, name: row.workspaceName, timeZone: row.timeZone }]
        : [],
    ),
    token,
  }
}

/** The same, for what is for people who are signed in. @throws Problem `unauthorized` */
export async function requireSession(env: Env, cookieHeader: string | undefined, now: number): Promise<ReadSession> {
  const session = await readSession(env, cookieHeader, now)
  if (!session) throw problem('unauthorized')
  return session
}

function membershipOf(row: SessionRow): Membership[] {
  if (!row.member || !row.memberName || !row.role || !row.workspace) return []
  return [
    {
      workspace: row.workspace as WorkspaceId,
      member: row.member as MemberId,
      name: row.memberName,
      role: row.role,
      available: row.available !== 0,
      policies: policiesIn(row.policies),
      rights: rightsIn(row.groupRights),
    },
  ]
}

/** Prolongs a session in use. Answers the new expiry, or null if it is not due. */
export async function prolongSession(env: Env, session: ReadSession, now: number): Promise<number | null> {
  const expiresAt = now + SESSION_MS
  if (expiresAt - session.principal.expiresAt < PROLONG_MS) return null
  await env.DB.prepare('UPDATE sessions SET expires_at = ?1, updated_at = ?2 WHERE id = ?3')
    .bind(expiresAt, now, session.principal.sessionId)
    .run()
  return expiresAt
}

/** `Set-Cookie` with the cookie the browser already has, for another full term. */
export function renewedCookie(cookieHeader: string | undefined): string {
  return cookieOf(cookieValue(cookieHeader) ?? '', SESSION_MS)
}

/** `Set-Cookie` that takes the cookie from the browser. */
export const CLEARED_COOKIE = cookieOf('', 0)

/** With the attributes that it is given at the sign-in (`betterAuth.ts`). */
function cookieOf(value: string, lastsMs: number): string {
  return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${lastsMs / SECOND_MS}; HttpOnly; Secure; SameSite=Lax`
}

function cookieValue(header: string | undefined): string | null {
  const pair = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${SESSION_COOKIE}=`))
  return pair ? pair.slice(SESSION_COOKIE.length + 1) : null
}

/** The token inside the signed cookie: `token.base64(HMAC-SHA-256)`, URL-encoded. Null if it was not signed here. */
function signedToken(secret: string, cookieHeader: string | undefined): string | null {
  const raw = cookieValue(cookieHeader)
  if (!raw) return null
  try {
    const value = decodeURIComponent(raw)
    const dot = value.lastIndexOf('.')
    const token = value.slice(0, dot)
    const given = Uint8Array.fromBase64(value.slice(dot + 1))
    const own = createHmac('sha256', secret).update(token).digest()
    return given.length === own.length && timingSafeEqual(given, own) ? token : null
  } catch {
    // Bad percent-encoding or base64: a cookie nobody here has written.
    return null
  }
}
