/** Runs wrangler against the account: without questions, its words kept for the case that it fails. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { at } from '../local/paths.mjs'
import { WRANGLER, wranglerEnv } from '../local/wrangler.mjs'

export interface Ran {
  ok: boolean
  /** What it printed for programs. */
  stdout: string
  /** All that it printed, for people. */
  words: string
}

/**
 * Not waited for in the way that stops this process: it would not see the API close a connection meanwhile, and send
 * its next question into it.
 * @param account which one; null while it is not known
 */
export async function wrangler(args: readonly string[], account: string | null): Promise<Ran> {
  const env = {
    ...wranglerEnv(),
    ...(account === null ? {} : { CLOUDFLARE_ACCOUNT_ID: account }),
    // An environment of the shell would choose another part of the configuration.
    CLOUDFLARE_ENV: undefined,
  }
  const child = spawn(process.execPath, [WRANGLER, ...args], { cwd: at('.'), env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ])
  return { ok: code === 0, stdout, words: stripVTControlCharacters(`${stdout}${stderr}`).trim() }
}
