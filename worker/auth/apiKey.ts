/** API keys: `fk_` and 256 random bits. What is kept is a hash, so a key that was lost cannot be found again. */
import type { Context } from 'hono'
import type { Limit } from '../../core/conversation/limits.ts'
import { MINUTE_MS, SECOND_MS } from '../../core/durations.ts'
import type { AppEnv } from '../context.ts'
import { findKey, keyUsed } from '../db/apiKeys.ts'
import { hashSecret, newSecret } from '../ids.ts'
import { problem } from '../problem.ts'
import { clientNetwork } from './clientIp.ts'
import type { Caller } from './principal.ts'
import { throttle } from './throttle.ts'

/** Wrong keys from one address. They cannot be guessed; a program that runs wild with an old one is slowed down. */
export const WRONG_KEYS_PER_IP: Limit = { burst: 30, everyMs: 2 * SECOND_MS }
/** How exact "last used" is. */
const USED_MS = MINUTE_MS
/** Characters of a key by which people know it again. */
const HINT_LENGTH = 9

/** A key that nobody has yet, and by what people know it again. */
export function newKey(): { key: string; hint: string } {
  const key = `fk_${newSecret()}`
  return { key, hint: key.slice(0, HINT_LENGTH) }
}

/**
 * The program behind a key. Read from the primary on every request: what was revoked is revoked at once.
 * @throws Problem `invalid_key`, `too_many_attempts`
 */
export async function keyBehind(c: Context<AppEnv>, bearer: string): Promise<Caller> {
  const now = Date.now()
  // What does not even look like one is not looked for.
  if (!/^fk_[A-Za-z0-9_-]{43}$/.test(bearer)) throw problem('invalid_key')
  const found = await findKey(c.env.DB, await hashSecret(bearer))
  if (!found) {
    await throttle(c.env.DB, WRONG_KEYS_PER_IP, `key ip ${clientNetwork(c.req.raw)}`, now)
    throw problem('invalid_key')
  }
  const { lastUsedAt, ...key } = found
  // Beside the answer, which does not wait for it.
  if (lastUsedAt === null || now - lastUsedAt >= USED_MS) c.executionCtx.waitUntil(keyUsed(c.env.DB, key.id, now))
  return { kind: 'key', ...key }
}
