/**
 * D1 and the way to it fail in every way there is while people talk, again and again. Nobody who talks notices; lists
 * go on live; a minute after all is well again, D1 has what the conversations say.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import { apply, emptyState } from '../../core/conversation/state.ts'
import { SAFETY_MS } from '../../core/conversation/timers.ts'
import type { ClientId } from '../../core/ids.ts'
import { encodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import type { RebuiltPage } from '../../core/protocol/inboxCalls.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { INDEX_AFTER, indexed, type StoredRow } from '../../durable-objects/inbox/d1Index.ts'
import { URGENT_MS } from '../../durable-objects/inbox/rows.ts'
import { asleep } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { FAULTS, FaultyD1 } from '../support/faultyD1.ts'
import { inboxStub, Line } from '../support/play.ts'
import { picker, random } from '../support/random.ts'
import { scaled, times } from '../support/scale.ts'
import { MEMBERS, OPEN_POLICY, scripted, type Who, WORKSPACE } from '../support/scripted.ts'

const DRILLS = times(12)
const STEPS = 25
const CONVERSATIONS = 4
/** Within this time after the last fault of D1 all is as if there had been none. */
const HEALED_MS = 60_000
/**
 * Who died before it could tell the inbox does so by its safety alarm, a minute after its death however well D1 is;
 * then the row is urgent. Only who died so long before the healing can be known a minute after it.
 */
const DEATH_MS = SAFETY_MS + URGENT_MS + 1_000 - HEALED_MS
/** What the platform waits before it runs an alarm again whose object died in it. */
const RETRY_MS = 2_000
const DAY_MS = 86_400_000
const SILENT = { ...OPEN_POLICY, closeAfterMs: 30 * DAY_MS }

type Conversation = Awaited<ReturnType<typeof scripted>>
type Stub = DurableObjectStub<Rpc.DurableObjectBranded>
type Alarmed = { alarm(): Promise<void> }

const POWER = 'the power went'
const inbox = () => inboxStub(WORKSPACE)

let d1: FaultyD1
let line: Line<InboxFrame> | null = null
let said = 0

beforeAll(() => {
  // In years: alarms go off when the drill rings them, never by themselves.
  d1 = new FaultyD1(Date.UTC(2040, 0, 15, 12))
})
afterEach(() => healed())
afterAll(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** An administrator's dashboard, opened anew where its connection broke. */
async function watch(): Promise<void> {
  if (line) return
  const identity = {
    kind: 'agent' as const,
    memberships: [{ workspace: WORKSPACE, member: MEMBERS.ana, name: 'Ana', role: 'admin' as const }],
    sessionExpiresAt: d1.now + 365 * DAY_MS,
    asOf: d1.now,
  }
  const headers = { upgrade: 'websocket', [IDENTITY_HEADER]: encodeIdentity(identity) }
  const answer = await inbox().fetch('http://inbox/', { headers })
  if (!answer.webSocket) throw new Error(`no socket: ${answer.status}`)
  line = new Line<InboxFrame>(answer.webSocket, null)
  await line.get((frame) => frame.type === 'welcome')
}

const COMMANDS: Array<[Who, Command]> = [
  ['visitor', { type: 'send_message', text: 'anyone?' }],
  ['visitor', { type: 'send_message', text: 'still me' }],
  ['ana', { type: 'send_message', text: 'here' }],
  ['ana', { type: 'add_note', text: 'a note' }],
  ['ana', { type: 'set_priority', to: 'high' }],
  ['ana', { type: 'set_priority', to: 'low' }],
  ['ana', { type: 'assign', to: MEMBERS.ben }],
  ['ben', { type: 'assign', to: MEMBERS.ana }],
  ['visitor', { type: 'close' }],
]

/** Somebody does something: it is acknowledged, and open dashboards show it, whatever D1 does meanwhile. */
async function say(conversation: Conversation, [who, command]: [Who, Command]): Promise<void> {
  d1.now += 700
  said += 1
  const answer = await conversation.dispatch(who, `${who}:${said}`, command)
  // What is so already is refused, by a conversation that is there as always.
  if (!answer.ok) return expect(answer.refusal.code).toMatch(/^already_|_unchanged$/)
  const { rev } = await conversation.row()
  await watch()
  await eventually(async () => expect(await newestOf(conversation)).toBeGreaterThanOrEqual(rev), { interval: 5 })
}

/** The newest revision of a conversation that the dashboard was told. */
function newestOf({ id }: Conversation): number {
  const rows = (line?.frames ?? []).flatMap((f) => (f.type === 'rows' ? f.list : f.type === 'welcome' ? f.rows : []))
  return Math.max(0, ...rows.filter((row) => row.id === id).map((row) => row.rev))
}

/** Somebody does something, it is stored, and the object dies before the inbox is told. */
async function sayAndDie(conversation: Conversation): Promise<void> {
  d1.now += 700
  said += 1
  const command: Command = { type: 'send_message', text: 'last words' }
  const envelope = { id: `visitor:${said}` as ClientId, command }
  await mortally(conversation.stub(), async (object, ctx) => {
    reaching(object, () => new Promise(() => {}))
    expect((await object.dispatch({ identity: conversation.identity('visitor'), envelope })).ok).toBe(true)
    await ctx.storage.sync()
    ctx.abort(POWER)
    await ctx.storage.sync()
  })
}

/** Whom a conversation reaches in place of the inbox. */
function reaching(object: object, update: () => Promise<unknown>): void {
  Object.assign(object, { env: { ...env, INBOX: { getByName: () => ({ update }) } } })
}

/** Does something in an object that may not live to see its end. Answers whether it did. */
async function mortally<T extends Rpc.DurableObjectBranded>(
  stub: DurableObjectStub<T>,
  run: (object: T, ctx: DurableObjectState) => Promise<void>,
): Promise<boolean> {
  try {
    await runInDurableObject(stub as never, run as never)
    return true
  } catch (error) {
    if (!String(error).includes(POWER)) throw error
    // A dashboard finds its connection broken, and opens another.
    if (stub.id.equals(inbox().id)) line = null
    return false
  }
}

/** As the platform does it: once it is due, and again soon where the object died in it and had set no other. */
async function ring(stub: () => Stub, alarm: (object: Alarmed, ctx: DurableObjectState) => Promise<void>) {
  const survived = await mortally(stub(), async (object, ctx) => {
    await ctx.storage.deleteAlarm()
    await alarm(object as unknown as Alarmed, ctx)
  })
  if (survived) return
  await runInDurableObject(stub(), async (_object, ctx) => {
    const at = await ctx.storage.getAlarm()
    if (at === null || at <= d1.now) await ctx.storage.setAlarm(d1.now + RETRY_MS)
  })
}

/** While D1 lets the inbox object wait, people talk, and their lists show it. */
const ringInbox = (meanwhile: () => Promise<void>) =>
  ring(inbox, async (object, ctx) => {
    d1.cutPower = () => ctx.abort(POWER)
    let isOver = false
    const ringing = object.alarm().finally(() => {
      isOver = true
    })
    while (!isOver) {
      await Promise.race([ringing, scheduler.wait(1)])
      if (!d1.hangs) continue
      await meanwhile()
      d1.endPatience()
    }
  })

/** @param dies in the middle of telling the inbox */
const ringConversation = (conversation: Conversation, dies: boolean) =>
  ring(conversation.stub, async (object, ctx) => {
    const update = async () => {
      await ctx.storage.sync()
      ctx.abort(POWER)
    }
    if (dies) reaching(object, update)
    await object.alarm()
    Object.assign(object, { env })
  })

const alarmOf = (stub: Stub) => runInDurableObject(stub, (_object, ctx) => ctx.storage.getAlarm())

async function healed(): Promise<void> {
  d1.heal()
  await env.DB.exec('DROP TRIGGER IF EXISTS refuse')
}

interface Drill {
  /** Whether conversations die as well. */
  deadly: boolean
  talks: Conversation[]
  pick: <T>(list: readonly T[]) => T
}

/** Time passes, and what is due goes off. */
async function pass({ talks, pick, deadly }: Drill, ms: number, isHealed = false): Promise<void> {
  const end = d1.now + ms
  for (;;) {
    const dues = await Promise.all(
      [null, ...talks].map(async (who) => ({ who, at: await alarmOf(who ? who.stub() : inbox()) })),
    )
    const [next] = dues.flatMap(({ who, at }) => (at === null ? [] : [{ who, at }])).sort((a, b) => a.at - b.at)
    if (!next || next.at > end) break
    d1.now = Math.max(d1.now, next.at)
    if (next.who) await ringConversation(next.who, deadly && !isHealed && pick([true, false]))
    else await watch().then(() => ringInbox(() => say(pick(talks), pick(COMMANDS))))
  }
  d1.now = Math.max(d1.now, end)
}

async function step(drill: Drill): Promise<void> {
  const { talks, pick } = drill
  const what = pick([
    'say',
    'say',
    'say',
    'say',
    'pass',
    'pass',
    'pass',
    'fault',
    'fault',
    'die',
    'die',
    'sleep',
    'kill',
  ])
  if (what === 'say') await say(pick(talks), pick(COMMANDS))
  if (what === 'pass') await pass(drill, pick([1_000, 3_000, 10_000, 45_000, 70_000]))
  if (what === 'fault') d1.plan.push(...Array.from({ length: pick([1, 1, 2, 3, 5]) }, () => pick(FAULTS)))
  if (what === 'die' && drill.deadly) await sayAndDie(pick(talks))
  if (what === 'sleep') {
    await inbox().overlay()
    await asleep(inbox())
  }
  if (what === 'kill')
    await mortally(inbox(), async (_object, ctx) => {
      ctx.abort(POWER)
      await ctx.storage.sync()
    })
}

/** What D1 must have of a conversation by its logs alone. */
async function folded(conversation: Conversation) {
  const state = (await conversation.log('ana')).reduce(apply, emptyState(conversation.id, 'team'))
  const { team } = state
  if (!team) throw new Error('an administrator sees it all')
  const { status, head } = state.public
  const { assignee, priority, visitorMessages, lastMessage } = team
  return {
    ...{ status, head, priority, assignee_id: assignee, visitor_messages: visitorMessages },
    ...{ last_message_text: lastMessage?.text, last_message_author: lastMessage?.author },
  }
}

/** @param but one that D1 itself refused until now */
async function converged({ talks }: Drill, but?: Conversation): Promise<void> {
  const { results } = await env.DB.prepare(INDEX_AFTER).bind(WORKSPACE, '', 10_000).all<StoredRow>()
  const stored = new Map(results.map((row) => [row.id, row]))
  for (const conversation of talks.filter((talk) => talk !== but)) {
    const row = stored.get(conversation.id)
    expect(row && indexed(row)).toBe(indexed(await conversation.row()))
    expect(row).toMatchObject(await folded(conversation))
  }
  expect((await inbox().overlay()).rows.filter(({ id }) => id !== but?.id)).toEqual([])
  if (but) return
  for (let after: string | null = null, first = true; first || after !== null; first = false) {
    const page: RebuiltPage | null = await inbox().rebuild(after)
    expect(page).toMatchObject({ missing: [], stale: [], orphaned: [], unreachable: [] })
    after = page?.next ?? null
  }
}

/** D1 refuses what it is given of one conversation, in the middle of a batch, and takes the others. */
const poison = (id: string) =>
  `CREATE TRIGGER refuse BEFORE INSERT ON conversations WHEN NEW.id = '${id}' BEGIN SELECT RAISE(ABORT, 'no'); END`

it.each(Array.from({ length: DRILLS }, (_, seed) => seed))(
  '[Q4][CV1][DL1] drill %i: whatever happens to D1 and to who writes there, people talk, and a minute later D1 knows',
  { timeout: scaled(60_000) },
  async (seed) => {
    const pick = picker(random(seed + 1))
    const talks = await Promise.all(Array.from({ length: CONVERSATIONS }, () => scripted(pick([OPEN_POLICY, SILENT]))))
    const drill = { talks, pick, deadly: seed % 2 === 1 }
    await watch()
    for (const talk of talks) await talk.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    const began = d1.now
    const worst = seed % 3 === 0 ? talks[0] : undefined
    if (worst) await env.DB.exec(poison(worst.id))
    for (let n = 0; n < STEPS; n += 1) await step(drill)
    // And in the end all at once: what they last said is known to nobody but themselves.
    if (drill.deadly) {
      for (const talk of talks) await sayAndDie(talk)
      await pass(drill, SAFETY_MS)
      await pass({ ...drill, deadly: false }, DEATH_MS)
    }
    await healed()
    await pass(drill, HEALED_MS, true)
    await converged(drill, worst)
    if (!worst) return
    // What D1 would not have, while it took all the others, is not tried every minute: it waits as long again, at most.
    await pass(drill, Math.max(0, d1.now - began - HEALED_MS), true)
    await converged(drill)
  },
)
