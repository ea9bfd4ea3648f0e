/**
 * `npm run deploy` against a stand-in for Cloudflare's API, with the real wrangler: what is created, in which order,
 * and what is left alone. What only a real account can show is named in docs/operations/deploy.md.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { describe } from '../../scripts/deploy/configuration.ts'
import { look } from '../../scripts/deploy/look.ts'
import { optionsFrom } from '../../scripts/deploy/options.ts'
import { platform } from '../../scripts/deploy/platform.ts'
import { isServed } from '../../scripts/deploy/served.ts'
import { create } from '../../scripts/deploy/steps.ts'
import { ACCOUNT, Cloudflare, TOKEN } from './support/cloudflare.ts'

const ROOT = process.env['FOYER_ROOT'] ?? fileURLToPath(new URL('../..', import.meta.url))
const MIGRATIONS = readdirSync(join(ROOT, 'migrations')).filter((name) => name.endsWith('.sql'))
const ADDRESS = 'https://foyer.acme-test.workers.dev'
const FORBIDDEN = { status: 403, code: 10000, message: 'Authentication error' }

let cloudflare: Cloudflare
let base: string
/** Where secrets are lent to wrangler: empty again after every run. */
let temporary: string

beforeEach(async () => {
  cloudflare = new Cloudflare()
  base = await cloudflare.open()
  temporary = mkdtempSync(join(tmpdir(), 'foyer-deploy-'))
})
afterEach(() => {
  cloudflare.close()
  assert.deepEqual(
    readdirSync(temporary).filter((name) => name.startsWith('foyer-')),
    [],
    'no secret lies about',
  )
  rmSync(temporary, { recursive: true })
  assert.deepEqual(cloudflare.unknown, [], 'the stand-in knew every call')
})

interface Ran {
  code: number | null
  words: string
  /** Of the set-up link, if one was printed. */
  token: string | undefined
  /** What it changed in the account. */
  changes: string[]
}

async function deploy(
  args: string[] = [],
  environment: Record<string, string> = {},
  script = 'scripts/deploy/main.ts',
): Promise<Ran> {
  const child = spawn(process.execPath, [script, ...(script.includes('deploy') ? ['--no-wait'] : []), ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      CLOUDFLARE_API_BASE_URL: base,
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_ACCOUNT_ID: undefined,
      TMPDIR: temporary,
      // The stand-in is on this machine: no proxy leads there.
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  child.stdout.on('data', (chunk: Buffer) => (words += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const changes = cloudflare.changes
  cloudflare.changes = []
  assert.ok(!words.includes(TOKEN), 'the sign-in is never printed')
  return { code, words, changes, token: /#token=(\S+)/.exec(words)?.[1] }
}

const secret = (name: string, worker = 'foyer') => cloudflare.workers.get(worker)?.bindings.get(name)?.text
const secrets = () => ['AUTH_SECRET', 'ID_SECRET', 'VISITOR_SECRET', 'SETUP_TOKEN'].map((name) => secret(name))

/** Those of wrangler.toml. */
const QUEUES = ['transcripts', 'transcripts-dead']

/** As the first-run page does. */
function setUp(): void {
  cloudflare.databases.get('foyer')?.db.exec("INSERT INTO installation VALUES (1, 'w_1', 1)")
}

test('a bare account gets everything in order; later runs change nothing but the version', async () => {
  const first = await deploy(['--region', 'weur', '--mail-from', 'foyer@shop.example'])
  assert.equal(first.code, 0, first.words)
  assert.deepEqual(first.changes, [
    'create database foyer',
    ...QUEUES.map((name) => `create queue foyer-${name}`),
    ...MIGRATIONS.map((name) => `migrate foyer ${name}`),
    'upload foyer',
  ])
  assert.equal(cloudflare.databases.get('foyer')?.hint, 'weur')
  const worker = cloudflare.workers.get('foyer')
  assert.equal(worker?.workersDev, true)
  assert.deepEqual(worker?.crons, ['* * * * *'])
  assert.equal(worker?.migrationTag, 'v1')
  assert.equal(secret('BASE_URL'), ADDRESS)
  assert.equal(secret('ENVIRONMENT'), 'production')
  assert.equal(secret('MAIL_FROM'), 'foyer@shop.example')
  assert.ok(first.words.includes(`${ADDRESS}/dashboard/setup#token=${secret('SETUP_TOKEN')}`), first.words)
  const made = secrets()
  assert.equal(new Set(made).size, 4)
  for (const value of made) assert.match(value ?? '', /^[\w-]{43}$/)
  for (const value of made.slice(0, 3)) assert.ok(!first.words.includes(value ?? ''), 'no other secret is printed')

  const second = await deploy()
  assert.equal(second.code, 0, second.words)
  assert.deepEqual(second.changes, ['upload foyer'])
  assert.equal(secret('MAIL_FROM'), 'foyer@shop.example', 'what was set stays')
  assert.deepEqual(secrets().slice(0, 3), made.slice(0, 3))
  assert.equal(second.token, secret('SETUP_TOKEN'), 'a link that works, as long as none was used')
  assert.notEqual(second.token, first.token)

  const kept = secrets()
  setUp()
  cloudflare.workers
    .get('foyer')
    ?.bindings.set('VISITOR_SECRET_PREVIOUS', { name: 'VISITOR_SECRET_PREVIOUS', type: 'secret_text', text: 'old' })
  const third = await deploy()
  assert.equal(third.code, 0, third.words)
  assert.deepEqual(third.changes, ['upload foyer'])
  assert.deepEqual(secrets(), kept)
  assert.equal(secret('VISITOR_SECRET_PREVIOUS'), 'old', 'a secret that somebody added stays')
  assert.equal(third.token, undefined, 'a used link is not printed')
  assert.match(third.words, /Inbox {2}https:\/\/foyer\.acme-test\.workers\.dev\/dashboard\/inbox\/all/)
  assert.match(cloudflare.workers.get('foyer')?.versions.at(-1) ?? '', /^Foyer \d/)
})

test('a dry run says all of it and changes nothing', async () => {
  // As npm starts it.
  const ran = await deploy(['--dry-run'], {}, 'scripts/deploy.mjs')
  assert.equal(ran.code, 0, ran.words)
  assert.deepEqual(ran.changes, [])
  assert.match(ran.words, /Database foyer is created; \d+ migrations to apply/)
  assert.match(ran.words, /The Worker was built\. Nothing was changed/)
  assert.equal(ran.token, undefined)
})

test('a run that was broken off goes on from there, and says what holds meanwhile', async () => {
  const name = ['--name', 'chat']
  const full = { status: 400, code: 7500, message: 'out of space' }
  cloudflare.refusals.push({ call: /^POST \/d1\/database\/[^/]+\/query$/, error: full, times: 1 })
  const first = await deploy(name)
  assert.equal(first.code, 1)
  assert.match(first.words, /Cloudflare refused a migration, so no code was deployed.*out of space/s)
  const queues = QUEUES.map((queue) => `create queue chat-${queue}`)
  assert.deepEqual(first.changes, ['create database chat', ...queues])

  cloudflare.refusals.push({ call: /^PUT \/workers\/scripts\/chat$/, error: FORBIDDEN, times: 1 })
  const second = await deploy(name)
  assert.equal(second.code, 1)
  assert.match(second.words, /Back to before: npx wrangler d1 time-travel restore chat --bookmark=0/)
  assert.match(second.words, /Cloudflare refused the upload.*The sign-in may not do this\. An API token needs/s)
  assert.deepEqual(
    second.changes,
    MIGRATIONS.map((migration) => `migrate chat ${migration}`),
  )

  const crons = { status: 400, code: 10072, message: 'You have reached the limit of 5 cron triggers' }
  cloudflare.refusals.push({ call: /\/schedules$/, error: crons, times: 1 })
  const third = await deploy(name)
  assert.equal(third.code, 1)
  assert.match(third.words, /The code itself is deployed and runs.*limit of 5 cron triggers/s)

  const last = await deploy(name)
  assert.equal(last.code, 0, last.words)
  assert.deepEqual(last.changes, ['upload chat'])
  assert.deepEqual(cloudflare.workers.get('chat')?.crons, ['* * * * *'])
})

test('a domain is attached, kept by later runs, and never taken from somebody else', async () => {
  const foreign = await deploy(['--domain', 'chat.shop.example'])
  assert.match(foreign.words, /belongs to no domain of this account/)
  cloudflare.zones.add('shop.example')
  cloudflare.domains.set('chat.shop.example', 'landing')
  const taken = await deploy(['--domain', 'chat.shop.example'])
  assert.match(taken.words, /leads to another Worker of this account, landing/)
  cloudflare.domains.clear()
  assert.deepEqual([foreign.changes, taken.changes], [[], []])

  cloudflare.records.add('chat.shop.example')
  const recorded = await deploy(['--domain', 'chat.shop.example'])
  assert.equal(recorded.code, 1)
  assert.match(recorded.words, /a DNS record of that name has to be removed first/)
  assert.equal(cloudflare.domains.size, 0)
  cloudflare.records.clear()

  const first = await deploy()
  assert.equal(first.code, 0, first.words)
  assert.deepEqual(first.changes, ['attach chat.shop.example', 'upload foyer'])
  assert.equal(secret('BASE_URL'), 'https://chat.shop.example')
  assert.equal(cloudflare.workers.get('foyer')?.workersDev, false)
  const back = await deploy(['--domain', 'workers.dev'])
  assert.deepEqual(back.changes, ['upload foyer'])
  assert.match(back.words, /Its address changes from https:\/\/chat\.shop\.example to https:\/\/foyer\.acme-test/)
  assert.equal(cloudflare.workers.get('foyer')?.workersDev, true)
})

test('a new address is waited for, but not for ever', async () => {
  let asked = 0
  const server = createServer((_, response) => {
    asked += 1
    response.writeHead(asked < 3 ? 503 : 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  const url = `http://127.0.0.1:${address.port}/healthz`
  assert.equal(await isServed(url, 5_000, 10), true)
  server.close()
  assert.equal(await isServed(url, 30, 10), false)
})

test('whoever runs the deployed installation makes a link for somebody who is locked out', async () => {
  for (const migration of MIGRATIONS) cloudflare.migrate('foyer', join(ROOT, 'migrations', migration))
  const script = 'scripts/resetPassword.mjs'
  const args = ['ana@shop.example', '--deployed']
  assert.match((await deploy(args, {}, script)).words, /The account Acme has no Foyer named foyer/)
  cloudflare.found('foyer', {})
  cloudflare.workers.get('foyer')?.bindings.set('BASE_URL', { name: 'BASE_URL', type: 'plain_text', text: ADDRESS })
  const database = cloudflare.databases.get('foyer')?.db
  const columns = 'id, name, email, email_verified, created_at, updated_at'
  database?.exec(`INSERT INTO users (${columns}) VALUES ('u_1', 'Ana', 'ana@shop.example', 1, 1, 1)`)
  assert.match((await deploy(['ben@shop.example', '--deployed'], {}, script)).words, /These have one:\n {2}ana@shop/)
  const ran = await deploy(args, {}, script)
  assert.equal(ran.code, 0, ran.words)
  assert.ok(ran.words.includes(`${ADDRESS}/dashboard/reset-password#token=`), ran.words)
  const hash = createHash('sha256')
    .update(ran.token ?? '')
    .digest('base64url')
  const kept = database?.prepare('SELECT token_hash, user_id FROM password_resets').all()
  assert.deepEqual(
    kept?.map((row) => ({ ...row })),
    [{ token_hash: hash, user_id: 'u_1' }],
  )
})

test('a lost ID_SECRET is not replaced by a new one, but can be put back', async () => {
  for (const migration of MIGRATIONS) cloudflare.migrate('foyer', join(ROOT, 'migrations', migration))
  setUp()
  cloudflare.found('foyer', { AUTH_SECRET: 'auth', VISITOR_SECRET: 'visitor', SETUP_TOKEN: 'used' })
  const refused = await deploy()
  assert.equal(refused.code, 1)
  assert.match(refused.words, /its ID_SECRET is gone.*Nothing was changed/s)
  assert.deepEqual(refused.changes, [])
  const file = join(temporary, 'kept.env')
  writeFileSync(file, 'ID_SECRET=kept-elsewhere\nAUTH_SECRET=another\n')
  const restored = await deploy(['--secrets-from', file])
  assert.equal(restored.code, 0, restored.words)
  assert.equal(secret('ID_SECRET'), 'kept-elsewhere')
  assert.equal(secret('AUTH_SECRET'), 'auth', 'one that is there is not replaced')
})

test('what is not ours, or not clear, is refused before anything is changed', async () => {
  const cases: Array<[RegExp, () => void, string[]?, Record<string, string>?]> = [
    [/does not accept this sign-in/, () => {}, [], { CLOUDFLARE_API_TOKEN: 'stale' }],
    [
      /You are not signed in to Cloudflare/,
      () => {},
      [],
      { CLOUDFLARE_API_TOKEN: '', HOME: temporary, XDG_CONFIG_HOME: temporary },
    ],
    [/Unknown option '--dryrun'.*--dry-run {4,}says what/s, () => {}, ['--dryrun']],
    [/Cloudflare cannot be reached/, () => {}, [], { CLOUDFLARE_API_BASE_URL: 'http://127.0.0.1:9/client/v4' }],
    [/This sign-in may not use account f{32}/, () => {}, ['--account', 'f'.repeat(32)]],
    [/has no workers\.dev name yet/, () => (cloudflare.subdomain = null)],
    [/You have several accounts.*Other/s, () => cloudflare.accounts.push({ id: 'e'.repeat(32), name: 'Other' })],
  ]
  for (const [words, arrange, args, environment] of cases) {
    arrange()
    const ran = await deploy(args, environment)
    assert.equal(ran.code, 1)
    assert.match(ran.words, words)
    assert.doesNotMatch(ran.words, /^\s+at /m, 'a sentence, not a stack')
    assert.deepEqual(ran.changes, [])
  }
})

test('another Worker or database of the name is left alone', async () => {
  cloudflare.found('foyer', {}, 'Landing')
  const worker = await deploy()
  assert.match(worker.words, /a Worker named foyer that is not a Foyer.*--name chat/s)
  cloudflare.create('chat')
  cloudflare.databases.get('chat')?.db.exec('CREATE TABLE messages (id)')
  const database = await deploy(['--name', 'chat'])
  assert.match(database.words, /a database named chat that is not Foyer's/)
  assert.deepEqual([worker.code, database.code, worker.changes, database.changes], [1, 1, [], []])
})

test('queues, their dead letters and buckets are created as wrangler.toml comes to name them', async () => {
  const file = join(temporary, 'wrangler.toml')
  const text = `name = "foyer"\nmain = "worker/index.ts"\nassets = { directory = "dist" }
    r2_buckets = [{ binding = "FILES", bucket_name = "foyer-files" }]
    queues.producers = [{ binding = "MAIL", queue = "foyer-mail" }]
    queues.consumers = [{ queue = "foyer-mail", dead_letter_queue = "foyer-dead" }, { queue = "foyer-dead" }]`
  writeFileSync(file, text)
  process.env['CLOUDFLARE_API_BASE_URL'] = base
  const api = platform({ authorization: `Bearer ${TOKEN}` })
  const options = optionsFrom([], {})
  assert.ok(options)
  const description = describe('support', file)
  const once = async () => create({ api, account: ACCOUNT, options, found: await look(api, ACCOUNT, description) })
  await once()
  assert.deepEqual(cloudflare.changes, [
    'create queue support-mail',
    'create queue support-dead',
    'create bucket support-files',
  ])
  cloudflare.changes = []
  await once()
  assert.deepEqual(cloudflare.changes, [])

  cloudflare.queues.clear()
  const plan = { status: 403, code: 100129, message: 'Queues are unavailable on the free plan' }
  cloudflare.refusals.push({ call: /^POST \/queues/, error: plan, times: 1 })
  await assert.rejects(once, /Cloudflare refused to create the queue support-mail.*choose Workers Paid/s)
  cloudflare.buckets.clear()
  const off = { status: 403, code: 10042, message: 'Please enable R2 through the Cloudflare Dashboard.' }
  cloudflare.refusals.push({ call: /^POST \/r2/, error: off, times: 1 })
  await assert.rejects(once, /Switch R2 on once/)
  writeFileSync(file, `${text}\nvectorize = []`)
  assert.throws(() => describe('support', file), /does not know how to deploy vectorize/)
})
