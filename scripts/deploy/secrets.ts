/** The secrets of an installation: made once, handed to Cloudflare, kept by nobody else. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sentence } from '../local/paths.mjs'
import { newSecret, parseSecrets, SECRETS } from '../local/secrets.mjs'

/**
 * Those that are to be set now. One that is there is never replaced: with another ID_SECRET every conversation would be
 * lost to its link, with another AUTH_SECRET everybody would be signed out. Only SETUP_TOKEN is made anew until the
 * installation has been set up: nobody can read the old one, and a deploy may have ended before it was printed.
 * @param present names of those that the Worker has
 * @param given to use instead of new ones
 * @throws {Sentence} when ID_SECRET is gone from an installation in use
 */
export function secretsToSet(
  present: readonly string[],
  isSetUp: boolean,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const missing = SECRETS.filter((name) => !present.includes(name) || (name === 'SETUP_TOKEN' && !isSetUp))
  if (isSetUp && missing.includes('ID_SECRET') && !given['ID_SECRET']) {
    throw new Sentence(
      'This installation is in use, and its ID_SECRET is gone: with a new one no existing conversation could be reached. ' +
        'Nothing was changed. Put the old one into a file, as ID_SECRET=…, and run this with --secrets-from FILE.',
    )
  }
  return Object.fromEntries(missing.map((name) => [name, given[name] ?? newSecret()]))
}

/** @throws {Sentence} when it cannot be read, or holds none that is known */
export function secretsIn(file: string): Record<string, string> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new Sentence(`${file} cannot be read.`)
  }
  const known = Object.entries(parseSecrets(text)).filter(([name]) => SECRETS.includes(name))
  if (known.length === 0) throw new Sentence(`${file} holds none of ${SECRETS.join(', ')}, as NAME=value.`)
  return Object.fromEntries(known)
}

/**
 * Lends secrets to a command that reads them from a file: one that this user alone can read, for as long as it runs.
 * Never as arguments, which every process of the machine can see.
 */
export async function withSecretsFile<T>(
  secrets: Readonly<Record<string, string>>,
  use: (file: string) => Promise<T>,
): Promise<T> {
  // Ctrl-C ends the command, which is waited for; ending here as well would leave the file behind.
  const held = () => {}
  process.on('SIGINT', held)
  const folder = mkdtempSync(join(tmpdir(), 'foyer-'))
  try {
    const file = join(folder, 'secrets.json')
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
    return await use(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    process.off('SIGINT', held)
  }
}
