/**
 * Deploys swap objects minutes after the Worker, clients stay open for days, objects sleep for years. What earlier
 * commits said and stored was recorded by running them (test/fixtures/record.mjs); today's objects must take their calls
 * and frames, answer with everything that those knew how to read, and wake on what those stored.
 */
import { applyD1Migrations, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { ConversationList } from '../../core/api/conversations.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { ClientId } from '../../core/ids.ts'
import type { DispatchAnswer, DispatchCall, PageAnswer } from '../../core/protocol/conversationCalls.ts'
import { decodeIdentity, IDENTITY_HEADER, type Identity } from '../../core/protocol/identity.ts'
import first from '../fixtures/7bbb247.json'
import beforeRights from '../fixtures/3064808.json'
import latest from '../fixtures/ac88c2e.json'
import { covers } from '../support/covers.ts'
import { ask, inboxStub, indexed, Line, openLine, Seat } from '../support/play.ts'
import { scripted } from '../support/scripted.ts'

type Recording = typeof first | typeof beforeRights | typeof latest
type Stored = Recording['stored']['conversation'] | Recording['stored']['inbox']

const RECORDINGS: Array<[string, Recording]> = [
  ['the first commit with tests', justNow(first)],
  ['the last commit before rights and policies', justNow(beforeRights)],
  ['the last commit before assistants', justNow(latest)],
]

/** As if it had been recorded a minute ago: sessions still hold, and alarms do not go off at once. */
function justNow<R extends Recording>(recording: R): R {
  const later = Date.now() - 60_000 - recording.at
  return JSON.parse(JSON.stringify(recording).replaceAll(/17\d{11}/g, (at) => String(Number(at) + later)))
}

const conversation = ({ id }: Recording) => env.CONVERSATION.getByName(id)

/** Leaves in an object's database exactly this, as an earlier version did, and puts it to sleep. */
async function leave(stub: DurableObjectStub, stored: Stored | null): Promise<void> {
  await runInDurableObject(stub, async (_object, ctx) => {
    await ctx.storage.deleteAll()
    for (const { create, name, rows } of stored?.tables ?? []) {
      ctx.storage.sql.exec(create)
      for (const row of rows as SqlStorageValue[][])
        ctx.storage.sql.exec(`INSERT INTO ${name} VALUES (${row.map(() => '?').join(', ')})`, ...row)
    }
    if (stored && stored.steps !== null) ctx.storage.kv.put('steps', stored.steps)
  })
  await evictDurableObject(stub)
}

/**
 * The same in the inbox of its workspace. A conversation that is awake may be about to tell it something: to an object
 * without its tables, which then never goes to sleep.
 */
async function leaveInbox(recording: Recording, stored: Stored | null = recording.stored.inbox): Promise<void> {
  await runInDurableObject(conversation(recording), () => {})
  await evictDurableObject(conversation(recording))
  await leave(inboxStub(recording.workspace), stored)
}

interface Upgrade {
  url: string
  headers: Record<string, string>
}

function upgrades(recording: Recording, path: RegExp): Upgrade[] {
  return recording.calls
    .filter(({ name }) => name === 'fetch')
    .map(({ args }) => args[0] as Upgrade)
    .filter(({ url }) => path.test(url))
}

async function opened<Frame>(stub: DurableObjectStub, upgrade: Upgrade | undefined): Promise<Line<Frame>> {
  const answer = await stub.fetch(new Request(upgrade?.url ?? '', { headers: upgrade?.headers ?? {} }))
  if (!answer.webSocket) throw new Error(`no socket: ${answer.status}`)
  return new Line<Frame>(answer.webSocket, answer.headers.get('sec-websocket-protocol'))
}

function agentOf(recording: Recording): Identity {
  const [upgrade] = upgrades(recording, /\/api\/v1\/conversations/)
  const identity = decodeIdentity(upgrade?.headers[IDENTITY_HEADER] ?? null)
  if (!identity) throw new Error('nobody was recorded')
  return identity
}

async function rowOfToday(): Promise<ConversationRow> {
  const { dispatch, row } = await scripted()
  await dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
  return row()
}

const textsOf = (list: readonly Entry[]) => list.flatMap((e) => (e.type === 'message.created' ? [e.body.text] : []))

describe.each(RECORDINGS)('what %s stored', (_name, recording) => {
  it('[CV1] is a conversation that wakes, is read whole, recognises a repeat and goes on', async () => {
    const { tables } = recording.stored.conversation
    const log = (tables.find(({ name }) => name === 'public_log')?.rows ?? []) as Array<Array<string | number>>
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
    expect(row).toMatchObject({ id: recording.id, workspace: recording.workspace })
    // A start that is sent again meets the conversation, and spends no limit.
    expect(await stub().admitStart(recording.id, 'd_other', '192.0.2.1')).toBe(null)
    const told = (rev: number) => stub().update({ ...(row as ConversationRow), rev, visitorMessages: rev }, false)
    await told((row?.rev ?? 0) + 2)
    await told((row?.rev ?? 0) + 1)
    expect((await stub().overlay()).rows).toMatchObject([{ rev: (row?.rev ?? 0) + 2 }])
    await expect(runDurableObjectAlarm(stub())).resolves.toBe(true)
  })
})

describe.each(RECORDINGS)('what %s says', (_name, recording) => {
  it('[DL1] to a conversation is taken, and answered with all it knew how to read', async () => {
    await leave(conversation(recording), null)
    const rpc = recording.calls.filter(({ object, name }) => object === 'conversation' && name !== 'fetch')
    const [start, ...later] = rpc
    const started = await conversation(recording).dispatch(start?.args[0] as unknown as DispatchCall)
    expect(covers(started, start?.answer)).toBe('')

    const [[atVisitor], [atAgent]] = [
      upgrades(recording, /\/widget\//),
      upgrades(recording, /\/api\/v1\/conversations/),
    ]
    const lines: Record<string, Line<unknown>> = {
      visitor: await opened(conversation(recording), atVisitor),
      agent: await opened(conversation(recording), atAgent),
    }
    // The dashboard's are for the inbox.
    for (const { who, text } of recording.sent) lines[who]?.send(text)
    await vi.waitFor(() => expect(lines['agent']?.raw.at(-1)).toContain('"page":"after"'), { timeout: 10_000 })

    for (const call of later) {
      const stub = conversation(recording) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
      const answer = await stub[call.name]?.(...call.args)
      expect(covers(answer, call.answer), call.name).toBe('')
    }
    for (const who of ['visitor', 'agent'] as const)
      for (const text of recording.received[who]) {
        const then = JSON.parse(text)
        const now = (lines[who]?.frames ?? []).filter((frame) => (frame as { type: string }).type === then.type)
        const missing = now.map((frame) => covers(frame, then))
        expect(missing, `${who}: ${text}`).toContain('')
      }
  })

  it('[IB11] to an inbox is taken, and answered with all it knew how to read', async () => {
    const stub = () =>
      inboxStub(recording.workspace) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
    await leaveInbox(recording, null)
    const [upgrade] = upgrades(recording, /\/inbox\//)
    const desk = await opened(inboxStub(recording.workspace), upgrade)
    for (const { object, name, args, answer } of recording.calls)
      if (object === 'inbox' && name !== 'fetch') expect(covers(await stub()[name]?.(...args), answer), name).toBe('')
    for (const { who, text } of recording.sent) if (who === 'inbox') desk.send(text)
    await vi.waitFor(() => expect(desk.raw.some((text) => text.startsWith('{"type":"markers"'))).toBe(true))
    for (const text of recording.received.inbox) {
      const then = JSON.parse(text)
      const now = desk.frames.filter((frame) => (frame as { type: string }).type === then.type)
      expect(
        now.map((frame) => covers(frame, then)),
        text,
      ).toContain('')
    }
    expect(desk.closed).toBe(null)
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
      (rows as unknown[][]).map((row) =>
        env.DB.prepare(`INSERT INTO ${name} VALUES (${row.map(() => '?').join(', ')})`).bind(...row),
      ),
    ),
  ])
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
}

describe.each(RECORDINGS)('an installation that %s left', (_name, recording) => {
  it('[CV1] starts under today’s code: people are signed in, find their conversation and go on with it', async () => {
    const { id, workspace, cookie, token } = recording
    await migrated(recording)
    await leaveInbox(recording)
    await leave(conversation(recording), recording.stored.conversation)
    const listed = async () =>
      ConversationList.parse(
        (await ask('/api/v1/conversations', { headers: { cookie, 'foyer-workspace': workspace } })).body,
      )
    expect((await listed()).list).toMatchObject([{ id }])
    const desk = new Seat(await openLine(`/api/v1/conversations/${id}/socket`, { cookie }), 'again')
    await desk.sees('hello')
    const offers = { 'sec-websocket-protocol': `foyer.v1, t.${token}` }
    const vic = new Seat(await openLine(`/widget/v1/conversations/${id}/socket`, offers), 'returning')
    await vic.says('are you still there?')
    await desk.sees('are you still there?')
    await vi.waitFor(async () => {
      await indexed(workspace)
      expect((await listed()).list).toMatchObject([{ id, lastMessage: { text: 'are you still there?' } }])
    })
  })
})
