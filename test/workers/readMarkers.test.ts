import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../core/api/conversations.ts'
import { matches, unreadCount, VIEWS } from '../../core/conversation/filter.ts'
import type { MemberId } from '../../core/ids.ts'
import { encodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import type { InboxFrame, ViewCounts } from '../../core/protocol/inboxFrames.ts'
import { listConversations } from '../../worker/db/conversations.ts'
import { openWorkspace } from '../../worker/db/workspace.ts'
import { asleep } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { member } from '../support/installation.ts'
import { agent, colleague, inboxStub, indexed, Line, visitor } from '../support/play.ts'
import { fc } from '../support/properties.ts'
import { scaled, times } from '../support/scale.ts'
import { MEMBERS, scripted, WORKSPACE } from '../support/scripted.ts'

type Agent = Awaited<ReturnType<typeof agent>>
type Dashboard = Line<InboxFrame>

const told = (text: string) => (f: InboxFrame) => f.type === 'rows' && f.list.some((r) => r.lastMessage?.text === text)

/** How many messages of a conversation this member has not read, asked in every way there is: they must agree. */
async function unread(who: Agent, id: string): Promise<number> {
  const [one, all, unreadView] = await Promise.all([
    who.ask(`/api/v1/conversations/${id}`),
    who.ask('/api/v1/conversations?limit=100'),
    who.ask('/api/v1/conversations?view=unread&limit=100'),
  ])
  const listed = all.body.list.find((c: { id: string }) => c.id === id)
  const count = unreadCount(one.body.visitorMessages, one.body.reader)
  expect(listed.reader).toEqual(one.body.reader)
  expect(unreadCount(listed.visitorMessages, listed.reader)).toBe(count)
  expect(unreadView.body.list.some((c: { id: string }) => c.id === id)).toBe(count > 0)
  return count
}

/** Whatever lies where: still in the inbox object, after it slept, in D1, and both. */
async function expectUnread(who: Agent, id: string, count: number): Promise<void> {
  expect(['at once', await unread(who, id)]).toEqual(['at once', count])
  await asleep(inboxStub(who.workspace))
  expect(['after a sleep', await unread(who, id)]).toEqual(['after a sleep', count])
  await indexed(who.workspace)
  expect(['in D1', await unread(who, id)]).toEqual(['in D1', count])
}

async function marks(line: Dashboard, frame: object): Promise<void> {
  const from = line.frames.length
  line.send(frame)
  await line.get((f) => f.type === 'markers', from)
}

async function rowOf(line: Dashboard, text: string) {
  const frame = await line.get(told(text))
  const row = frame.type === 'rows' ? frame.list.find((r) => r.lastMessage?.text === text) : undefined
  if (!row) throw new Error('not told')
  return row
}

const reads = async (line: Dashboard, id: string, text: string) => {
  const row = await rowOf(line, text)
  await marks(line, { type: 'read', id, public: row.head, visitor: row.visitorMessages })
}

describe('[IB9] what a member has not read', () => {
  it('[IB9] counts messages of visitors after the marker, and nothing else', async () => {
    const ana = await agent()
    const line = await ana.watches()
    const vic = await (await visitor()).arrives('one')
    await rowOf(line, 'one')
    await expectUnread(ana, vic.id, 1)
    await vic.says('two')
    await rowOf(line, 'two')
    await expectUnread(ana, vic.id, 2)
    await reads(line, vic.id, 'two')
    await expectUnread(ana, vic.id, 0)
    // One's own, a colleague's, notes and what the system says never count.
    const [desk, other] = [await ana.opens(vic.id), await (await colleague('Ben')).opens(vic.id)]
    await desk.says('mine')
    await other.notes('a note')
    await other.does({ type: 'accept' })
    await other.does({ type: 'close' })
    await other.says('theirs')
    await rowOf(line, 'theirs')
    await expectUnread(ana, vic.id, 0)
    await vic.says('three')
    await rowOf(line, 'three')
    await expectUnread(ana, vic.id, 1)
  })

  it('[IB9] a marker never goes back', async () => {
    const ana = await agent()
    const line = await ana.watches()
    const vic = await (await visitor()).arrives('b one')
    await vic.says('b two')
    await reads(line, vic.id, 'b two')
    // Another tab, that has not scrolled as far, before D1 knows of either.
    line.send({ type: 'read', id: vic.id, public: 2, visitor: 1 })
    await marks(line, { type: 'mark_unread', id: vic.id })
    await marks(line, { type: 'read', id: vic.id, public: 2, visitor: 1 })
    const markers = line.frames.flatMap((f) => (f.type === 'markers' ? f.list : []))
    expect(markers.at(-1)).toEqual({ id: vic.id, public: 3, visitor: 2, unread: false })
    await expectUnread(ana, vic.id, 0)
    for (const late of [
      { public: 0, visitor: 0 },
      { public: 2, visitor: 1 },
    ]) {
      line.send({ type: 'read', id: vic.id, ...late })
      line.send({ type: 'presence', state: 'here' })
      await vic.says(`fence ${late.visitor}`)
      await rowOf(line, `fence ${late.visitor}`)
      await expectUnread(ana, vic.id, late.visitor + 1)
    }
    const stored = await env.DB.prepare(
      'SELECT workspace_id, seen_visitor, unread FROM read_markers WHERE member_id = ? AND conversation_id = ?',
    )
      .bind(ana.member, vic.id)
      .first()
    expect(stored).toEqual({ workspace_id: ana.workspace, seen_visitor: 2, unread: 0 })
  })

  it('[IB9] is kept of conversations alone: who names anything else fills no database', async () => {
    const ana = await agent()
    const line = await ana.watches()
    const vic = await (await visitor()).arrives('of a conversation')
    await rowOf(line, 'of a conversation')
    line.send({ type: 'read', id: 'nothing', public: 3, visitor: 3 })
    line.send({ type: 'mark_unread', id: `${vic.id.startsWith('2') ? '3' : '2'}${vic.id.slice(1)}` })
    await marks(line, { type: 'mark_unread', id: vic.id })
    const kept = (await inboxStub(ana.workspace).overlay(ana.member)).markers.map(({ id }) => id)
    expect(kept).toContain(vic.id)
    expect(kept).not.toContain('nothing')
    const told = line.frames.flatMap((frame) => (frame.type === 'markers' ? frame.list.map(({ id }) => id) : []))
    expect(told).toEqual([vic.id])
  })

  it('[IB9] marking unread is for oneself alone, outlives the reading of others, and holds until one opens it', async () => {
    const [ana, ben] = [await agent(), await colleague('Ben')]
    const [lineA, lineB] = [await ana.watches(), await ben.watches()]
    const vic = await (await visitor()).arrives('c one')
    await reads(lineA, vic.id, 'c one')
    await reads(lineB, vic.id, 'c one')
    await marks(lineB, { type: 'mark_unread', id: vic.id })
    expect([await unread(ana, vic.id), await unread(ben, vic.id)]).toEqual([0, 1])
    await marks(lineA, { type: 'mark_unread', id: vic.id })
    await reads(lineA, vic.id, 'c one')
    await expectUnread(ana, vic.id, 0)
    await expectUnread(ben, vic.id, 1)
    await vic.says('c two')
    await rowOf(lineB, 'c two')
    await expectUnread(ben, vic.id, 1)
    await vic.says('c three')
    await rowOf(lineB, 'c three')
    await expectUnread(ben, vic.id, 2)
    await reads(lineB, vic.id, 'c three')
    await expectUnread(ben, vic.id, 0)
    await expectUnread(ana, vic.id, 2)
    expect(lineA.frames.filter((f) => f.type === 'markers')).toHaveLength(3)
  })

  it('[IB9] marked unread although D1 has it as read: in the list of the unread at once', async () => {
    const ana = await agent()
    const line = await ana.watches()
    const vic = await (await visitor()).arrives('d one')
    await reads(line, vic.id, 'd one')
    await indexed(ana.workspace)
    await marks(line, { type: 'mark_unread', id: vic.id })
    await expectUnread(ana, vic.id, 1)
  })

  it('[IB9] more conversations at once than a statement has places for: names and markers are all there', async () => {
    const ana = await agent()
    const line = await ana.watches()
    const vic = await (await visitor()).arrives('busy')
    const row = await rowOf(line, 'busy')
    await indexed(ana.workspace)
    // Not the very one that was begun.
    const end = vic.id.endsWith('z') ? 'y' : 'z'
    const many = Array.from({ length: 150 }, (_, i) => ({
      ...row,
      id: `${vic.id.slice(0, 29)}${'abcdefghijkl'[i % 12]}${'abcdefghijklm'[Math.floor(i / 12)]}${end}` as typeof row.id,
      contact: `c_busy${i}` as typeof row.contact,
    }))
    await env.DB.batch(
      many.flatMap(({ id, contact }) => [
        env.DB.prepare(
          "INSERT INTO contacts (id, workspace_id, name, first_source, created_at) VALUES (?, ?, ?, '{}', 1)",
        ).bind(contact, ana.workspace, `Busy ${contact}`),
        env.DB.prepare('INSERT INTO read_markers VALUES (?, ?, ?, ?, ?, 0)').bind(ana.workspace, ana.member, id, 2, 1),
      ]),
    )
    for (const busy of many) await inboxStub(ana.workspace).update(busy, false)
    const ids = new Set<string>(many.map(({ id }) => id))
    async function listed(view: string): Promise<Conversation[]> {
      const found: Conversation[] = []
      for (let page: string | null = ''; page !== null; ) {
        const { body } = await ana.ask(`/api/v1/conversations?view=${view}&limit=100${page}`)
        found.push(...body.list.filter(({ id }: Conversation) => ids.has(id)))
        page = body.next && `&cursor=${body.next}`
      }
      return found
    }
    const all = await listed('all')
    expect(all).toHaveLength(many.length)
    for (const c of all) expect([c.contact.name, c.reader.visitor]).toEqual([`Busy ${c.contact.id}`, 1])
    expect(await listed('unread')).toEqual([])
    for (const { id } of many) line.send({ type: 'mark_unread', id })
    await line.get((f) => f.type === 'markers' && f.list.some((m) => m.id === many.at(-1)?.id))
    await indexed(ana.workspace)
    expect(await listed('unread')).toHaveLength(many.length)
    await env.DB.batch(
      ['conversations', 'contacts'].map((table) =>
        env.DB.prepare(`DELETE FROM ${table} WHERE ${table === 'contacts' ? 'id' : 'contact_id'} LIKE 'c_busy%'`),
      ),
    )
  })

  it('[IB9] all tabs of a member agree, and a new one is welcomed with what D1 may not have', async () => {
    const ana = await agent()
    const [one, two, bens] = [await ana.watches(), await ana.watches(), await (await colleague('Ben')).watches()]
    const vic = await (await visitor()).arrives('e one')
    await reads(one, vic.id, 'e one')
    const marker = { id: vic.id, public: 2, visitor: 1, unread: false }
    for (const tab of [one, two])
      expect(await tab.get((f) => f.type === 'markers' && f.list.some((m) => m.id === vic.id))).toMatchObject({
        list: [marker],
      })
    const third = await ana.watches()
    expect(await third.get((f) => f.type === 'welcome')).toMatchObject({ markers: expect.arrayContaining([marker]) })
    expect(JSON.stringify(bens.frames.filter((f) => f.type === 'markers'))).not.toContain(vic.id)
  })

  it('[IB9] a new member begins with nothing unread, and with what is said from then on', async () => {
    const ana = await agent()
    const watching = await ana.watches()
    const old = await (await visitor()).arrives('f old one')
    await rowOf(watching, 'f old one')
    // The index knows of less than was said before they joined.
    await indexed(ana.workspace)
    await old.says('f old two')
    await rowOf(watching, 'f old two')
    const joined = await member('Nia')
    await env.DB.prepare('UPDATE members SET unread_from = ? WHERE id = ?').bind(Date.now(), joined.member).run()
    const nia = await agent(joined)
    await expectUnread(nia, old.id, 0)
    const fresh = await (await visitor()).arrives('f new one')
    await rowOf(watching, 'f new one')
    await expectUnread(nia, fresh.id, 1)
    // Marked by hand it is one, not everything that was ever said.
    const line = await nia.watches()
    await marks(line, { type: 'mark_unread', id: old.id })
    await expectUnread(nia, old.id, 1)
    await marks(line, { type: 'read', id: old.id, public: 3, visitor: 2 })
    await expectUnread(nia, old.id, 0)
  })

  it.each([
    '{"type":"read","id":"x","public":-1,"visitor":0}',
    '{"type":"read","id":"x","public":1.5,"visitor":0}',
    '{"type":"read","id":"x","public":1,"visitor":1,"member":"m_other"}',
    '{"type":"mark_unread"}',
    `{"type":"mark_unread","id":"${'x'.repeat(65)}"}`,
  ])('[IB9] %s moves nothing', async (frame) => {
    const { member: me, watches } = await colleague('Nonsense')
    const line = await watches()
    const from = line.frames.length
    line.send(frame)
    line.send({ type: 'presence', state: 'away' })
    const away = { member: me, availability: 'away' as const }
    await line.get(
      (f) => f.type === 'members' && f.list.some((m) => m.member === me && m.availability === 'away'),
      from,
    )
    expect(line.frames.findLast((f) => f.type === 'members')).toMatchObject({ list: expect.arrayContaining([away]) })
    expect(line.frames.slice(from).filter((f) => f.type === 'markers')).toEqual([])
    line.close()
  })
})

async function watchScripted(who: MemberId): Promise<Dashboard> {
  const identity = {
    kind: 'agent' as const,
    memberships: [{ workspace: WORKSPACE, member: who, name: who, role: 'agent' as const }],
    sessionExpiresAt: Date.now() + 86_400_000,
    asOf: Date.now(),
  }
  const answer = await inboxStub(WORKSPACE).fetch('http://inbox/', {
    headers: { upgrade: 'websocket', [IDENTITY_HEADER]: encodeIdentity(identity) },
  })
  if (!answer.webSocket) throw new Error(`no socket: ${answer.status}`)
  return new Line<InboxFrame>(answer.webSocket, null)
}

/** The counts as a dashboard has them now. */
function countsAt(line: Dashboard): ViewCounts | undefined {
  const frame = line.frames.findLast((f) => f.type === 'counts' || f.type === 'welcome')
  return frame?.type === 'counts' || frame?.type === 'welcome' ? frame.counts : undefined
}

describe('[IB2] counts of the views', () => {
  const VIEWS_COUNTED = VIEWS.filter((view) => view !== 'unread')
  const step = fc.record({
    conversation: fc.nat({ max: 5 }),
    who: fc.constantFrom('visitor' as const, 'ana' as const, 'ben' as const),
    command: fc.constantFrom(
      { type: 'send_message' as const, text: 'x' },
      { type: 'close' as const },
      { type: 'reopen' as const },
      { type: 'accept' as const },
      { type: 'assign' as const, to: MEMBERS.ben },
      { type: 'assign' as const, to: null },
      { type: 'set_status' as const, to: 'waiting_human' as const },
    ),
    sleep: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  })

  it('[IB2] after any changes, live and welcomed ones equal a count over D1', { timeout: scaled(60_000) }, async () => {
    const lines = { ana: await watchScripted(MEMBERS.ana), ben: await watchScripted(MEMBERS.ben) }
    const cast = await Promise.all(Array.from({ length: 6 }, () => scripted()))
    for (const [i, one] of cast.entries()) await one.dispatch('visitor', `v:${i + 1}`, { type: 'start', text: 'hi' })
    let n = 0
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
      for (const { conversation, who, command, sleep } of steps) {
        if (sleep) {
          // Only what is awake can be sent to sleep.
          await inboxStub(WORKSPACE).overlay()
          await asleep(inboxStub(WORKSPACE))
        }
        await cast[conversation]?.dispatch(who, `${who}:${++n + 10}`, command)
      }
      const rows = await Promise.all(cast.map((one) => one.row()))
      for (const row of rows) await inboxStub(WORKSPACE).update(row, true)
      await indexed(WORKSPACE)
      for (const who of ['ana', 'ben'] as const) {
        const me = { workspace: WORKSPACE, member: MEMBERS[who], name: who, role: 'agent' as const }
        const inD1 = Object.fromEntries(
          await Promise.all(
            VIEWS_COUNTED.map(async (view) => {
              const list = await listConversations(openWorkspace(env.DB, me), { view, me: me.member }, null, 100)
              return [view, list.length] as const
            }),
          ),
        )
        const own = rows.filter((row) => matches(row, { view: 'mine', me: me.member }, { visitor: 0, unread: false }))
        expect(inD1).toMatchObject({ all: 6, mine: own.length })
        await eventually(() => expect(countsAt(lines[who])).toEqual(inD1))
        const fresh = await watchScripted(me.member)
        await fresh.get((f) => f.type === 'welcome')
        expect(countsAt(fresh)).toEqual(inD1)
        fresh.close()
      }
    })
    await fc.assert(property, { numRuns: times(8), seed: 20261121, endOnFailure: true })
  })

  it.each([
    ['while it is awake', async () => {}],
    ['after it slept', async (workspace: string) => asleep(inboxStub(workspace))],
  ])('[IB2][IB11] a row that comes late, D1 having the newer one, changes nothing: %s', async (when, meanwhile) => {
    const ana = await agent()
    const line = await ana.watches()
    const vic = await (await visitor()).arrives(`late ${when}`)
    const old = await rowOf(line, `late ${when}`)
    const desk = await ana.opens(vic.id)
    await desk.does({ type: 'close' })
    const closed = (f: InboxFrame) => f.type === 'rows' && f.list.some((r) => r.id === vic.id && r.status === 'closed')
    // The counts are told after the row.
    await line.get((f) => f.type === 'counts', line.frames.indexOf(await line.get(closed)))
    const before = countsAt(line)
    await indexed(ana.workspace)
    await meanwhile(ana.workspace)
    await inboxStub(ana.workspace).update(old, true)
    const again = await ana.watches()
    expect(await again.get((f) => f.type === 'welcome')).toMatchObject({ rows: [] })
    expect(countsAt(again)).toEqual(before)
    for (const view of ['unresolved', 'unassigned'])
      expect(
        (await ana.ask(`/api/v1/conversations?view=${view}`)).body.list.map((c: { id: string }) => c.id),
      ).not.toContain(vic.id)
  })
})
