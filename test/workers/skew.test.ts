/**
 * Deploys swap objects minutes after the Worker, clients stay open for days, objects sleep for years. What earlier
 * commits said and stored was recorded by running them (test/fixtures/record.mjs); today's objects must take their
 * calls and frames, answer with everything that those knew how to read, and wake on what those stored. And the other
 * way round: what is asked today was understood then, and what was answered then is enough for today.
 */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ConversationList, Conversation as ConversationSchema, EntryList } from '../../core/api/conversations.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import { type ConversationRecord, RECORD_SCHEMA } from '../../core/conversation/record.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { ClientId } from '../../core/ids.ts'
import type { DispatchAnswer, DispatchCall, PageAnswer } from '../../core/protocol/conversationCalls.ts'
import { decodeIdentity, IDENTITY_HEADER, type Identity } from '../../core/protocol/identity.ts'
import { MIGRATIONS } from '../../durable-objects/conversation/migrations.ts'
import { MIGRATIONS as INBOX_MIGRATIONS } from '../../durable-objects/inbox/migrations.ts'
import { mintVisitorToken } from '../../worker/auth/visitorToken.ts'
import { forgetNetworks } from '../../worker/bans.ts'
import { asleep } from '../support/asleep.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { eventually } from '../support/eventually.ts'
import { installation } from '../support/installation.ts'
import { agent, ask, inboxStub, indexed, openLine, Seat, visitor } from '../support/play.ts'
import { kindsIn, kindsOfToday } from '../support/recording/kinds.ts'
import { KEPT, RECORDINGS, type Recording, recordedAt, type Stored } from '../support/recording/library.ts'
import { recorded } from '../support/recording/recorded.ts'
import { OBJECTS, replaced, Undo } from '../support/recording/recorder.ts'
import { emptied, kindOf, leave, replayed, type Upgrade } from '../support/recording/replay.ts'
import { lacking } from '../support/recording/shapes.ts'
import { rings } from '../support/rings.ts'
import { scripted } from '../support/scripted.ts'

/** As if they had been recorded a minute ago. */
const aMinuteAgo = ([name, recording]: [string, Recording]): [string, Recording] => [
  name,
  recordedAt(recording, Date.now() - 60_000),
]
const RECENT = RECORDINGS.map(aMinuteAgo)
/** Came to main together with the step after it: no object has ever been left with it. */
const NEVER_ALONE = [5]

const conversation = ({ id }: Recording) => env.CONVERSATION.getByName(id)
const tableOf = ({ tables }: Stored, name: string) => tables.find((table) => table.name === name)?.rows ?? []
const recordOf = ({ stored }: Recording): ConversationRecord =>
  JSON.parse(String(tableOf(stored.conversation, 'state')[0]?.[2]))

/** The conversation first: what is awake may tell its inbox something. */
async function leaveInbox(recording: Recording): Promise<void> {
  await asleep(conversation(recording))
  await leave(inboxStub(recording.workspace), recording.stored.inbox)
}

function agentOf({ calls }: Recording): Identity {
  const headers = calls
    .filter(({ object, name }) => object === 'conversation' && name === 'fetch')
    .map(({ args }) => (args[0] as Upgrade).headers)
  const agent = headers.map((all) => decodeIdentity(all[IDENTITY_HEADER] ?? null)).find((who) => who?.kind === 'agent')
  if (!agent) throw new Error('nobody was recorded')
  return agent
}

async function rowOfToday(): Promise<ConversationRow> {
  const { dispatch, row } = await scripted()
  await dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
  return row()
}

const textsOf = (list: readonly Entry[]) => list.flatMap((e) => (e.type === 'message.created' ? [e.body.text] : []))

describe('objects that are kept', () => {
  const upTo = (newest: number) => Array.from({ length: newest }, (_, i) => i + 1)
  const kept = KEPT.map(([, recording]) => recording)

  it('[CV1] are there of every schema that objects on main have ever had, this one included', () => {
    expect([...new Set(kept.map((one) => Number(recordOf(one).schema)))].sort()).toEqual(upTo(RECORD_SCHEMA))
    const steps = new Set(kept.map(({ stored }) => stored.inbox.steps))
    expect(upTo(INBOX_MIGRATIONS.length).filter((step) => !steps.has(step))).toEqual(NEVER_ALONE)
    expect(kept.map(({ stored }) => tableOf(stored.conversation, 'state')[0]?.[1])).toContain(MIGRATIONS.length)
  })

  it('[AP2][TR4] one of them has promised and answered by name, and knows it', async () => {
    const [, newest] = aMinuteAgo(RECORDINGS.at(-1) ?? ['', kept[0] as Recording])
    const { stored, calls, id } = newest
    for (const table of ['effects', 'idempotency']) expect(tableOf(stored.conversation, table)).not.toEqual([])
    await leave(conversation(newest), stored.conversation)
    const list = await conversation(newest).effect({ do: 'list', as: agentOf(newest) })
    expect(list).toMatchObject({
      list: [
        { request: 2, state: 'pending' },
        { request: 1, state: 'done' },
      ],
    })
    const named = calls
      .filter(({ on, name }) => on === id && name === 'dispatch')
      .map(({ args }) => args[0] as DispatchCall)
      .filter(({ envelope }) => envelope.idempotency !== undefined)
    expect(named.length).toBeGreaterThan(1)
    for (const call of named)
      expect(await conversation(newest).dispatch(call)).toMatchObject({ ok: true, repeated: true })
  })
})

describe.each(KEPT.map(aMinuteAgo))('what %s stored', (_name, recording) => {
  it('[CV1] is a conversation that wakes, is read whole, recognises a repeat and goes on', async () => {
    const log = tableOf(recording.stored.conversation, 'public_log')
    const said = log.filter((row) => row[3] === 'message.created').map((row) => JSON.parse(String(row[6])).text)
    await leave(conversation(recording), recording.stored.conversation)
    const [identity, stub] = [agentOf(recording), conversation(recording)]
    const page = await stub.page(identity, {})
    expect(page.ok && textsOf(page.list)).toEqual(said)
    const dispatch = (id: string, text: string, retry = false): Promise<DispatchAnswer> =>
      stub.dispatch({ identity, envelope: { id: id as ClientId, retry, command: { type: 'send_message', text } } })
    expect(await dispatch('agents:1', 'hi, this is Ana', true)).toMatchObject({ ok: true, repeated: true })
    // What was added since has its beginning: nothing of a row of today is missing.
    const woken = await stub.read(identity)
    const missing = Object.keys(await rowOfToday()).filter(
      (key) => !woken.ok || Reflect.get(woken.row, key) === undefined,
    )
    expect(missing).toEqual([])
    const sent = await dispatch('today:1', 'still here')
    expect(sent.ok && sent.entries.filter((e) => !('after' in e)).at(-1)?.n).toBeGreaterThan(log.length)
    const after = (await stub.page(identity, {})) as Extract<PageAnswer, { ok: true }>
    expect(after.list.filter((e) => !('after' in e)).map((e) => e.n)).toEqual(
      Array.from({ length: after.list.filter((e) => !('after' in e)).length }, (_, i) => i + 1),
    )
  })

  it('[IB11] is an inbox that still holds its rows, takes newer ones and refuses older', async () => {
    await leaveInbox(recording)
    const stub = () => inboxStub(recording.workspace)
    const [row] = (await stub().overlay()).rows
    if (!row) throw new Error('it holds nothing')
    expect(row.workspace).toBe(recording.workspace)
    // A start that is sent again meets the conversation, and spends no limit.
    expect(await stub().admitStart(recording.id, 'd_other', '192.0.2.1')).toBe(null)
    const told = (rev: number) => stub().update({ ...row, rev, visitorMessages: rev }, false)
    await told(row.rev + 2)
    await told(row.rev + 1)
    expect((await stub().overlay()).rows.find(({ id }) => id === row.id)).toMatchObject({ rev: row.rev + 2 })
    await expect(rings(stub())).resolves.toBe(true)
  })
})

describe.each(RECORDINGS)('what %s says', (_name, recording) => {
  it.each([
    ['DL1', 'conversation'],
    ['IB11', 'inbox'],
  ] as const)('[%s] to a %s is taken, and answered with all it knew how to read', async (_rule, object) => {
    await emptied(recording)
    const replay = await replayed(recordedAt(recording, Date.now()), object)
    expect(replay.faults).toEqual([])
    await eventually(() => expect(replay.unlike()).toEqual([]))
  })
})

/**
 * What is newer than the newest recording, in the words of the tests below. Whoever adds a call, a kind of frame or a
 * field says here why the version before gets along without it; whoever records main anew (test/fixtures/record.mjs)
 * may forget them.
 */
const NEWER: string[] = [
  // A row that also says that a socket is awaited is answered as an opening is;
  // policies alone, and the socket tells itself.
  'inbox update: .policies nothing',
]
/** Commands that an object gives itself: they never travel. */
const INSIDE = ['command settle_transcript', 'command tell_ban']

describe('today and the newest recording', () => {
  const then = RECORDINGS.at(-1)?.[1] as Recording
  let today: Awaited<ReturnType<typeof recorded>>
  beforeAll(async () => {
    today = await recorded()
  })
  const found = new Set<string>()
  const unexplained = (news: readonly string[]) => {
    for (const one of news) found.add(one)
    return news.filter((one) => !NEWER.includes(one))
  }

  it('[DL1] it holds every call, command and frame that there is', () => {
    const held = kindsIn(then)
    expect(unexplained(kindsOfToday().filter((kind) => !held.has(kind) && !INSIDE.includes(kind)))).toEqual([])
  })

  it('[DL1] today’s Worker and objects ask what was understood then, with all that was read of it', () => {
    const understood = new Set(then.calls.map(kindOf))
    const asked = new Set(today.calls.map(kindOf))
    expect(unexplained([...asked].filter((kind) => !understood.has(kind)))).toEqual([])
    expect(unexplained(lacking(today.calls, then.calls, kindOf, ({ args }) => args))).toEqual([])
  })

  it('[DL1] what was answered and told then has all that is read today', () => {
    expect(unexplained(lacking(then.calls, today.calls, kindOf, ({ answer }) => answer))).toEqual([])
    const type = (frame: { type: string }) => frame.type
    for (const who of ['visitor', 'agent', 'inbox'] as const) {
      const heard: ReadonlyArray<{ type: string }> = today.received[who]
      expect(unexplained(lacking(then.received[who], heard, type, (frame) => frame))).toEqual([])
    }
  })

  it('[DL1] nothing is called newer that was recorded', () => {
    expect(NEWER.filter((one) => !found.has(one))).toEqual([])
  })
})

describe('today’s Worker before objects of then', () => {
  const undo = new Undo()
  afterEach(() => undo.all())

  it.each(RECENT)('[IB2] shows what those of %s answer', async (_name, { id, calls }) => {
    const [ana, path] = [await agent(), `/api/v1/conversations/${id}`]
    for (const { object, name, args, answer } of calls) {
      const byTeam = name === 'overlay' || (args[0] as Partial<Identity>)?.kind === 'agent'
      if (['read', 'page', 'overlay'].includes(name) && byTeam)
        replaced(OBJECTS[object], name, undo, () => async () => answer)
    }
    expect(ConversationSchema.parse((await ana.ask(path)).body).id).toBe(id)
    expect(EntryList.parse((await ana.ask(`${path}/entries`)).body).list.length).toBeGreaterThan(0)
    ConversationList.parse((await ana.ask('/api/v1/conversations')).body)
  })

  it('[BN4] keeps out whom an inbox names that knows networks by their text alone', async () => {
    const kept = await visitor({ ip: '192.0.2.7' })
    const others = await visitor({ ip: '198.51.100.7' })
    replaced(OBJECTS.inbox, 'bansOf', undo, () => async () => ({ holds: [], networks: ['192.0.2.0/24'] }))
    forgetNetworks((await installation()).owner.workspace)
    const d1 = Object.getPrototypeOf(env.DB.prepare('SELECT 1')) as object
    for (const name of ['all', 'first', 'raw'])
      replaced(d1, name, undo, () => async () => {
        throw new Error('D1 is out of reach')
      })
    expectProblem(await kept.lists(), 403, 'network_banned')
    expect((await others.lists()).status).not.toBe(403)
  })
})

/** Makes D1 what it was under the migrations of then, and applies those that came since. */
async function migrated({ database }: Recording): Promise<void> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
  ).all<{ name: string }>()
  await env.DB.batch([
    ...results.map(({ name }) => env.DB.prepare(`DROP TABLE ${name}`)),
    ...database.map(({ create }) => env.DB.prepare(create)),
    ...database.flatMap(({ name, rows }) =>
      rows.map((row) => env.DB.prepare(`INSERT INTO ${name} VALUES (${row.map(() => '?').join(', ')})`).bind(...row)),
    ),
  ])
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
}

describe.each(RECENT)('an installation that %s left', (_name, recording) => {
  it('[CV1] starts under today’s code: people are signed in, find their conversation and go on with it', async () => {
    const { id, workspace, cookie } = recording
    await migrated(recording)
    await leaveInbox(recording)
    await leave(conversation(recording), recording.stored.conversation)
    const listed = async () =>
      ConversationList.parse(
        (await ask('/api/v1/conversations', { headers: { cookie, 'foyer-workspace': workspace } })).body,
      )
    expect((await listed()).list.map((row) => row.id)).toContain(id)
    const desk = new Seat(await openLine(`/api/v1/conversations/${id}/socket`, { cookie }), 'again')
    await desk.sees('hello')
    const token = await mintVisitorToken(env, recordOf(recording).workspace, recordOf(recording).device, Date.now())
    const offers = { 'sec-websocket-protocol': `foyer.v1, t.${token}` }
    const vic = new Seat(await openLine(`/widget/v1/conversations/${id}/socket`, offers), 'returning')
    await vic.says('are you still there?')
    await desk.sees('are you still there?')
    await eventually(async () => {
      await indexed(workspace)
      const row = (await listed()).list.find((one) => one.id === id)
      expect(row?.lastMessage?.text).toBe('are you still there?')
    })
  })
})
