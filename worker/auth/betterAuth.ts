/**
 * Checking passwords and opening sessions, by better-auth. Imported lazily and on the sign-in paths alone: every other
 * request reads the session with one statement of its own (`session.ts`) and never loads this.
 */
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { betterAuth } from 'better-auth/minimal'
import { drizzle } from 'drizzle-orm/d1'
import { DAY_MS, SECOND_MS } from '../../core/durations.ts'
import { accounts, sessions, users, verifications } from '../db/accountSchema.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { SESSION_COOKIE, SESSION_MS } from './session.ts'

function createAuth(env: Env) {
  const schema = { user: users, session: sessions, account: accounts, verification: verifications }
  return betterAuth({
    appName: 'Foyer',
    baseURL: env.BASE_URL,
    basePath: '/api/auth',
    secret: env.AUTH_SECRET,
    trustedOrigins: [env.BASE_URL],
    telemetry: { enabled: false },
    // A wrong password is an everyday answer, not a warning.
    logger: { level: 'error' },
    // Ours stands before it, in D1 and with its own sentence (`throttle.ts`).
    rateLimit: { enabled: false },
    database: drizzleAdapter(drizzle(env.DB), { provider: 'sqlite', schema }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    session: { expiresIn: SESSION_MS / SECOND_MS, updateAge: DAY_MS / SECOND_MS },
    advanced: {
      cookiePrefix: 'foyer',
      // True would put __Secure- before every name.
      useSecureCookies: false,
      ipAddress: { ipAddressHeaders: ['foyer-client-ip'] },
      cookies: {
        session_token: {
          name: SESSION_COOKIE,
          attributes: { secure: true, sameSite: 'lax', httpOnly: true, path: '/' },
        },
      },
    },
  })
}

/**
 * Opens a session for an email and its password.
 * @returns the `Set-Cookie` value, or null where the two do not belong together: alike for an account that does not
 * exist, for which a password is hashed all the same
 */
export async function signIn(
  env: Env,
  email: string,
  password: string,
  from: { ip: string; userAgent: string },
): Promise<string | null> {
  const headers = new Headers({ 'foyer-client-ip': from.ip, 'user-agent': from.userAgent, origin: env.BASE_URL })
  const answer = await createAuth(env).api.signInEmail({ body: { email, password }, headers, asResponse: true })
  if (answer.status >= 500) throw new Error(`signing in failed with ${answer.status}`)
  if (!answer.ok) return null
  return answer.headers.getSetCookie().find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`)) ?? null
}
