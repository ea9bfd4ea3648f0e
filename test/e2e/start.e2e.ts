/** `npm start` and the accidents of a machine: nothing is left behind, nothing is lost, and it says what is wrong. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { allEntries, type Client, firstChannel, newVisitor, setUp } from './support/client.ts'
import { isServed, Product, until } from './support/product.ts'

let product: Product
let owner: Client
let conversation: string

before(async () => {
  product = await Product.open({ fresh: true })
  owner = await setUp(product, 'https://shop.example')
  const channel = await firstChannel(owner)
  const vic = await newVisitor(product.origin, channel.id, '203.0.113.1')
  conversation = (await vic.start('a:1', 'Keep this.')).body.id
})
after(() => product.close())

/** Starts a second time and says how that ended. */
function startAgain(environment: Record<string, string>) {
  return spawnSync(process.execPath, ['scripts/start.mjs'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, PORT: String(product.port), STATE_DIR: product.stateDir, ...environment },
    encoding: 'utf8',
  })
}

const runtime = (): number => JSON.parse(readFileSync(join(product.stateDir, 'running.json'), 'utf8')).runtime.pid

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0)
    return true
  } catch {
    return false
  }
}

async function keepsItsData(): Promise<void> {
  const texts = (await allEntries(owner, conversation)).flatMap((entry) =>
    'text' in entry.body ? entry.body.text : [],
  )
  assert.deepEqual(texts, ['Keep this.'])
}

test('Ctrl-C leaves no process behind, and a second start has everything', async () => {
  const group = runtime()
  await product.stop()
  assert.equal(await isServed(product.port), false)
  assert.equal(isAlive(group), false)
  await product.start()
  assert.match(product.output, /\/dashboard\/inbox\/all/)
  assert.doesNotMatch(product.output, /token=/, 'once set up, the secret is not printed any more')
  await keepsItsData()
})

test('a start after kill -9 of the command ends the orphaned runtime', async () => {
  const orphan = runtime()
  await product.killStarter()
  assert.equal(isAlive(orphan), true, 'the runtime is an orphan now')
  await product.start()
  assert.equal(isAlive(orphan), false)
  await keepsItsData()
})

test('a killed runtime ends the command with a sentence', async () => {
  const group = runtime()
  process.kill(-group, 'SIGKILL')
  await until(async () => /Nothing is lost/.test(product.output), 'the command says so')
  assert.equal(await isServed(product.port), false)
  await product.start()
  await keepsItsData()
})

test('a runtime that crashes alone is started again, with everything', async () => {
  const workerd = spawnSync('pgrep', ['-g', String(runtime()), '-f', 'workerd serve'], { encoding: 'utf8' }).stdout
  process.kill(Number(workerd.split('\n')[0]), 'SIGKILL')
  await until(async () => {
    const answer = await fetch(`${product.origin}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
    return answer?.ok ?? false
  }, 'it answers again')
  await keepsItsData()
})

test('a second start with the same data, a taken port, a wrong port: each a sentence', async () => {
  const second = startAgain({})
  assert.equal(second.status, 1)
  assert.match(second.stderr, /^\nFoyer is already running at http:\/\/localhost:\d+ with this data\./)
  const taken = startAgain({ STATE_DIR: `${product.stateDir}/other` })
  assert.equal(taken.status, 1)
  assert.match(taken.stderr, /^\nPort \d+ is taken by another program\./)
  const wrong = startAgain({ PORT: 'eighty' })
  assert.match(wrong.stderr, /PORT is to be a number/)
  await keepsItsData()
})

test('a port that is taken on the other loopback address counts as taken', async (t) => {
  const other = createServer()
  const port = await new Promise<number | null>((resolve) => {
    other.once('error', () => resolve(null))
    other.listen(0, '::1', () => {
      const address = other.address()
      resolve(address && typeof address === 'object' ? address.port : null)
    })
  })
  if (port === null) return t.skip('no IPv6 on this machine')
  const answer = startAgain({ PORT: String(port), STATE_DIR: `${product.stateDir}/other` })
  other.close()
  assert.match(answer.stderr, /is taken by another program/)
})
