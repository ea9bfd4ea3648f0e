/** A step that Cloudflare refuses, as a sentence with a way out. */
import { Sentence } from '../local/paths.mjs'
import { Refusal } from './platform.ts'

/** What helps, by Cloudflare's own codes. */
const ADVICE: ReadonlyArray<{ codes: readonly number[]; advice: string }> = [
  {
    codes: [10042, 10136],
    advice: 'Switch R2 on once, in the dashboard under "R2 Object Storage": it asks for a payment method.',
  },
  {
    codes: [10015, 100129],
    advice: 'The plan of this account does not include it: choose Workers Paid in the dashboard under "Workers plans".',
  },
]
const PERMISSIONS =
  'The sign-in may not do this. An API token needs, for the account: Workers Scripts, D1, Queues and R2 (edit), Account ' +
  'Settings (read); for a domain of your own also Zone (read) and Workers Routes (edit). Or sign in with npx wrangler login.'

/**
 * Runs one step.
 * @param what continues "Cloudflare refused …"
 * @throws {Sentence} when Cloudflare refuses
 */
export async function step<T>(what: string, does: () => Promise<T>): Promise<T> {
  try {
    return await does()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Sentence(refused(what, error.message, error.codes, error.status))
  }
}

/** What wrangler printed when it failed holds Cloudflare's codes as `[code: 10042]`. */
export function refusedByWords(what: string, words: string): Sentence {
  const codes = [...words.matchAll(/\[code: (\d+)\]/g)].map(([, code]) => Number(code))
  return new Sentence(
    refused(what, `\n\n${words}\n`, codes, /status 40[13]|Authentication error/.test(words) ? 403 : 0),
  )
}

function refused(what: string, reason: string, codes: readonly number[], status: number): string {
  const advice = ADVICE.find((known) => known.codes.some((code) => codes.includes(code)))?.advice
  const out = advice ?? (status === 401 || status === 403 ? PERMISSIONS : '')
  const again = 'What was done before stays: run this again, and it goes on from here.'
  return `Cloudflare refused ${what}: ${[reason, out, again].filter(Boolean).join('\n')}`
}
