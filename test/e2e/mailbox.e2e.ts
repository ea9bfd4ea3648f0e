/** The local mailbox is where it should be, and nowhere else. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { LOCAL_BUILD, WRANGLER, wranglerEnv } from '../../scripts/local/wrangler.mjs'
import { Product } from './support/product.ts'

let product: Product

before(async () => {
  product = await Product.open()
})
after(() => product.close())

/** The Worker as it would be uploaded, as one text. */
function bundle(...options: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-bundle-'))
  try {
    const args = [WRANGLER, 'deploy', '--dry-run', '--outdir', folder, ...options]
    const wrangler = spawnSync(process.execPath, args, {
      cwd: process.env['FOYER_ROOT'] ?? process.cwd(),
      env: wranglerEnv(),
      encoding: 'utf8',
    })
    assert.equal(wrangler.status, 0, wrangler.stderr)
    return readFileSync(join(folder, 'index.js'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of its routes, its page, its table and its code; a name that stands in what is never run (`if (false)`) is none. */
const TRACES = ['"/mailbox', 'Local mailbox', 'local_mails', 'function mailboxRoutes', 'function keptLocally']

test('a Worker that is deployed has no trace of the mailbox, one that runs here has all of them', () => {
  const deployed = bundle()
  assert.deepEqual(
    TRACES.filter((trace) => deployed.includes(trace)),
    [],
  )
  assert.ok(deployed.includes('/healthz'))
  const local = bundle(...LOCAL_BUILD)
  assert.deepEqual(
    TRACES.filter((trace) => !local.includes(trace)),
    [],
  )
})

test('the mails are served by our own name alone', async () => {
  assert.equal((await fetch(`${product.origin}/mailbox`)).status, 200)
  // A website that points its own name at this machine is not us.
  assert.equal((await fetch(`http://127.0.0.1:${product.port}/mailbox`)).status, 404)
})
