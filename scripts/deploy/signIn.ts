/** Who deploys, and to which account. */
import { z } from 'zod'
import { Sentence } from '../local/paths.mjs'
import { type Credentials, type Platform, Refusal } from './platform.ts'
import { wrangler } from './wrangler.ts'

/** What wrangler answers when it is asked for the sign-in it would use. */
const SignIn = z.union([
  z.object({ type: z.literal('api_key'), key: z.string(), email: z.string() }),
  z.object({ token: z.string() }),
])
const Accounts = z.array(z.object({ id: z.string(), name: z.string() }))

/**
 * The sign-in of `wrangler login`, or of CLOUDFLARE_API_TOKEN.
 * @throws {Sentence} when there is none
 */
export async function credentials(): Promise<Credentials> {
  const token = process.env['CLOUDFLARE_API_TOKEN']
  if (token) return { authorization: `Bearer ${token}` }
  const asked = await wrangler(['auth', 'token', '--json'], null)
  const signIn = asked.ok ? SignIn.safeParse(JSON.parse(asked.stdout)) : null
  if (!signIn?.success) {
    throw new Sentence(
      'You are not signed in to Cloudflare. Run npx wrangler login, which opens a browser; or, where there is none, ' +
        'make an API token (template "Edit Cloudflare Workers", with D1, Queues and R2 added) and set ' +
        'CLOUDFLARE_API_TOKEN. Then run this again.',
    )
  }
  if ('token' in signIn.data) return { authorization: `Bearer ${signIn.data.token}` }
  return { 'x-auth-key': signIn.data.key, 'x-auth-email': signIn.data.email }
}

/**
 * @param wanted an id, or null if there is only one
 * @throws {Sentence} when it is not clear which, or not one of yours
 */
export async function accountFor(api: Platform, wanted: string | null): Promise<{ id: string; name: string }> {
  const mine = await accounts(api, wanted)
  const list = mine.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
  if (wanted !== null) {
    const known = mine.find(({ id }) => id === wanted)
    if (known) return known
    // A token may be allowed to use an account and not to list it: then the next step says whether it is.
    if (mine.length === 0) return { id: wanted, name: wanted }
    throw new Sentence(`This sign-in may not use account ${wanted}. It may use:\n${list}`)
  }
  const [only, second] = mine
  if (!only) throw new Sentence('This sign-in lists no account. Say which: npm run deploy -- --account ID')
  if (second) throw new Sentence(`You have several accounts. Say which: npm run deploy -- --account ID\n${list}`)
  return only
}

async function accounts(api: Platform, wanted: string | null) {
  try {
    return await api.read(Accounts, '/accounts?per_page=50')
  } catch (error) {
    if (!(error instanceof Refusal) || ![400, 401, 403].includes(error.status)) throw error
    if (error.status === 403 && wanted !== null) return []
    throw new Sentence(
      `Cloudflare does not accept this sign-in: ${error.message}. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN ` +
        'to a token that is still valid.',
    )
  }
}
