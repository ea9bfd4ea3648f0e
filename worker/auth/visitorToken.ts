/**
 * Visitor tokens: minted and signed by the server, verified without D1, never in a URL. A token names one device of
 * one workspace and opens nothing but what that device has started.
 */
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { DAY_MS } from '../../core/durations.ts'
import type { DeviceId, WorkspaceId } from '../../core/ids.ts'
import { Memory } from '../memory.ts'

const AUDIENCE = 'foyer:visitor'
const BADGE_AUDIENCE = 'foyer:badge'
/** How long a token is good that is never shown again. */
export const VISITOR_TOKEN_MS = 400 * DAY_MS
/** A token in use is renewed when it is older than this. */
const RENEW_MS = 7 * DAY_MS

/** What a badge token opens: the number of messages that one device has not seen in one conversation. */
export interface BadgeOwner {
  workspace: WorkspaceId
  device: DeviceId
  conversation: string
}

/** Whose token it was. */
export interface Visitor {
  workspace: WorkspaceId
  device: DeviceId
  /** Signed by the former key or old: hand out a new one. */
  stale: boolean
}

type Secrets = Pick<Env, 'VISITOR_SECRET' | 'VISITOR_SECRET_PREVIOUS'>

/** A token for a device, good from now on. */
export async function mintVisitorToken(
  secrets: Secrets,
  workspace: WorkspaceId,
  device: DeviceId,
  now: number,
): Promise<string> {
  return mint(secrets, AUDIENCE, device, { ws: workspace }, now)
}

/** A token that the website's own page may keep: it reads one number and nothing else. */
export async function mintBadgeToken(secrets: Secrets, owner: BadgeOwner, now: number): Promise<string> {
  return mint(secrets, BADGE_AUDIENCE, owner.device, { ws: owner.workspace, cv: owner.conversation }, now)
}

/** Whose token this is, or null: wrong algorithm, key, audience, time or shape alike. */
export async function readVisitorToken(
  secrets: Secrets,
  token: string | undefined,
  now: number,
): Promise<Visitor | null> {
  const read = await verifyEither(secrets, AUDIENCE, token, now)
  if (!read) return null
  const { workspace, device, issuedAt, former } = read
  return { workspace, device, stale: former || now - issuedAt > RENEW_MS }
}

/** What a badge token opens, or null for any that is not good, a visitor token too. */
export async function readBadgeToken(secrets: Secrets, token: string, now: number): Promise<BadgeOwner | null> {
  const read = await verifyEither(secrets, BADGE_AUDIENCE, token, now)
  const conversation = read?.claims['cv']
  return read && typeof conversation === 'string'
    ? { workspace: read.workspace, device: read.device, conversation }
    : null
}

async function mint(
  secrets: Secrets,
  audience: string,
  device: DeviceId,
  claims: JWTPayload,
  now: number,
): Promise<string> {
  const payload = {
    ...claims,
    sub: device,
    aud: audience,
    iat: Math.floor(now / 1000),
    exp: Math.floor((now + VISITOR_TOKEN_MS) / 1000),
  }
  const secret = secrets.VISITOR_SECRET
  const token = await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(await keyOf(secret))
  // Its visitor shows it next, often here.
  known.set(`${secret} ${token}`, payload)
  return token
}

const keys = new Map<string, CryptoKey>()

/** Made once in an isolate, for the one or two secrets that there are: it costs as much as a signature. */
async function keyOf(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret)
  if (known) return known
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
    'verify',
  ])
  keys.set(secret, key)
  return key
}

interface Read {
  workspace: WorkspaceId
  device: DeviceId
  claims: JWTPayload
  issuedAt: number
  /** Signed by the key before the present one. */
  former: boolean
}

async function verifyEither(
  secrets: Secrets,
  audience: string,
  token: string | undefined,
  now: number,
): Promise<Read | null> {
  if (!token || token.length > 2_000) return null
  const read = await verify(secrets.VISITOR_SECRET, audience, token, now)
  if (read || !secrets.VISITOR_SECRET_PREVIOUS) return read
  const former = await verify(secrets.VISITOR_SECRET_PREVIOUS, audience, token, now)
  return former && { ...former, former: true }
}

async function verify(secret: string, audience: string, token: string, now: number): Promise<Read | null> {
  const claims = remembered(secret, audience, token, now) ?? (await verified(secret, audience, token, now))
  const workspace = claims?.['ws']
  if (typeof workspace !== 'string' || typeof claims?.sub !== 'string' || !claims.sub || !claims.iat) return null
  return {
    workspace: workspace as WorkspaceId,
    device: claims.sub as DeviceId,
    claims,
    issuedAt: claims.iat * 1000,
    former: false,
  }
}

/** Tokens that are remembered in an isolate: a visitor shows theirs with all that they ask. */
const REMEMBERED_MAX = 1_000

/** The claims of tokens that were signed here or whose signature was found right, by secret and token. */
const known = new Memory<string, JWTPayload>(REMEMBERED_MAX)

/** The claims of a token that was verified before. What changes with time or place is asked each time. */
function remembered(secret: string, audience: string, token: string, now: number): JWTPayload | null {
  const claims = known.get(`${secret} ${token}`)
  return claims?.aud === audience && claims.exp !== undefined && claims.exp > Math.floor(now / 1000) ? claims : null
}

async function verified(secret: string, audience: string, token: string, now: number): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, await keyOf(secret), {
      algorithms: ['HS256'],
      audience,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'exp', 'iat', 'ws'],
    })
    known.set(`${secret} ${token}`, payload)
    return payload
  } catch {
    return null
  }
}
