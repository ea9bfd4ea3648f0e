import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TOMBSTONE_MS, UNDO_MS } from '../../core/conversation/deletion.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import { markersStatement } from '../../durable-objects/inbox/d1Index.ts'
import { asleep } from '../support/asleep.ts'
import { storedIn, storedInD1 } from '../support/corpora/stored.ts'
import { isHeard } from '../support/heard.ts'
import { agent, ask, colleague, inboxStub, indexed, type Line, openLine, stranger, visitor } from '../support/play.ts'
import { rings } from '../support/rings.ts'

const stub = (id: string) => env.CONVERSATION.getByName(id)
const path = (id: string) => `/api/v1/conversations/${id}`
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)
const listed = async (who: Awaited<ReturnType<typeof agent>>, view = 'all') =>
  (await who.ask(`/api/v1/conversations?view=${view}`)).body.list.map((row: { id: string }) => row.id)
const widgetList = async (token: string) =>
  (await ask('/widget/v1/conversations', { headers: { authorization: `Bearer ${token}` } })).body.list
const receipts = async (id: string) =>
  (await env.DB.prepare('SELECT * FROM audit_log WHERE subject = ?').bind(id).all()).results

/** What the object's alarm does once the time to undo is over. */
async function purge(id: string): Promise<void> {
  pass(UNDO_MS)
  await rings(stub(id))
}

/** A conversation with words of both sides and of the team alone, known to the index and read by the agent. */
async function spokenOf() {
  const canary = `canary-${crypto.randomUUID()}`
  const browser = await visitor()
  const vic = await browser.arrives(`hello ${canary}`)
  const ana = await agent()
  const desk = await ana.opens(vic.id)
  await desk.notes(`note ${canary}`)
  await desk.says(`answer ${canary}`)
  await vic.sees(`answer ${canary}`)
  const watching = await ana.watches()
  watching.send({ type: 'read', id: vic.id, public: 4, visitor: 1 })
  await watching.get((f) => f.type === 'markers')
  await isHeard(ana.workspace, vic.id, { text: `answer ${canary}` })
  await indexed(ana.workspace)
  expect(await storedInD1()).toContain(canary)
  return { browser, vic, ana, desk, watching, canary, id: vic.id }
}

const remove = (who: Awaited<ReturnType<typeof agent>>, id: string) => who.ask(path(id), { method: 'DELETE' })
const restore = (who: Awaited<ReturnType<typeof agent>>, id: string) =>
  who.ask(`${path(id)}/restoration`, { method: 'POST' })

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
afterEach(() => void vi.useRealTimers())

describe('a deleted conversation', () => {
  it('[CV12] is hidden from everybody at once, in every list and count, and its sockets are told to come back later', async () => {
    const { browser, vic, ana, desk, watching, id } = await spokenOf()
    const badge = (
      await ask('/widget/v1/badge-tokens', {
        body: { conversation: id },
        headers: { authorization: `Bearer ${browser.token}` },
      })
    ).body.badge
    const unread = async () =>
      (await ask('/widget/v1/badge', { raw: badge, headers: { 'content-type': 'text/plain' } })).body
    expect(await unread()).toEqual({ unread: 1 })
    const answer = await remove(ana, id)
    expect(answer).toMatchObject({ status: 202, body: { undoUntil: Date.now() + UNDO_MS } })
    expect([await vic.line.gone(), await desk.line.gone()]).toEqual([4410, 4410])
    await watching.get((f) => f.type === 'removed' && f.id === id)
    for (const view of ['all', 'unread', 'unresolved', 'mine']) expect(await listed(ana, view)).not.toContain(id)
    for (const hidden of [path(id), `${path(id)}/entries`])
      expect(await ana.ask(hidden)).toMatchObject({ status: 404, body: { code: 'not_found' } })
    for (const body of [{ status: 'closed' }, { priority: 'high' }, { assignee: null, expectedRev: 1 }]) {
      const refused = await ana.ask(path(id), { method: 'PATCH', body })
      expect(refused).toMatchObject({ status: 404, body: { code: 'not_found' } })
      expect(refused.body).not.toHaveProperty('rev')
    }
    expect((await remove(ana, id)).status).toBe(404)
    expect(await widgetList(browser.token)).toEqual([])
    expect(await unread()).toEqual({ unread: 0 })
    const again = (headers: Record<string, string>, of: string): Promise<Line> => lineTo(of, id, headers)
    expect(await (await again({ cookie: ana.cookie }, 'api')).gone()).toBe(4410)
    const token = { 'sec-websocket-protocol': `foyer.v1, t.${browser.token}` }
    expect(await (await again(token, 'widget')).gone()).toBe(4410)
    // Also once the index has taken it, and for a dashboard that comes afterwards.
    await indexed(ana.workspace)
    expect(await listed(ana)).not.toContain(id)
    expect(await widgetList(browser.token)).toEqual([])
    const fresh = await (await ana.watches()).get((f) => f.type === 'welcome')
    expect(fresh).toMatchObject({ rows: [], counts: { all: 0, mine: 0 } })
  })

  it('[CV12] comes back whole when that is undone, at any moment before the last', async () => {
    const { browser, ana, watching, id } = await spokenOf()
    const before = (await ana.ask(path(id))).body
    await remove(ana, id)
    await indexed(ana.workspace)
    await asleep(stub(id))
    pass(UNDO_MS - 1)
    // Early, or late for something else: it changes nothing.
    await rings(stub(id))
    expect((await restore(ana, id)).status).toBe(200)
    await watching.get((f) => f.type === 'rows' && f.list.some((row) => row.id === id && row.rev > before.rev + 1))
    expect(await listed(ana)).toContain(id)
    expect((await widgetList(browser.token)).map((row: { id: string }) => row.id)).toEqual([id])
    expect((await ana.ask(path(id))).body).toEqual({ ...before, rev: before.rev + 2 })
    const desk = await ana.opens(id)
    expect(desk.entries.slice(-2).map(({ type }) => type)).toEqual(['conversation.deleted', 'conversation.restored'])
    const vic = await browser.opens(id)
    expect(vic.line.raw.join()).not.toMatch(/deleted|restored|deletion/)
    await vic.says('still here')
    await desk.sees('still here')
    await indexed(ana.workspace)
    pass(UNDO_MS * 4)
    await rings(stub(id))
    expect(await listed(ana)).toContain(id)
    expect((await restore(ana, id)).body.code).toBe('not_deleted')
  })

  it('[CV12][DL2] tells nobody what was answered before, by client id or name, until that is undone', async () => {
    const { browser, vic, ana, id, canary } = await spokenOf()
    const messages = `${path(id)}/messages`
    const byId = () => ana.ask(messages, { body: { clientId: 'ana:1', text: canary } })
    const byName = () =>
      ana.ask(messages, { body: { text: canary }, headers: { 'idempotency-key': `named ${canary}` } })
    const start = () => browser.start(`hello ${canary}`, browser.first)
    await vic.sees(`answer ${canary}`)
    expect([(await byId()).status, (await byName()).status]).toEqual([201, 201])
    await remove(ana, id)
    for (const answer of [await byId(), await byName(), await byId()]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
      expect(JSON.stringify(answer.body)).not.toContain(canary)
      expect(answer.body).not.toHaveProperty('retryAt')
    }
    // Nothing tells another text, or one that was never sent, from the first: it is as if there were none.
    const other = await ana.ask(messages, { body: { clientId: 'ana:1', text: 'something else' } })
    expect(other).toMatchObject({ status: 404, body: { code: 'not_found' } })
    // A browser learns when it is decided, as it does on its socket.
    const late = Date.now() + UNDO_MS
    for (const answer of [await start(), await browser.start('hi', undefined, id)])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', retryAt: late + 5_000 } })
    await restore(ana, id)
    expect([(await start()).status, (await byId()).body.repeated, (await byName()).body.repeated]).toEqual([
      200,
      true,
      true,
    ])
  })

  it('[CV12][BN1] still tells Foyer itself that it was done before', async () => {
    const { ana, id } = await spokenOf()
    const identity = { kind: 'system' as const, workspace: ana.workspace }
    const ban = { by: `agent:${ana.member}`, scope: 'contact', kind: 'ban', until: null, lifted: false }
    const envelope = { id: 'ban:1' as never, command: { type: 'tell_ban' as const, ban: ban as never } }
    const tell = () => stub(id).dispatch({ identity, envelope })
    expect(await tell()).toMatchObject({ ok: true, repeated: false })
    await remove(ana, id)
    expect(await tell()).toMatchObject({ ok: true, repeated: true })
    await restore(ana, id)
  })

  it.each([
    [UNDO_MS - 1, 200, undefined],
    [UNDO_MS, 409, 'undo_over'],
  ])('[CV12] %d ms later undoing is answered %d', async (later, status, code) => {
    const { ana, id } = await spokenOf()
    await remove(ana, id)
    pass(later)
    const answer = await restore(ana, id)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  it('[CV12][PR1] needs the right, to delete and to undo', async () => {
    const { vic, ana, id } = await spokenOf()
    const [ben, mallory] = [await colleague('Ben'), await stranger()]
    expect((await remove(ben, id)).body.code).toBe('not_allowed')
    expect((await remove(mallory, id)).status).toBe(404)
    vic.line.send({ type: 'command', id: 'x:1', command: { type: 'delete' } })
    await vic.line.get((f) => f.type === 'error' && f.code === 'frame_invalid')
    const [admin] = [await colleague('Ada', 'admin')]
    expect((await remove(admin, id)).status).toBe(202)
    expect((await restore(ben, id)).body.code).toBe('not_allowed')
    expect((await restore(mallory, id)).status).toBe(404)
    expect(await (await lineTo('api', id, { cookie: mallory.cookie })).gone()).toBe(4404)
    expect((await restore(ana, id)).status).toBe(200)
  })
})

describe('a purged conversation', () => {
  it('[CV12] is gone for good: of what was said nothing is stored anywhere, and a receipt says who and when', async () => {
    const { vic, ana, id, canary } = await spokenOf()
    const at = Date.now()
    await remove(ana, id)
    expect(await storedIn(stub(id))).toContain(canary)
    await purge(id)
    await asleep(stub(id))
    for (const kept of [await storedIn(stub(id)), await storedIn(inboxStub(ana.workspace)), await storedInD1()])
      expect(kept).not.toContain(canary)
    const [receipt, ...others] = await receipts(id)
    expect(others).toEqual([])
    expect(receipt).toMatchObject({
      ...{ workspace_id: ana.workspace, at, actor: `agent:${ana.member}`, action: 'conversation.deleted' },
      detail: JSON.stringify({ entries: { public: 5, team: 3 } }),
    })
    const { results: markers } = await env.DB.prepare('SELECT * FROM read_markers WHERE conversation_id = ?')
      .bind(id)
      .all()
    expect(markers).toEqual([])
    expect(vic.entries.length).toBeGreaterThan(0)
  })

  it('[CV12] answers whatever comes late that it is gone, and nothing brings it back', async () => {
    const { browser, ana, watching, id, canary } = await spokenOf()
    const { rows } = await runInDurableObject(stub(id), async (object) => {
      const read = await object.read({ kind: 'agent', memberships: [membership(ana)], sessionExpiresAt: 9e15, asOf: 0 })
      return { rows: read.ok ? [read.row] : [] }
    })
    await remove(ana, id)
    await purge(id)
    expect(await (await lineTo('api', id, { cookie: ana.cookie })).gone()).toBe(4404)
    const token = { 'sec-websocket-protocol': `foyer.v1, t.${browser.token}` }
    expect(await (await lineTo('widget', id, token)).gone()).toBe(4404)
    expect((await restore(ana, id)).status).toBe(404)
    expect((await ana.ask(`${path(id)}/messages`, { body: { clientId: 'late:1', text: canary } })).status).toBe(404)
    // The first message once more, as a browser sends it that never got the answer.
    expect((await browser.start(`hello ${canary}`, browser.first)).status).toBe(404)
    // Told by a conversation object that was in the middle of it.
    for (const row of rows) await inboxStub(ana.workspace).update({ ...row, rev: row.rev + 9 } as ConversationRow, true)
    watching.send({ type: 'mark_unread', id })
    await indexed(ana.workspace)
    await rings(stub(id))
    expect(await listed(ana)).not.toContain(id)
    for (const kept of [await storedIn(stub(id)), await storedIn(inboxStub(ana.workspace)), await storedInD1()])
      expect(kept).not.toContain(canary)
    const known = await storedIn(inboxStub(ana.workspace))
    expect(JSON.parse(known).find(([name]: [string]) => name === 'known')[1]).not.toContainEqual(
      expect.objectContaining({ id }),
    )
    expect(JSON.parse(known).find(([name]: [string]) => name === 'markers')[1]).toEqual([])
  })

  it('[CV12] stays hidden while D1 is out of reach, and is gone once that is over, with one receipt', async () => {
    const { ana, id, canary } = await spokenOf()
    await remove(ana, id)
    const broken = vi
      .spyOn(Object.getPrototypeOf(env.DB) as D1Database, 'batch')
      .mockRejectedValue(new Error('D1_DOWN'))
    await purge(id)
    expect(await storedIn(stub(id))).toContain(canary)
    expect((await restore(ana, id)).body.code).toBe('undo_over')
    // The clock goes back: what has begun cannot be undone any more.
    pass(-UNDO_MS)
    expect((await restore(ana, id)).body.code).toBe('undo_over')
    pass(UNDO_MS)
    broken.mockRestore()
    const due = await runInDurableObject(stub(id), (_object, ctx) => ctx.storage.getAlarm())
    expect((due ?? 0) - Date.now()).toBeGreaterThanOrEqual(1_000)
    expect((due ?? 0) - Date.now()).toBeLessThanOrEqual(60_000)
    await rings(stub(id))
    expect(await storedIn(stub(id))).not.toContain(canary)
    expect(await storedInD1()).not.toContain(canary)
    expect(await receipts(id)).toHaveLength(1)
  })

  it('[CV12] is in no list either while D1 is read and takes nothing', async () => {
    const { browser, ana, id } = await spokenOf()
    await remove(ana, id)
    const broken = vi
      .spyOn(Object.getPrototypeOf(env.DB) as D1Database, 'batch')
      .mockRejectedValue(new Error('D1_DOWN'))
    await purge(id)
    broken.mockRestore()
    expect(await listed(ana)).not.toContain(id)
    expect(await widgetList(browser.token)).toEqual([])
    pass(60_000)
    await rings(stub(id))
    expect(await storedIn(stub(id))).toContain('buriedAt')
    expect((await inboxStub(ana.workspace).overlay()).rows.map((row) => row.id)).not.toContain(id)
    expect(await listed(ana)).not.toContain(id)
  })

  it('[CV12] leaves no address of the visitor behind, also where the line was never seen to end', async () => {
    const { ana, id } = await spokenOf()
    const party = { contact: 'c_any' as never, device: 'd_any' as never, bans: '' }
    await remove(ana, id)
    await inboxStub(ana.workspace).opened(id, null, 0, Date.now() + 60_000, { ...party, ip: '203.0.113.7' })
    await purge(id)
    expect(await storedIn(inboxStub(ana.workspace))).not.toContain('203.0.113.7')
  })

  it('[CV12] leaves no marker behind that was on its way to the index meanwhile', async () => {
    const { ana, id } = await spokenOf()
    const late = markersStatement(env.DB, ana.workspace, [
      { member: ana.member, id, public: 4, visitor: 1, unread: false },
    ])
    const kept = () =>
      env.DB.prepare('SELECT count(*) AS n FROM read_markers WHERE conversation_id = ?').bind(id).first('n')
    await late.run()
    expect(await kept()).toBe(1)
    await remove(ana, id)
    await purge(id)
    await late.run()
    expect(await kept()).toBe(0)
  })

  it('[CV12] is forgotten after ninety days, and not before', async () => {
    const { ana, id } = await spokenOf()
    await remove(ana, id)
    await purge(id)
    pass(TOMBSTONE_MS - 1)
    await rings(stub(id))
    expect(await storedIn(stub(id))).toContain('buriedAt')
    pass(2_000)
    await rings(stub(id))
    expect(await storedIn(stub(id))).toBe('[]')
    expect(await storedIn(inboxStub(ana.workspace))).not.toContain(id)
    expect(JSON.stringify((await env.DB.prepare('SELECT id FROM conversations').all()).results)).not.toContain(id)
  })
})

async function lineTo(side: string, id: string, headers: Record<string, string>): Promise<Line> {
  const root = side === 'api' ? '/api/v1' : '/widget/v1'
  return openLine(`${root}/conversations/${id}/socket`, headers)
}

function membership({ workspace, member, name }: Awaited<ReturnType<typeof agent>>) {
  return { workspace, member, name, role: 'owner' as const }
}
