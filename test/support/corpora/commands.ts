/** Every command there is, by everybody whose it is, in a conversation where it is taken. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import type { Command } from '../../../core/conversation/command.ts'
import type { TranscriptSettled } from '../../../core/conversation/entries.ts'
import type { Policy } from '../../../core/conversation/policy.ts'
import { MEMBERS, NOVA, OPEN_POLICY, scripted, type Who } from '../scripted.ts'

/** What a conversation has to be for a command. */
export interface Scene {
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
export const PLAYS: Record<Command['type'], Array<[Who, Command, Scene?]>> = {
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

export type Conversation = Awaited<ReturnType<typeof scripted>>

/** What a queue carries comes back whenever it likes; nothing is to happen here by itself. */
export async function quiet(conversation: Conversation, { before = [] }: Scene = {}, command?: Command): Promise<void> {
  const isCarried = [...before.map(([, earlier]) => earlier), command].some((one) => one?.type.endsWith('_transcript'))
  if (!isCarried) return
  await runInDurableObject(conversation.stub(), (object) => {
    Object.assign(object, { env: { ...env, TRANSCRIPTS: { send: async () => {} } } })
  })
}

/** @param command what is going to be played there */
export async function staged(scene: Scene = {}, command?: Command): Promise<Conversation> {
  const { begin = ANSWERED, before = [], policy } = scene
  const conversation = await scripted({ ...OPEN_POLICY, ...policy })
  await quiet(conversation, scene, command)
  for (const [i, [who, command]] of [...begin, ...before].entries())
    expect(await conversation.dispatch(who, `b:${i + 1}`, command)).toMatchObject({ ok: true })
  return conversation
}
