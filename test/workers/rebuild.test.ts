import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { IndexRebuild } from '../../core/api/indexRebuilds.ts'
import { UNDO_MS } from '../../core/conversation/deletion.ts'
import { indexed as columnsOf, INDEX_AFTER, type StoredRow } from '../../durable-objects/inbox/d1Index.ts'
import { eventually } from '../support/eventually.ts'
import { agent, colleague, inboxStub, indexed, visitor } from '../support/play.ts'

const CONVERSATIONS = 60

let ana: Awaited<ReturnType<typeof agent>>
let ids: string[] = []

/** The index as D1 has it, and the same as the conversations say. */
async function inD1(): Promise<string[]> {
  const { results } = await env.DB.prepare(INDEX_AFTER).bind(ana.workspace, '', 1_000).all<StoredRow>()
  return results.map(columnsOf)
}
async function fromObjects(): Promise<string[]> {
  const reads = ids.map((id) => env.CONVERSATION.getByName(id).read({ kind: 'system', workspace: ana.workspace }))
  return (await Promise.all(reads)).flatMap((read) => (read.ok ? [columnsOf(read.row)] : []))
}

async function rebuilt() {
  const found = { missing: [] as string[], stale: [] as string[], orphaned: [] as string[], pages: 0, checked: 0 }
  for (let after: string | null = null, first = true; first || after !== null; first = false) {
    const answer: Awaited<ReturnType<typeof ana.ask>> = await ana.ask('/api/v1/index-rebuilds', { body: { after } })
    expect(answer.status).toBe(200)
    const page = IndexRebuild.parse(answer.body)
    expect(page.unreachable).toEqual([])
    for (const kind of ['missing', 'stale', 'orphaned'] as const) found[kind].push(...page[kind])
    found.checked += page.checked
    found.pages += 1
    after = page.next
  }
  return found
}

/** Nothing is on its way to D1 any more. */
const settled = () =>
  eventually(
    async () => {
      await indexed(ana.workspace)
      expect(await inD1()).toEqual(await fromObjects())
    },
    { timeout: 20_000 },
  )

beforeAll(async () => {
  ana = await agent()
  for (let i = 0; i < CONVERSATIONS; i += 1) {
    const started = await (await visitor({ ip: `10.0.${i}.1` })).start(`question ${i}`)
    ids.push(started.body.id)
  }
  ids = ids.sort()
  await settled()
  await ana.ask(`/api/v1/conversations/${ids[9]}`, { method: 'PATCH', body: { priority: 'high' } })
  await settled()
})

describe('the index', () => {
  it('[CV1] needs nothing where it is whole', async () => {
    expect(await rebuilt()).toEqual({ missing: [], stale: [], orphaned: [], pages: 2, checked: CONVERSATIONS })
    expect(await inD1()).toEqual(await fromObjects())
  })

  it('[CV1] is rebuilt from the conversations, whatever was done to it, and says what differed', async () => {
    const at = (n: number) => ids[n] ?? ''
    const orphan = `${'a'.repeat(31)}b`
    const change = (sql: string, ...values: unknown[]) =>
      env.DB.prepare(sql)
        .bind(...values)
        .run()
    await change('DELETE FROM conversations WHERE id IN (?, ?)', at(0), at(59))
    await change("UPDATE conversations SET status = 'closed', rev = rev + 50 WHERE id = ?", at(1))
    await change("UPDATE conversations SET last_message_text = 'never said' WHERE id = ?", at(2))
    await change('UPDATE conversations SET source = ?, started_at = 5 WHERE id = ?', '{}', at(55))
    await change('CREATE TABLE copied AS SELECT * FROM conversations WHERE id = ?', at(3))
    await change('UPDATE copied SET id = ?', orphan)
    await change('INSERT INTO conversations SELECT * FROM copied')
    await change('DROP TABLE copied')
    await change('DELETE FROM contacts')
    // The inbox object has forgotten one, and takes another for what it is not.
    await runInDurableObject(inboxStub(ana.workspace), (_inbox, ctx) => {
      ctx.storage.sql.exec('DELETE FROM known WHERE id = ?', at(4))
      ctx.storage.sql.exec("UPDATE known SET status = 'closed' WHERE id = ?", at(5))
    })
    const found = await rebuilt()
    expect([found.missing, found.stale, found.orphaned]).toEqual([[at(0), at(59)], [at(1), at(2), at(55)], [orphan]])
    expect(await inD1()).toEqual(await fromObjects())
    expect(await rebuilt()).toMatchObject({ missing: [], stale: [], orphaned: [] })
    const welcome = await (await ana.watches()).get((f) => f.type === 'welcome')
    expect(welcome).toMatchObject({ counts: { all: CONVERSATIONS, resolved: 0 } })
  })

  it('[CV1] lets chats go on meanwhile, and never puts an older row over a newer one', async () => {
    const vic = await (await visitor()).arrives('in between')
    ids = [...ids, vic.id].sort()
    const writing = (async () => {
      for (let i = 0; i < 20; i += 1) await vic.says(`line ${i}`)
    })()
    await rebuilt()
    await writing
    await settled()
  })

  it('[IB11][CV1] loses nothing that a conversation had yet to tell, and takes it for no difference', async () => {
    const vic = await (await visitor()).arrives('hello')
    ids = [...ids, vic.id].sort()
    const board = await ana.watches()
    const shown = (text: string) =>
      board.get((frame) => frame.type === 'rows' && frame.list.some((row) => row.lastMessage?.text === text))
    const spoken = async (text: string) => {
      // The first is told at once, what follows within half a second is gathered.
      await vic.says(`before ${text}`)
      await shown(`before ${text}`)
      await settled()
      await vic.says(text)
    }
    await spoken('told of by the rebuild')
    expect(await rebuilt()).toMatchObject({ missing: [], stale: [], orphaned: [] })
    await shown('told of by the rebuild')
    await settled()

    await spoken('while D1 takes nothing')
    const broken = vi
      .spyOn(Object.getPrototypeOf(env.DB) as D1Database, 'batch')
      .mockRejectedValue(new Error('D1_DOWN'))
    await ana.ask('/api/v1/index-rebuilds', { body: { after: null } })
    await ana.ask('/api/v1/index-rebuilds', { body: { after: ids[49] } })
    broken.mockRestore()
    await shown('while D1 takes nothing')
    await settled()
  })

  it('[CV12] leaves what is being deleted hidden, and tombstones where they are', async () => {
    const id = ids[20] ?? ''
    await ana.ask(`/api/v1/conversations/${id}`, { method: 'DELETE' })
    await settled()
    await env.DB.prepare('UPDATE conversations SET deleted_at = NULL WHERE id = ?').bind(id).run()
    expect((await rebuilt()).stale).toEqual([id])
    expect((await ana.ask('/api/v1/conversations?limit=100')).body.list.map((c: { id: string }) => c.id)).not.toContain(
      id,
    )
    await runInDurableObject(env.CONVERSATION.getByName(id), async (object, ctx) => {
      const { json } = ctx.storage.sql.exec<{ json: string }>('SELECT json FROM state').one()
      const record = JSON.parse(json)
      record.team.deletion.at -= UNDO_MS
      ctx.storage.sql.exec('UPDATE state SET json = ?', JSON.stringify(record))
      const { Conversation } = await import('../../durable-objects/conversation/conversation.ts')
      await new Conversation(ctx, env).alarm()
      void object
    })
    expect(await rebuilt()).toMatchObject({ missing: [], stale: [], orphaned: [] })
    expect((await inD1()).join()).toContain(`"${id}"`)
  })

  it('[PR2] is rebuilt by administrators alone', async () => {
    const ben = await colleague('Ben')
    expect((await ben.ask('/api/v1/index-rebuilds', { body: {} })).status).toBe(403)
  })
})
