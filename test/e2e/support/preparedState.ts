/**
 * The state folder as `npm start` leaves it before it serves anything: a database with every migration. Wrangler takes
 * seconds of both cores to make one, so it is made once and copied. A start does over what differs from its migrations.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const RESULTS = fileURLToPath(new URL('../../../test-results', import.meta.url))
const MIGRATE = "const { migrate } = await import('./scripts/local/database.mjs'); migrate(process.execPath)"

/** The folder for the migrations of the product in `root`: to be copied, never to be started. */
export async function preparedState(root: string): Promise<string> {
  const prepared = join(RESULTS, `state-${digestOf(join(root, 'migrations'))}`)
  if (existsSync(prepared)) return prepared
  mkdirSync(RESULTS, { recursive: true })
  const fresh = mkdtempSync(`${prepared}-`)
  const env = { ...process.env, STATE_DIR: fresh }
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', MIGRATE], { cwd: root, env })
  try {
    renameSync(fresh, prepared)
  } catch (error) {
    // Another file of tests, which runs at the same time, was faster.
    if (!existsSync(prepared)) throw error
    rmSync(fresh, { recursive: true })
  }
  return prepared
}

function digestOf(migrations: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(migrations).filter((name) => name.endsWith('.sql')))
    hash.update(`${name}\n`).update(readFileSync(join(migrations, name)))
  return hash.digest('hex').slice(0, 16)
}
