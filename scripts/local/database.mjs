/** Brings the local database up to date. Built-ins of Node 20 only. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { at, Sentence, stateDir } from './paths.mjs'
import { runningAt } from './runtime.mjs'
import { secrets } from './secrets.mjs'
import { WRANGLER, wranglerEnv } from './wrangler.mjs'

/**
 * Applies the migrations that are new. Wrangler takes seconds to say that there are none, so what was applied is
 * noted beside the data.
 * @param {string} node the Node to run the tools with
 */
export function migrate(node) {
  const state = stateDir()
  const noted = join(state, 'migrations-applied')
  const files = readdirSync(at('migrations'))
    .filter((name) => name.endsWith('.sql'))
    .sort()
  const hash = createHash('sha256')
  for (const name of files) hash.update(`${name}\n`).update(readFileSync(at(`migrations/${name}`)))
  const digest = hash.digest('hex')
  if (existsSync(join(state, 'v3/d1')) && existsSync(noted) && readFileSync(noted, 'utf8') === digest) return
  console.log('Preparing the database …')
  const args = [WRANGLER, 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state]
  const wrangler = spawnSync(node, args, { cwd: at('.'), env: wranglerEnv(), encoding: 'utf8' })
  if (wrangler.status !== 0) {
    throw new Sentence(`The database could not be prepared:\n${wrangler.stdout}${wrangler.stderr}`)
  }
  mkdirSync(state, { recursive: true })
  writeFileSync(noted, digest)
}

/** @param {string} text */
export const quoted = (text) => `'${text.replaceAll("'", "''")}'`

/**
 * One statement to the local database. While Foyer is running, it is asked: two processes on the same files would lock
 * each other out.
 * @param {string} node
 * @param {string} sql
 * @returns {Promise<Array<Record<string, string>>>}
 */
export async function query(node, sql) {
  const origin = runningAt()
  return origin === null ? queryFiles(node, sql) : queryRunning(origin, sql)
}

/**
 * @param {string} origin
 * @param {string} sql
 * @returns {Promise<Array<Record<string, string>>>}
 */
async function queryRunning(origin, sql) {
  const headers = { authorization: `Bearer ${secrets()['AUTH_SECRET']}` }
  const answer = await fetch(`${origin}/local/database`, { method: 'POST', headers, body: sql })
  if (!answer.ok) throw new Sentence(`The database did not answer:\n${await answer.text()}`)
  return answer.json()
}

/**
 * @param {string} node
 * @param {string} sql
 * @returns {Array<Record<string, string>>}
 */
function queryFiles(node, sql) {
  const args = [WRANGLER, 'd1', 'execute', 'DB', '--local', '--persist-to', stateDir(), '--json', '--command', sql]
  const answer = spawnSync(node, args, { cwd: at('.'), env: wranglerEnv(), encoding: 'utf8' })
  if (answer.status !== 0) throw new Sentence(`The database did not answer:\n${answer.stdout}${answer.stderr}`)
  return JSON.parse(answer.stdout)[0].results
}
