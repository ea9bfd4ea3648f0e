/** The power goes at every point of a command's way. Whoever never got an answer sends again, and it stands once. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import { type Entry, isTeam, type TranscriptSettled } from '../../core/conversation/entries.ts'
import type { Policy } from '../../core/conversation/policy.ts'
import { isVisitorAuthor } from '../../core/ids.ts'
import { INDEX_AFTER, indexed as indexedRow, type StoredRow } from '../../durable-objects/inbox/d1Index.ts'
import { inboxStub, indexed } from '../support/play.ts'
import { MAY } from '../support/referenceWords.ts'
import { MEMBERS, NOVA, OPEN_POLICY, scripted, type Who, WORKSPACE } from '../support/scripted.ts'

/** Where it stops: what was decided is not durable; is, but nobody was told; the inbox was told, the writer was not. */
const POINTS = ['before it is durable', 'before the inbox is told', 'after the inbox was told'] as const
type Point = (typeof POINTS)[number]

/** What a conversation has to be for a command. */
interface Scene {
  /** What happened before it, in place of a greeting and Ana's answer to it. */
  begin?: Array<[Who, Command]>
  /** What happened after those. */
  before?: Array<[Who, Command]>
  policy?: Partial<Policy>
}

const HELLO: [Who, Command] = ['visitor', { type: 'start', text: 'hello' }]
/** 1 begun, 2 hello, 3 with a human, 4 Ana joined, 5 her answer. */
const ANSWERED: Array<[Who, Command]> = [HELLO, ['ana', { type: 'send_message', text: 'an answer' }]]
const BY_NOVA: Scene = { begin: [HELLO], policy: { assistant: NOVA } }
const TO = 'vic@example.com'
const ASK: Command = { type: 'send_transcript', to: TO, from: 'help@shop.example', name: 'Shop' }
const settling = (settled: TranscriptSettled): Command => ({ type: 'settle_transcript', request: 1, to: TO, settled })
const BAN: Command = {
  type: 'tell_ban',
  ban: { version: 1, scope: 'contact', kind: 'ban', until: null, lifted: false, by: `agent:${MEMBERS.ana}` },
}
/** One an hour: who is refused the second was given the first. */
const FEW: Scene = { policy: { transcriptsPerHour: 1 } }
/** 6 Robot introduced, 7 what it said. */
const ROBOT_SPOKE: Scene = { before: [['robot', { type: 'send_message', text: 'beep' }]] }

const ofTeam = (who: 'ana' | 'robot', ref: number, scene: Scene) => {
  const { before = [] } = scene
  const one = (command: Command, ...first: Array<[Who, Command]>): [Who, Command, Scene] => [
    who,
    command,
    { before: [...before, ...first] },
  ]
  return {
    send_message: one({ type: 'send_message', text: 'once' }),
    add_note: one({ type: 'add_note', text: 'once', quote: 2 }),
    edit_message: one({ type: 'edit_message', ref, text: 'once' }),
    delete_message: one({ type: 'delete_message', ref }),
    assign: one({ type: 'assign', to: MEMBERS.ben }),
    set_status: one({ type: 'set_status', to: 'waiting_human' }),
    set_priority: one({ type: 'set_priority', to: 'urgent' }),
    add_collaborator: one({ type: 'add_collaborator', member: MEMBERS.ben }),
    remove_collaborator: one({ type: 'remove_collaborator', member: MEMBERS.ana }, [
      'ana',
      { type: 'add_collaborator', member: MEMBERS.ana },
    ]),
    request_rating: one({ type: 'request_rating' }),
    score_conversation: one({ type: 'score_conversation', score: 4 }),
    close: one({ type: 'close' }),
    reopen: one({ type: 'reopen' }, ['visitor', { type: 'close' }]),
    send_transcript: [who, ASK, FEW] as [Who, Command, Scene],
    retry_transcript: one(
      { type: 'retry_transcript', request: 1 },
      ['ana', ASK],
      ['foyer', settling({ outcome: 'failed', reason: 'busy', mayRetry: true })],
    ),
  }
}

const [ANA, PROGRAM] = [ofTeam('ana', 5, {}), ofTeam('robot', 7, ROBOT_SPOKE)]

/** Each command by everybody whose it is: one that is new here does not compile until it stands here, and is run. */
const PLAYS: Record<Command['type'], Array<[Who, Command, Scene?]>> = {
  start: [['visitor', { type: 'start', text: 'once' }, { begin: [] }]],
  send_message: [
    ['visitor', { type: 'send_message', text: 'once', quote: 5 }],
    ['nova', { type: 'send_message', text: 'once', epoch: 1 }, BY_NOVA],
    ...[ANA.send_message, PROGRAM.send_message],
  ],
  add_note: [ANA.add_note, PROGRAM.add_note],
  edit_message: [ANA.edit_message, PROGRAM.edit_message],
  delete_message: [ANA.delete_message, PROGRAM.delete_message],
  accept: [['ben', { type: 'accept' }]],
  assign: [ANA.assign, PROGRAM.assign, ['foyer', { type: 'assign', to: MEMBERS.ben }, { begin: [HELLO] }]],
  release: [['foyer', { type: 'release', from: MEMBERS.ana }]],
  add_collaborator: [ANA.add_collaborator, PROGRAM.add_collaborator],
  remove_collaborator: [ANA.remove_collaborator, PROGRAM.remove_collaborator],
  set_priority: [ANA.set_priority, PROGRAM.set_priority],
  set_status: [ANA.set_status, PROGRAM.set_status],
  hand_off: [['nova', { type: 'hand_off', epoch: 1 }, BY_NOVA]],
  close: [['visitor', { type: 'close' }], ['foyer', { type: 'close' }], ANA.close, PROGRAM.close],
  continue_in: [
    [
      'visitor',
      { type: 'continue_in', conversation: 'elsewhere' as never },
      { before: [['visitor', { type: 'close' }]], policy: { reopen: 'never' } },
    ],
  ],
  reopen: [ANA.reopen, PROGRAM.reopen],
  send_transcript: [ANA.send_transcript, PROGRAM.send_transcript],
  retry_transcript: [ANA.retry_transcript, PROGRAM.retry_transcript],
  settle_transcript: [['foyer', settling({ outcome: 'sent' }), { before: [['ana', ASK]] }]],
  request_rating: [ANA.request_rating, PROGRAM.request_rating],
  submit_rating: [
    [
      'visitor',
      { type: 'submit_rating', score: 5, comment: 'once' },
      { before: [['ana', { type: 'request_rating' }]] },
    ],
  ],
  score_conversation: [ANA.score_conversation, PROGRAM.score_conversation],
  delete: [['ana', { type: 'delete' }]],
  restore: [['ana', { type: 'restore' }, { before: [['ana', { type: 'delete' }]] }]],
  tell_ban: [['foyer', BAN]],
}

const KINDS = {
  visitor: 'visitor',
  nova: 'assistant',
  robot: 'key',
  foyer: 'system',
  ana: 'agent',
  ben: 'agent',
} as const

it.each(Object.keys(MAY) as Array<keyof typeof MAY>)('[Q2] every command of a kind of author is played: %s', (kind) => {
  const played = Object.values(PLAYS).flatMap((plays) => plays.filter(([who]) => KINDS[who] === kind))
  const may = MAY[kind].filter((type) => kind !== 'key' || (type !== 'delete' && type !== 'restore'))
  expect([...new Set(played.map(([, { type }]) => type))].sort()).toEqual([...may].sort())
})

type Conversation = Awaited<ReturnType<typeof scripted>>

/** What a queue carries comes back whenever it likes; nothing is to happen here by itself. */
const quiet = (conversation: Conversation, bindings: object = {}) =>
  runInDurableObject(conversation.stub(), (object) => {
    Object.assign(object, { env: { ...env, TRANSCRIPTS: { send: async () => {} }, ...bindings } })
  })

async function staged({ begin = ANSWERED, before = [], policy }: Scene = {}): Promise<Conversation> {
  const conversation = await scripted({ ...OPEN_POLICY, ...policy })
  await quiet(conversation)
  for (const [i, [who, command]] of [...begin, ...before].entries())
    expect(await conversation.dispatch(who, `b:${i + 1}`, command)).toMatchObject({ ok: true })
  return conversation
}

/** Dispatches inside the object and cuts its life off at the point. */
async function crashing(conversation: Conversation, who: Who, command: Command, point: Point): Promise<void> {
  if (point === 'before the inbox is told')
    await quiet(conversation, {
      INBOX: { getByName: () => ({ update: () => Promise.reject(new Error('out of reach')) }) },
    })
  await runInDurableObject(conversation.stub(), async (object, ctx) => {
    const answer = object.dispatch(conversation.call(who, 'x:1', command))
    if (point !== 'before it is durable') {
      await answer
      await ctx.storage.sync()
    }
    if (point === 'after the inbox was told') {
      const read = await object.read(conversation.identity('foyer'))
      const rev = read.ok ? read.row.rev : 0
      await vi.waitFor(async () => expect((await told(conversation))?.rev ?? 0).toBe(rev), { timeout: 10_000 })
    }
    ctx.abort('the power went')
    await ctx.storage.sync()
  }).catch((error: unknown) => {
    if (!String(error).includes('the power went')) throw error
  })
  await quiet(conversation)
}

const told = async (conversation: Conversation) =>
  (await inboxStub(WORKSPACE).overlay()).rows.find((row) => row.id === conversation.id)

/** Everything that is known of it, but for ids and times. */
async function known(conversation: Conversation, command: Command) {
  if (command.type === 'delete') await conversation.dispatch('ana', 'z:1', { type: 'restore' })
  const all = {
    team: await conversation.log('ana'),
    visitor: await conversation.log('visitor'),
    row: await conversation.row(),
  }
  const { id, device } = conversation
  const said = JSON.stringify(all)
    .replaceAll(id, 'id')
    .replaceAll(device.slice(1), '')
    .replace(/\b\d{13}\b/g, '0')
  return { ...all, said: JSON.parse(said) }
}

/** What else stands in the way of the same command, asked anew. */
async function more(conversation: Conversation, who: Who, command: Command): Promise<string> {
  const answer = await conversation.dispatch(who, 'y:1', command)
  return answer.ok ? 'ok' : answer.refusal.code
}

/** I2, I3 */
function isSound(team: readonly Entry[], visitor: readonly Entry[]): void {
  const [open, own] = [team.filter((entry) => !isTeam(entry)), team.filter(isTeam)]
  for (const log of [open, own]) expect(log.map(({ n }) => n)).toEqual(log.map((_, i) => i + 1))
  const cut = open.map(({ clientId, ...entry }) =>
    clientId !== undefined && isVisitorAuthor(entry.author) ? { ...entry, clientId } : entry,
  )
  expect(visitor).toEqual(cut)
}

interface Crashed {
  conversation: Conversation
  /** What comes of the same command, asked anew, here and in a conversation that nothing befell. */
  more(): Promise<string[]>
}

const crashed: Crashed[] = []

describe.concurrent.each(Object.values(PLAYS).flat())('[Q2] %s: %j', (who, command, scene) => {
  let steady: ReturnType<typeof undisturbed> | null = null
  const undisturbed = async () => {
    const conversation = await staged(scene)
    await conversation.dispatch(who, 'x:1', command)
    return { ...(await known(conversation, command)), more: await more(conversation, who, command) }
  }

  it.each(POINTS)('[DL1][DL2] %s', async (point) => {
    steady ??= undisturbed()
    const conversation = await staged(scene)
    await crashing(conversation, who, command, point)
    crashed.push({
      conversation,
      more: async () => [await more(conversation, who, command), (await steady)?.more ?? ''],
    })

    const again = await conversation.dispatch(who, 'x:1', command, { retry: true })
    const wasTaken = point !== 'before it is durable'
    // CV12: of what is being deleted nobody is told again what was answered before.
    if (wasTaken && command.type === 'delete') expect(again).toMatchObject({ refusal: { code: 'not_found' } })
    else expect(again).toMatchObject({ ok: true, repeated: wasTaken })
    // I8: what nobody was told of is told by the alarm.
    if (point === 'before the inbox is told') expect(await runDurableObjectAlarm(conversation.stub())).toBe(true)

    const now = await known(conversation, command)
    // I1: once, with all that it says, and all that follows from it.
    expect(now.said).toEqual((await steady).said)
    expect(now.team.filter(({ clientId }) => clientId === 'x:1')).toHaveLength(1)
    isSound(now.team, now.visitor)
  })
})

it('[Q2][CV1] I5, I7: what the index has of each in the end is what its record says', async () => {
  expect(crashed).toHaveLength(Object.values(PLAYS).flat().length * POINTS.length)
  for (const { conversation } of crashed) await runDurableObjectAlarm(conversation.stub())
  await indexed(WORKSPACE)
  const { results } = await env.DB.prepare(INDEX_AFTER).bind(WORKSPACE, '', 10_000).all<StoredRow>()
  const stored = new Map(results.map((row) => [row.id, row]))
  for (const { conversation } of crashed) {
    const row = stored.get(conversation.id)
    expect(row && indexedRow(row)).toBe(indexedRow(await conversation.row()))
  }
})

it('[Q2] I4, I6: limits count what was taken, once, and so does whatever else stands in the way', async () => {
  for (const { more } of crashed) {
    const [here, undisturbed] = await more()
    expect(here).toBe(undisturbed)
  }
})
