/**
 * Visitor tokens: minted and signed by the server, verified without D1, never in a URL. A token names one device of
 * one workspace and opens nothing but what that device has started.
 */
import { jwtVerify, SignJWT } from 'jose'
import type { DeviceId, WorkspaceId } from '../../core/ids.ts'

const AUDIENCE = 'foyer:visitor'
export const VISITOR_TOKEN_MS = 400 * 86_400_000
/** A token in use is renewed when it is older than this. */
const RENEW_MS = 7 * 86_400_000

export interface Visitor {
  workspace: WorkspaceId
  device: DeviceId
  /** Signed by the former key or old: hand out a new one. */
  stale: boolean
}

type Secrets = Pick<Env, 'VISITOR_SECRET' | 'VISITOR_SECRET_PREVIOUS'>

export async function mintVisitorToken(
  secrets: Secrets,
  workspace: WorkspaceId,
  device: DeviceId,
  now: number,
): Promise<string> {
  return new SignJWT({ ws: workspace })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(device)
    .setAudience(AUDIENCE)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor((now + VISITOR_TOKEN_MS) / 1000))
    .sign(new TextEncoder().encode(secrets.VISITOR_SECRET))
}

/** Whose token this is, or null: wrong algorithm, key, audience, time or shape alike. */
export async function readVisitorToken(
  secrets: Secrets,
  token: string | undefined,
  now: number,
): Promise<Visitor | null> {
  if (!token || token.length > 2_000) return null
  return (
    (await verify(secrets.VISITOR_SECRET, token, now)) ??
    (secrets.VISITOR_SECRET_PREVIOUS ? stale(await verify(secrets.VISITOR_SECRET_PREVIOUS, token, now)) : null)
  )
}

async function verify(secret: string, token: string, now: number): Promise<Visitor | null> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      audience: AUDIENCE,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'exp', 'iat', 'ws'],
    })
    const workspace = payload['ws']
    if (typeof workspace !== 'string' || typeof payload.sub !== 'string' || !payload.sub || !payload.iat) return null
    return {
      workspace: workspace as WorkspaceId,
      device: payload.sub as DeviceId,
      stale: now - payload.iat * 1000 > RENEW_MS,
    }
  } catch {
    return null
  }
}

function stale(visitor: Visitor | null): Visitor | null {
  return visitor && { ...visitor, stale: true }
}
