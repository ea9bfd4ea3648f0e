/**
 * Objects sleep for years. What they stored under the very first schema is written here as it was then, word for word,
 * and must work under today's code.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ConversationList, Conversation as ConversationSchema } from '../../core/api/conversations.ts'
import type { DeviceId } from '../../core/ids.ts'
import { mintVisitorToken } from '../../worker/auth/visitorToken.ts'
import { conversationIdFor } from '../../worker/ids.ts'
import { asleep } from '../support/asleep.ts'
import { storedIn, storedInD1 } from '../support/corpora/stored.ts'
import { isHeard } from '../support/heard.ts'
import { installation } from '../support/installation.ts'
import { agent, colleague, inboxStub, openLine, Seat } from '../support/play.ts'
import { rings } from '../support/rings.ts'

const CANARY = 'canary-55d0-said-last-year'

const CONVERSATION_SCHEMA = `
  CREATE TABLE public_log (
    n INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL, type TEXT NOT NULL,
    client_id TEXT, digest TEXT, body TEXT NOT NULL
  );
  CREATE TABLE team_log (
    n INTEGER PRIMARY KEY, after INTEGER NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, type TEXT NOT NULL,
    client_id TEXT, digest TEXT, body TEXT NOT NULL
  );
  CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), steps INTEGER NOT NULL, json TEXT NOT NULL);`

const INBOX_SCHEMA = `
  CREATE TABLE known (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE dirty (
    id TEXT PRIMARY KEY, rev INTEGER NOT NULL, due_at INTEGER NOT NULL, introduce INTEGER NOT NULL,
    parked INTEGER NOT NULL DEFAULT 0, row TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE starts (key TEXT PRIMARY KEY, arrival INTEGER NOT NULL) WITHOUT ROWID;`

type Agent = Awaited<ReturnType<typeof agent>>
let owner: Agent
let channel: string
beforeAll(async () => {
  owner = await agent()
  channel = (await installation()).channel
})

/** A conversation as the first version of Foyer left it. */
async function left(name: string, assignee: string) {
  const device = `d_${name}` as DeviceId
  const { workspace } = owner
  const id = conversationIdFor(env.ID_SECRET, workspace, device, `${name}:1`)
  const at = Date.now() - 60_000
  const origin = { id, workspace, channel, contact: `c_${name}`, device }
  const source = { page: 'https://shop.example/', title: 'Shop', referrer: null }
  const me = `agent:${assignee}`
  const lastMessage = { author: me, text: CANARY, at }
  const json = {
    schema: 1,
    ...origin,
    source,
    public: { id, status: 'active_human', startedAt: at, head: 5, lastAt: at, people: { [me]: 'Ana' }, servedBy: me },
    team: { head: 2, lastAt: at, rev: 7, assignee, visitorMessages: 1, lastMessage },
    policy: {
      version: 0,
      limits: { quick: { burst: 20, everyMs: 500 }, lasting: { burst: 200, everyMs: 18_000 } },
    },
    cursors: { visitor: 2, agents: 5 },
    flood: { quick: 0, lasting: 0 },
    clients: [{ author: `visitor:${device}`, instance: name, last: 1, from: { public: 0, team: 0 } }],
    timers: { drain: 0 },
  }
  const visible: Array<[author: string, type: string, body: object]> = [
    [`visitor:${device}`, 'conversation.status_changed', { from: null, to: 'waiting_human' }],
    [`visitor:${device}`, 'message.created', { text: 'hello' }],
    [me, 'conversation.status_changed', { from: 'waiting_human', to: 'active_human' }],
    [me, 'agent.joined', { name: 'Ana' }],
    [me, 'message.created', { text: CANARY }],
  ]
  const team: Array<[after: number, type: string, body: object]> = [
    [2, 'conversation.assigned', { from: null, to: assignee }],
    [5, 'note.created', { text: 'a note', quote: 2 }],
  ]
  await runInDurableObject(env.CONVERSATION.getByName(id), (_object, ctx) => {
    const { sql } = ctx.storage
    sql.exec(CONVERSATION_SCHEMA)
    for (const [i, [author, type, body]] of visible.entries())
      sql.exec(
        'INSERT INTO public_log VALUES (?, ?, ?, ?, NULL, NULL, ?)',
        i + 1,
        at,
        author,
        type,
        JSON.stringify(body),
      )
    for (const [i, [after, type, body]] of team.entries())
      sql.exec(
        'INSERT INTO team_log VALUES (?, ?, ?, ?, ?, NULL, NULL, ?)',
        i + 1,
        after,
        at,
        me,
        type,
        JSON.stringify(body),
      )
    sql.exec('INSERT INTO state VALUES (1, 1, ?)', JSON.stringify(json))
  })
  await asleep(env.CONVERSATION.getByName(id))
  const row = {
    ...origin,
    rev: 7,
    status: 'active_human',
    assignee,
    startedAt: at,
    lastMessageAt: at,
    lastMessage,
    visitorMessages: 1,
    head: 5,
    source,
  }
  return { id, row, token: await mintVisitorToken(env, workspace, device, Date.now()) }
}

// First of the two: nothing else is on its way to the inbox object yet.
describe('an inbox object of the first schema', () => {
  it('[IB2] lists, counts, marks and gives back what it knew by its id alone', async () => {
    const ben = await colleague('Ben')
    const [dirty, known] = [await left('dirty', owner.member), await left('known', ben.member)]
    const { row } = known
    await env.DB.prepare(
      `INSERT INTO conversations (id, workspace_id, rev, channel_id, contact_id, device_id, status, assignee_id, started_at,
         last_message_at, last_message_author, last_message_text, visitor_messages, head, source)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
      .bind(
        row.id,
        row.workspace,
        row.rev,
        row.channel,
        row.contact,
        row.device,
        row.status,
        row.assignee,
        row.startedAt,
        row.lastMessageAt,
        row.lastMessage.author,
        row.lastMessage.text,
        row.visitorMessages,
        row.head,
        JSON.stringify(row.source),
      )
      .run()
    const stub = () => inboxStub(owner.workspace)
    await runInDurableObject(stub(), async (_inbox, ctx) => {
      await ctx.storage.deleteAll()
      ctx.storage.sql.exec(INBOX_SCHEMA)
      ctx.storage.kv.put('steps', 1)
      for (const id of [dirty.id, known.id]) ctx.storage.sql.exec('INSERT INTO known (id) VALUES (?)', id)
      ctx.storage.sql.exec(
        'INSERT INTO dirty (id, rev, due_at, introduce, parked, row) VALUES (?, ?, 0, 1, 0, ?)',
        dirty.id,
        dirty.row.rev,
        JSON.stringify(dirty.row),
      )
      // Far enough ahead not to go off by itself in the middle of the test.
      await ctx.storage.setAlarm(Date.now() + 600_000)
    })
    await asleep(stub())
    const { list } = ConversationList.parse((await owner.ask('/api/v1/conversations')).body)
    expect(list.map((c) => c.id).sort()).toEqual([dirty.id, known.id].sort())
    const watching = await owner.watches()
    expect(await watching.get((f) => f.type === 'welcome')).toMatchObject({
      rows: [{ id: dirty.id, collaborators: [], priority: 'medium' }],
    })
    await rings(stub())
    // Filled from D1: told, or asked for anew.
    const again = await owner.watches()
    expect(await again.get((f) => f.type === 'welcome')).toMatchObject({
      counts: { all: 2, unresolved: 2, resolved: 0, mine: 1, unassigned: 0 },
    })
    expect(await storedInD1()).toContain(dirty.id)
    again.send({ type: 'mark_unread', id: known.id })
    await again.get((f) => f.type === 'markers')
    await owner.ask(`/api/v1/members/${ben.member}`, { method: 'PATCH', body: { disabled: true } })
    expect((await owner.ask(`/api/v1/conversations/${known.id}`)).body.assignee).toBe(null)
  })
})

describe('a conversation of the first schema', () => {
  it('[CV1] is read, goes on, and can do what was added since', async () => {
    const { id, token } = await left('goes-on', owner.member)
    const desk = await owner.opens(id)
    expect(desk.line.frames[0]).toMatchObject({
      type: 'welcome',
      head: { public: 5, team: 2 },
      state: {
        public: { status: 'active_human' },
        team: { rev: 7, collaborators: [], priority: 'medium', assignee: owner.member },
      },
      cursors: { visitor: 2, agents: 5 },
    })
    expect(desk.texts).toEqual(['hello', CANARY, 'a note'])
    const vic = new Seat(
      await openLine(`/widget/v1/conversations/${id}/socket`, { 'sec-websocket-protocol': `foyer.v1, t.${token}` }),
      'goes-on',
    )
    await vic.line.get((f) => f.type === 'entries')
    await vic.does({ type: 'send_message', text: 'still there?', quote: 2 }, { id: 'goes-on:2' })
    await desk.sees('still there?')
    const read = await owner.ask(`/api/v1/conversations/${id}`)
    expect(ConversationSchema.parse(read.body)).toMatchObject({
      rev: 8,
      head: 6,
      collaborators: [],
      formerAssignees: [],
      visitorMessages: 2,
    })
    const follow = await owner.ask(`/api/v1/conversations/${id}/collaborators`, { body: { member: owner.member } })
    expect(follow.status).toBe(201)
    expect((await desk.does({ type: 'set_priority', to: 'urgent' })).answer.type).toBe('entries')
    const now = (await owner.ask(`/api/v1/conversations/${id}`)).body
    expect(now).toMatchObject({ collaborators: [owner.member], priority: 'urgent' })
  })

  it('[CV7] knows from its log who had it before that was kept', async () => {
    const { id } = await left('had-it', owner.member)
    const ben = await colleague('Ben')
    await owner.ask(`/api/v1/conversations/${id}`, { method: 'PATCH', body: { assignee: ben.member } })
    expect((await owner.ask(`/api/v1/conversations/${id}`)).body.formerAssignees).toEqual([owner.member])
    const before = await left('had-it-once', ben.member)
    await runInDurableObject(env.CONVERSATION.getByName(before.id), (_object, ctx) => {
      ctx.storage.sql.exec("UPDATE state SET json = json_set(json, '$.team.assignee', ?)", owner.member)
    })
    expect((await owner.ask(`/api/v1/conversations/${before.id}`)).body.formerAssignees).toEqual([ben.member])
  })

  it.each([
    ['edited', { type: 'edit_message', ref: 5, text: 'something else' }, 'something else'],
    ['deleted', { type: 'delete_message', ref: 5 }, ''],
  ] as const)('[MS8] what was said then can be %s, and is gone', async (name, command, now) => {
    const { id } = await left(name, owner.member)
    const desk = await owner.opens(id)
    expect(await storedIn(env.CONVERSATION.getByName(id))).toContain(CANARY)
    expect((await desk.does(command)).answer.type).toBe('entries')
    await asleep(env.CONVERSATION.getByName(id))
    expect(await storedIn(env.CONVERSATION.getByName(id))).not.toContain(CANARY)
    expect((await owner.ask(`/api/v1/conversations/${id}`)).body.lastMessage.text).toBe(now)
    await isHeard(owner.workspace, id, { text: now })
  })
})
