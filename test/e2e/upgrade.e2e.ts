/**
 * A state folder that an earlier version left (test/fixtures/recordState.ts), one of every earlier schema of the
 * record, started under today's code as `npm start` does it: everything is there, and people go on where they were.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { RECORD_SCHEMA } from '../../core/conversation/record.ts'
import { copyProduct } from '../../scripts/copy.ts'
import { at } from '../../scripts/local/paths.mjs'
import { covers } from '../support/covers.ts'
import { allEntries, Client, conversationList, signIn } from './support/client.ts'
import { freePort, PRODUCT_ROOT, Product, until } from './support/product.ts'
import { type StateFolder, writeStateFolder } from './support/stateFolder.ts'
import { writeBySocket } from './support/writers.ts'

interface Recording {
  commit: string
  schema: number
  /** The text of .dev.vars. */
  secrets: string
  owner: { email: string; password: string }
  conversations: Array<{ id: string; token: string; entries: object[] }>
  folder: StateFolder
}

const FIXTURES = at('test/fixtures')
const recordings = readdirSync(FIXTURES)
  .filter((name) => name.startsWith('state-'))
  .map((name): Recording => JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')))
  .sort((a, b) => a.schema - b.schema)

/** A visitor comes back: with the token of then, as if it had been renewed all the time. */
async function renewed({ secrets }: Recording, token: string): Promise<string> {
  const [, claims = ''] = token.split('.')
  const [, secret] = /VISITOR_SECRET=(.*)/.exec(secrets) ?? []
  return new SignJWT(JSON.parse(Buffer.from(claims, 'base64url').toString()))
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret))
}

/** The visitor writes at least one more message; answers the newest text. */
async function writesAgain(product: Product, conversation: string, token: string): Promise<string> {
  const visitor = new Client(product.origin)
  const open = () => visitor.socket(`/widget/v1/conversations/${conversation}/socket`, ['foyer.v1', `t.${token}`])
  const writer = writeBySocket({ conversation, instance: 'today', window: 1, notes: false, open })
  await until(async () => writer.promised.size > 0, 'what the visitor writes today is stored')
  await writer.finish()
  return [...writer.promised.values()].at(-1)?.text ?? ''
}

/** The newest schema that the stored records have, and the migrations that D1 has seen. */
function onDisk(stateDir: string) {
  const rowsOf = (path: string, sql: string) => {
    const db = new DatabaseSync(join(stateDir, path), { readOnly: true })
    const rows = db.prepare(sql).all()
    db.close()
    return rows
  }
  const files = readdirSync(join(stateDir, 'v3'), { recursive: true })
    .map((name) => join('v3', String(name)))
    .filter((name) => name.endsWith('.sqlite') && !name.endsWith('metadata.sqlite'))
  return {
    schemas: files
      .filter((name) => name.includes('foyer-Conversation'))
      .map((name) => JSON.parse(String(rowsOf(name, 'SELECT json FROM state')[0]?.['json'])).schema),
    migrations: files
      .filter((name) => name.includes('D1DatabaseObject'))
      .flatMap((name) => rowsOf(name, 'SELECT name FROM d1_migrations ORDER BY id').map((row) => row['name'])),
  }
}

/** The folder as it was left, under a copy of today's product that has the secrets of then. */
async function started(recording: Recording, folder: string): Promise<Product> {
  const tree = join(folder, 'tree')
  copyProduct(tree, PRODUCT_ROOT)
  writeFileSync(join(tree, '.dev.vars'), recording.secrets)
  writeStateFolder(join(folder, 'state'), recording.folder)
  const product = new Product(await freePort(), join(folder, 'state'), tree)
  await product.start()
  return product
}

test('[CV1] there is a state folder of every earlier schema', () => {
  const schemas = new Set(recordings.map(({ schema }) => schema))
  assert.deepEqual(
    [...schemas],
    Array.from({ length: RECORD_SCHEMA - 1 }, (_, i) => i + 1),
  )
})

for (const recording of recordings)
  test(`[CV1] the state folder of ${recording.commit}, schema ${recording.schema}, starts and goes on`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'foyer-upgrade-'))
    const product = await started(recording, folder)
    try {
      assert.match(product.output, /dashboard\/inbox\/all/, 'it knows that it was set up')
      const owner = await signIn(product.origin, recording.owner.email, recording.owner.password)
      const listed = async () => new Map((await conversationList(owner)).map((row) => [row.id as string, row]))
      const [closed, waiting] = recording.conversations
      assert.ok(closed && waiting)
      const before = await listed()
      assert.deepEqual([before.get(closed.id)?.status, before.get(waiting.id)?.status], ['closed', 'waiting_human'])
      for (const { id, entries } of recording.conversations) {
        const now = await allEntries(owner, id)
        assert.equal(now.length, entries.length)
        assert.equal(covers(now, entries), '')
      }

      for (const { id, token } of recording.conversations) {
        const newest = await writesAgain(product, id, await renewed(recording, token))
        await until(async () => (await listed()).get(id)?.lastMessage?.text === newest, 'the list shows the newest')
        const numbers = (await allEntries(owner, id)).flatMap((entry) => ('after' in entry ? [] : entry.n))
        assert.deepEqual(
          numbers,
          numbers.map((_, i) => i + 1),
        )
      }
      // CV4: what was closed is open again, and today's abilities are there for what was begun without them.
      await owner.want('PATCH', `/api/v1/conversations/${closed.id}`, { priority: 'high' })
      await until(async () => {
        const row = (await listed()).get(closed.id)
        return row?.status === 'waiting_human' && row.priority === 'high'
      }, 'what was closed is open again, and pressing')
      await until(async () => {
        const page = await owner.want<Record<string, string[]>>('POST', '/api/v1/index-rebuilds', {})
        return [page['missing'], page['stale'], page['orphaned'], page['unreachable']].flat().length === 0
      }, 'the index is whole')

      await product.stop()
      const left = onDisk(product.stateDir)
      assert.deepEqual(left.schemas, [RECORD_SCHEMA, RECORD_SCHEMA])
      const files = readdirSync(at('migrations')).filter((name) => name.endsWith('.sql'))
      assert.deepEqual(left.migrations, files.sort())
    } finally {
      await product.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
