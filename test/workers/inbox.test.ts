import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { getTableColumns } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { compareRows, matches, VIEWS } from '../../core/conversation/filter.ts'
import { type ConversationRow, completed } from '../../core/conversation/row.ts'
import type { MemberId } from '../../core/ids.ts'
import {
  indexed as columnsOf,
  INDEX_AFTER,
  INSERT_CONTACTS,
  INSERT_DEVICES,
  type StoredRow,
  statementsFor,
  UPSERT_CONVERSATIONS,
} from '../../durable-objects/inbox/d1Index.ts'
import { flush } from '../../durable-objects/inbox/flush.ts'
import type { DirtyRow } from '../../durable-objects/inbox/rows.ts'
import { listConversations } from '../../worker/db/conversations.ts'
import { decodeCursor, encodeCursor } from '../../worker/db/keyset.ts'
import { contacts, conversations, devices } from '../../worker/db/schema.ts'
import { openWorkspace } from '../../worker/db/workspace.ts'
import { layOver } from '../../worker/inboxList.ts'
import { asleep } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { heardOf, isHeard, ownRow } from '../support/heard.ts'
import { agent, colleague, inboxStub, indexed, stranger, visitor } from '../support/play.ts'
import { rings } from '../support/rings.ts'

async function drainNow(workspace: string): Promise<void> {
  // Rows are due within two seconds: the alarm writes what is due, so let the clock get there.
  await eventually(
    async () => {
      await rings(inboxStub(workspace))
      expect((await inboxStub(workspace).overlay()).rows).toEqual([])
    },
    { timeout: 90_000, interval: 200 },
  )
}

describe('the live inbox', () => {
  it('[IB11] a new conversation, its messages and its changes reach open dashboards', async () => {
    const ana = await agent()
    const watching = await ana.watches()
    await watching.get((f) => f.type === 'welcome')
    const vic = await (await visitor()).arrives('Is the blue one in stock?')
    await watching.get((f) => f.type === 'rows' && f.list.some((r) => r.id === vic.id && r.status === 'waiting_human'))
    const desk = await ana.opens(vic.id)
    await desk.says('It is.')
    await watching.get(
      (f) => f.type === 'rows' && f.list.some((r) => r.lastMessage?.text === 'It is.' && r.status === 'active_human'),
    )
    const list = await ana.ask('/api/v1/conversations')
    expect(list.body.list.find((c: { id: string }) => c.id === vic.id)).toMatchObject({
      status: 'active_human',
      assignee: ana.member,
      lastMessage: { text: 'It is.' },
      visitorMessages: 1,
      contact: { name: null },
    })
  })

  it('[CV1] D1 has the row within the alarm, equal to the fold of the logs, with contact and device', async () => {
    const ana = await agent()
    const vic = await (await visitor()).arrives('hello')
    await drainNow(ana.workspace)
    const stored = await env.DB.prepare('SELECT * FROM conversations WHERE id = ?').bind(vic.id).first()
    const read = await env.CONVERSATION.getByName(vic.id).read({
      kind: 'agent',
      memberships: [{ workspace: ana.workspace, member: ana.member, name: 'Ana', role: 'owner' }],
      sessionExpiresAt: Date.now() + 1000,
      asOf: Date.now(),
    })
    if (!read.ok) throw new Error(read.refusal.code)
    expect(stored).toMatchObject({
      workspace_id: ana.workspace,
      rev: read.row.rev,
      status: read.row.status,
      contact_id: read.row.contact,
      last_message_at: read.row.lastMessageAt,
      last_message_text: 'hello',
      head: 2,
    })
    expect(
      await env.DB.prepare('SELECT workspace_id FROM contacts WHERE id = ?').bind(read.row.contact).first(),
    ).toEqual({
      workspace_id: ana.workspace,
    })
    expect(await env.DB.prepare('SELECT contact_id FROM devices WHERE id = ?').bind(read.row.device).first()).toEqual({
      contact_id: read.row.contact,
    })
  })

  it('[CV1] D1 out of reach: the chat and the live list go on, and D1 catches up', async () => {
    const ana = await agent()
    const watching = await ana.watches()
    const stub = inboxStub(ana.workspace)
    await runInDurableObject(stub, (inbox) => {
      const broken = {
        prepare: () => ({ bind: () => ({}), first: () => Promise.reject(new Error('D1_ERROR: down')) }),
        batch: () => Promise.reject(new Error('D1_ERROR: down')),
      }
      Object.assign(inbox, { env: { ...env, DB: broken } })
    })
    const vic = await (await visitor()).arrives('can you hear me?')
    const desk = await ana.opens(vic.id)
    await desk.says('loud and clear')
    await vic.sees('loud and clear')
    await watching.get((f) => f.type === 'rows' && f.list.some((r) => r.lastMessage?.text === 'loud and clear'))
    await indexed(ana.workspace)
    const inD1 = () =>
      env.DB.prepare('SELECT last_message_text AS text FROM conversations WHERE id = ?').bind(vic.id).first()
    expect(await inD1()).toBeNull()
    const list = await ana.ask('/api/v1/conversations')
    expect(list.body.list.map((c: { id: string }) => c.id)).toContain(vic.id)
    // Healed: a new instance has the real D1 and finds what is due in its own storage.
    await asleep(stub)
    await indexed(ana.workspace)
    expect(await inD1()).toEqual({ text: 'loud and clear' })
  })

  it('[CV1] one row that D1 will not take does not hold up the others', async () => {
    const ana = await agent()
    await env.DB.prepare(
      "CREATE TRIGGER refuse BEFORE INSERT ON conversations WHEN NEW.last_message_text = 'b' BEGIN SELECT RAISE(ABORT, 'no'); END",
    ).run()
    const [good, bad, alsoGood] = [
      await (await visitor()).arrives('a'),
      await (await visitor()).arrives('b'),
      await (await visitor()).arrives('c'),
    ]
    await indexed(ana.workspace)
    const { results } = await env.DB.prepare('SELECT id FROM conversations').all<{ id: string }>()
    const ids = results.map((r) => r.id)
    expect(ids).toContain(good.id)
    expect(ids).toContain(alsoGood.id)
    expect(ids).not.toContain(bad.id)
    expect((await inboxStub(ana.workspace).overlay()).rows.map((r) => r.id)).toEqual([bad.id])
    await env.DB.prepare('DROP TRIGGER refuse').run()
    await indexed(ana.workspace)
    expect((await inboxStub(ana.workspace).overlay()).rows).toEqual([])
  })

  it('an older row never overwrites a newer one, in the object and in D1', async () => {
    const ana = await agent()
    const vic = await (await visitor()).arrives('old')
    const old = await ownRow(ana.workspace, vic.id)
    await vic.says('new')
    await isHeard(ana.workspace, vic.id, { text: 'new' })
    await inboxStub(ana.workspace).update(old, true)
    expect(await heardOf(ana.workspace, vic.id)).toMatchObject({ text: 'new' })
    await indexed(ana.workspace)
    // An object that has slept does not remember what it has told: D1 itself must know.
    await asleep(inboxStub(ana.workspace))
    await inboxStub(ana.workspace).update(old, true)
    await indexed(ana.workspace)
    // And were it asked to all the same: the statement itself refuses.
    await env.DB.batch(statementsFor(env.DB, [{ row: old, introduce: false }]))
    const stored = await env.DB.prepare('SELECT last_message_text AS text FROM conversations WHERE id = ?')
      .bind(vic.id)
      .first()
    expect(stored).toEqual({ text: 'new' })
  })

  it('[PR2] a workspace is watched by its members alone', async () => {
    const { workspace } = await agent()
    const mallory = await stranger()
    const line = await (await agent({ ...mallory, workspace })).watches()
    expect(await line.gone()).toBe(4403)
  })

  it('[IB11] a repeated start tells of one conversation, and admits it for free', async () => {
    const browser = await visitor({ ip: '203.0.113.9' })
    const first = await browser.start('hello', 'same:1')
    const again = await browser.start('hello', 'same:1')
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id])
    for (let i = 2; i <= 5; i += 1) expect((await browser.start('more', `same:${i}`)).status).toBe(201)
    const sixth = await browser.start('one too many', 'same:6')
    expect(sixth.status).toBe(429)
    expect(sixth.body.code).toBe('too_many_conversations')
    expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(600)
    expect((await browser.start('hello', 'same:1')).status).toBe(200)
  })
})

describe('flush', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ row: { id } as unknown as ConversationRow, introduce: false }))
  const ids = (list: readonly DirtyRow[]) => list.map((d) => d.row.id).join('')

  it('halves a failing batch down to the row that is refused', async () => {
    const calls: string[] = []
    const deps = {
      write: async (list: readonly DirtyRow[]) => {
        calls.push(`write ${ids(list)}`)
        if (ids(list).includes('d')) throw new Error('no')
      },
      alive: async () => true,
      taken: (list: readonly ConversationRow[]) => void calls.push(`taken ${list.map((r) => r.id).join('')}`),
      refused: (row: ConversationRow) => void calls.push(`refused ${row.id}`),
    }
    expect(await flush(deps, rows)).toBe(true)
    expect(calls).toEqual([
      'write abcde',
      'write abc',
      'taken abc',
      'write de',
      'write d',
      'refused d',
      'write e',
      'taken e',
    ])
  })

  it('leaves everything as it is while D1 is out of reach', async () => {
    const calls: string[] = []
    const deps = {
      write: async () => Promise.reject(new Error('down')),
      alive: async () => false,
      taken: () => void calls.push('taken'),
      refused: () => void calls.push('refused'),
    }
    expect(await flush(deps, rows)).toBe(false)
    expect(calls).toEqual([])
  })
})

describe('the index', () => {
  it('is written with the tables and columns of the schema', () => {
    const table = { [UPSERT_CONVERSATIONS]: conversations, [INSERT_CONTACTS]: contacts, [INSERT_DEVICES]: devices }
    const later = new Set(['contacts.name', 'contacts.email', 'contacts.merged_into', 'devices.revoked_at'])
    for (const [sql, schema] of Object.entries(table)) {
      const [, name, list] = /INSERT INTO (\w+) \(\s*([^)]+)\)/.exec(sql) ?? []
      const written = list?.split(',').map((column) => `${name}.${column.trim()}`)
      const columns = Object.values(getTableColumns(schema)).map((column) => `${name}.${column.name}`)
      expect(written?.sort()).toEqual(columns.filter((column) => !later.has(column)).sort())
    }
  })

  it('[CV1] takes many rows at once, each as it was told', async () => {
    const workspace = 'w_many' as never
    const text = 'a "quote", a \\ and a \n, مرحبا, 👩🏽‍💻, [1, {"two": null}]'
    const asks = [{ prompt: 3, by: 'agent:m_1', assignee: null, at: 5, answer: { score: 4, comment: text, at: 6 } }]
    const told = (n: number, more: Partial<ConversationRow>): ConversationRow => ({
      ...completed({ id: `many${n}`, workspace, rev: n, channel: 'c', contact: 'p', device: `d${n}` } as never),
      ...{ status: 'closed', assignee: null, startedAt: 1, lastMessageAt: 2, lastMessage: null },
      ...{ visitorMessages: 1, head: n, source: { page: text, title: null, referrer: null } as never },
      ...more,
    })
    const rows = [
      told(1, {
        lastMessage: { author: 'visitor:d1' as never, text, at: 2 },
        collaborators: ['m_1', 'm_2'] as never[],
      }),
      told(2, { assignee: 'm_1' as never, asks: asks as never, deletedAt: 4, head: Number.MAX_SAFE_INTEGER }),
      told(3, { rating: { score: 5, source: 'prompt' } as never, formerAssignees: ['m_3'] as never[] }),
    ]
    await env.DB.batch(
      statementsFor(
        env.DB,
        rows.map((row, n) => ({ row, introduce: n > 0 })),
      ),
    )
    const { results } = await env.DB.prepare(INDEX_AFTER).bind(workspace, '', 10).all<StoredRow>()
    expect(results.map(columnsOf)).toEqual(rows.map(columnsOf))
    const made = await env.DB.prepare('SELECT id FROM devices WHERE workspace_id = ? ORDER BY id').bind(workspace).raw()
    expect(made).toEqual([['d2'], ['d3']])
  })

  it('[IB2] D1 and core agree on every view, its order and its pages', async () => {
    const ana = await colleague('Counter')
    const workspace = openWorkspace(env.DB, {
      workspace: 'w_views' as never,
      member: ana.member,
      name: 'x',
      role: 'agent',
    })
    const statuses = ['active_ai', 'waiting_human', 'active_human', 'awaiting_offline_info', 'closed'] as const
    const all = Array.from({ length: 60 }, (_, i) => ({
      id:
        `${'abcdefghijklmnopqrstuvwxyz234567'[i % 32]}`.repeat(31) +
        '234567abcdefghijklmnopqrstuvwxyz'[Math.floor(i / 2)],
      status: statuses[i % 5] ?? 'closed',
      assignee: i % 3 === 0 ? null : i % 3 === 1 ? ana.member : ('m_other' as MemberId),
      lastMessageAt: 1000 + (i % 7),
      visitorMessages: i % 4,
      reader: { visitor: i % 5 === 0 ? 0 : i % 6, unread: i % 11 === 0 },
    }))
    await env.DB.batch(
      all.map((row) =>
        env.DB.prepare(
          `INSERT INTO conversations (id, workspace_id, rev, channel_id, contact_id, device_id, status, assignee_id, started_at,
             last_message_at, visitor_messages, head, source) VALUES (?, 'w_views', 1, 'c', 'c', 'd', ?, ?, 1, ?, ?, 1, '{}')`,
        ).bind(row.id, row.status, row.assignee, row.lastMessageAt, row.visitorMessages),
      ),
    )
    await env.DB.batch(
      all
        .filter((_, i) => i % 5 !== 0 || i % 11 === 0)
        .map((row) =>
          env.DB.prepare(`INSERT INTO read_markers VALUES ('w_views', ?, ?, 1, ?, ?)`).bind(
            ana.member,
            row.id,
            row.reader.visitor,
            row.reader.unread ? 1 : 0,
          ),
        ),
    )
    for (const view of VIEWS) {
      const filter = { view, me: ana.member }
      const expected = all
        .filter((row) => matches(row, filter, row.reader))
        .sort((a, b) => compareRows(a as never, b as never))
      const paged: string[] = []
      let cursor = null
      for (;;) {
        const page = await listConversations(workspace, filter, cursor, 7)
        paged.push(...page.map((row) => row.id))
        const last = page.at(-1)
        if (!last || page.length < 7) break
        cursor = decodeCursor(encodeCursor({ at: last.lastMessageAt, id: last.id }))
      }
      expect(paged, view).toEqual(expected.map((row) => row.id))
    }
  })

  it('[AP2] a page is never longer than was asked for, and all of them hold everything once, before D1 has it and after', async () => {
    const ana = await agent()
    for (let i = 0; i < 5; i += 1) {
      const vic = await (await visitor()).arrives(`number ${i}`)
      await isHeard(ana.workspace, vic.id, { text: `number ${i}` })
    }
    const idsOf = ({ body }: { body: { list: Array<{ id: string }> } }) => body.list.map(({ id }) => id)
    for (const settled of [false, true]) {
      if (settled) await drainNow(ana.workspace)
      const whole = idsOf(await ana.ask('/api/v1/conversations?limit=100'))
      const paged: string[] = []
      for (let next: string | null = ''; next !== null; ) {
        const page = await ana.ask(`/api/v1/conversations?limit=2${next && `&cursor=${next}`}`)
        expect(page.body.list.length).toBeLessThanOrEqual(2)
        paged.push(...idsOf(page))
        next = page.body.next
      }
      expect(paged).toEqual(whole)
    }
  })

  it('[IB11] overlay rows replace, add and remove, each on its own page', () => {
    const row = (id: string, lastMessageAt: number, extra: object = {}) =>
      ({
        id,
        lastMessageAt,
        rev: 1,
        status: 'closed',
        assignee: null,
        visitorMessages: 2,
        reader: { public: 0, visitor: 0, unread: false },
        ...extra,
      }) as never
    const filter = { view: 'resolved' as const, me: 'm' as MemberId }
    const page = [row('d', 40), row('c', 30), row('b', 20)]
    const live = [
      row('c', 50, { rev: 2 }),
      row('b', 20, { rev: 2, status: 'active_human' }),
      row('x', 35, { rev: 9 }),
      row('d', 10, { rev: 0 }),
    ]
    const first = layOver({ page, live, markers: [], filter, after: null, isLast: false })
    expect(first.map((r) => r.id)).toEqual(['c', 'd', 'x'])
    const later = layOver({
      page: [row('a', 10)],
      live: live.slice(0, 3),
      markers: [],
      filter,
      after: { at: 20, id: 'b' },
      isLast: true,
    })
    expect(later.map((r) => r.id)).toEqual(['a'])
  })
})
