/** Routes of visitors: who asks, by a token and never by a cookie, and not too often. */
import type { Context } from 'hono'
import { MINUTE_MS } from '../../core/durations.ts'
import { bearerOf } from '../auth/bearer.ts'
import { clientIp } from '../auth/clientIp.ts'
import { readVisitorToken } from '../auth/visitorToken.ts'
import { refuseNetwork } from '../bans.ts'
import type { AppEnv } from '../context.ts'
import { problem } from '../problem.ts'

/** The window of the binding `RATE_IP`; it does not say when it opens again, so the whole of it is named. */
const RATE_WINDOW_MS = MINUTE_MS

/**
 * Takes one request of an address or a device: approximate, and free. What is worth a number of its own is limited by
 * the inbox object.
 * @throws Problem `too_many_attempts`
 */
export async function pace(env: Env, key: string): Promise<void> {
  const { success } = await env.RATE_IP.limit({ key })
  if (!success) throw problem('too_many_attempts', { retryAt: Date.now() + RATE_WINDOW_MS })
}

/** The visitor who asks. @throws Problem `invalid_token`, `too_many_attempts`, `network_banned` */
export async function visitorOf(c: Context<AppEnv>) {
  const bearer = bearerOf(c.req.header('authorization'))
  const visitor = await readVisitorToken(c.env, bearer ?? undefined, Date.now())
  if (!visitor) throw problem('invalid_token')
  await pace(c.env, visitor.device)
  await refuseNetwork(c.env, visitor.workspace, clientIp(c.req.raw))
  return visitor
}
