/** What there is on one's own machine alone: the mailbox, and the commands that ask a running Foyer's database. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { LOCAL_BUILD, WRANGLER, wranglerEnv } from '../../scripts/local/wrangler.mjs'
import { OWNER, setUp } from './support/client.ts'
import { PRODUCT_ROOT, Product } from './support/product.ts'

let product: Product

before(async () => {
  product = await Product.open()
  await setUp(product, 'http://shop.example')
})
after(() => product.close())

/** The Worker as it would be uploaded, as one text. */
async function bundle(...options: string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-bundle-'))
  try {
    const args = [WRANGLER, 'deploy', '--dry-run', '--outdir', folder, ...options]
    await promisify(execFile)(process.execPath, args, { cwd: PRODUCT_ROOT, env: wranglerEnv() })
    return readFileSync(join(folder, 'index.js'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of its routes, its page, its table and its code; a name that stands in what is never run (`if (false)`) is none. */
const TRACES = [
  '"/mailbox',
  'Local mailbox',
  'local_mails',
  'function mailboxRoutes',
  'function keptLocally',
  '/local/database',
]

test('a Worker that is deployed has no trace of what is local, one that runs here has all of it', async () => {
  const [deployed, local] = await Promise.all([bundle(), bundle(...LOCAL_BUILD)])
  assert.deepEqual(
    TRACES.filter((trace) => deployed.includes(trace)),
    [],
  )
  assert.ok(deployed.includes('/healthz'))
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

test('the database is for whoever reads the secrets, by our own name alone', async () => {
  const secret = /^AUTH_SECRET=(.+)$/m.exec(readFileSync(join(PRODUCT_ROOT, '.dev.vars'), 'utf8'))?.[1]
  const asks = (origin: string, authorization: string) =>
    fetch(`${origin}/local/database`, { method: 'POST', headers: { authorization }, body: 'SELECT email FROM users' })
  assert.deepEqual(await (await asks(product.origin, `Bearer ${secret}`)).json(), [{ email: OWNER.email }])
  assert.equal((await asks(product.origin, `Bearer ${secret}x`)).status, 401)
  assert.equal((await asks(product.origin, '')).status, 401)
  assert.equal((await asks(`http://127.0.0.1:${product.port}`, `Bearer ${secret}`)).status, 404)
})

/** A command as somebody types it, beside the running product. */
function command(script: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  const env = { ...process.env, STATE_DIR: product.stateDir }
  const child = spawn(process.execPath, [`scripts/${script}`, ...args], { cwd: PRODUCT_ROOT, env })
  let said = ''
  const hear = (chunk: Buffer) => {
    said += chunk.toString()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}

test('commands neither disturb a Foyer that is at work nor are disturbed', async () => {
  let working = true
  const failures: string[] = []
  // Each attempt to sign in writes to the database.
  const works = async (name: string) => {
    for (let n = 0; working; n += 1) {
      const answer = await fetch(`${product.origin}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: product.origin },
        body: JSON.stringify({ email: `${name}${n}@shop.example`, password: 'only a guess' }),
      })
      const text = await answer.text()
      if (answer.status >= 500) failures.push(text)
    }
  }
  const work = [works('fay'), works('kit')]
  const link = await command('resetPassword.mjs', OWNER.email.toUpperCase())
  const nobody = await command('resetPassword.mjs', 'nobody@shop.example')
  const rebuilt = await command('rebuildIndex.mjs')
  working = false
  await Promise.all(work)

  assert.equal(link.code, 0, link.said)
  assert.ok(link.said.includes(`${product.origin}/dashboard/reset-password#token=`), link.said)
  assert.equal(nobody.code, 1)
  assert.match(nobody.said, /Nobody has an account with nobody@shop\.example/)
  assert.equal(rebuilt.code, 0, rebuilt.said)
  assert.match(rebuilt.said, /Kettle & Co\n {2}0 checked/)
  assert.deepEqual(failures, [])
})
