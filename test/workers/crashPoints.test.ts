/** The power goes at every point of a command's way. Whoever never got an answer sends again, and it stands once. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import type { ClientId } from '../../core/ids.ts'
import { inboxStub, indexed } from '../support/play.ts'
import { MEMBERS, scripted, type Who, WORKSPACE } from '../support/scripted.ts'

/** Where it stops: what was decided is not durable; is, but nobody was told; the inbox was told, the writer was not. */
const POINTS = ['before it is durable', 'before the inbox is told', 'after the inbox was told'] as const

/** Written by no person of this play, or hiding what it looks at: these have suites of their own. */
type Elsewhere = 'start' | 'release' | 'continue_in' | 'delete' | 'hand_off' | 'tell_ban' | `${string}_transcript`

const COMMANDS: Array<[Who, Command]> = [
  ['visitor', { type: 'send_message', text: 'once' }],
  ['visitor', { type: 'close' }],
  ['ana', { type: 'send_message', text: 'once' }],
  ['ana', { type: 'add_note', text: 'once' }],
  ['ana', { type: 'edit_message', ref: 5, text: 'once' }],
  ['ana', { type: 'delete_message', ref: 5 }],
  ['ana', { type: 'assign', to: MEMBERS.ben }],
  ['ben', { type: 'accept' }],
  ['ana', { type: 'set_status', to: 'waiting_human' }],
  ['ana', { type: 'set_priority', to: 'urgent' }],
  ['ana', { type: 'add_collaborator', member: MEMBERS.ben }],
  ['ana', { type: 'remove_collaborator', member: MEMBERS.ana }],
  ['ana', { type: 'request_rating' }],
  ['visitor', { type: 'submit_rating', score: 5, comment: 'once' }],
  ['ben', { type: 'score_conversation', score: 4 }],
  ['ana', { type: 'close' }],
  ['ana', { type: 'reopen' }],
  ['ana', { type: 'restore' }],
]

/** What has to have happened before. */
const BEFORE: Partial<Record<Command['type'], Command>> = {
  remove_collaborator: { type: 'add_collaborator', member: MEMBERS.ana },
  submit_rating: { type: 'request_rating' },
  reopen: { type: 'close' },
  restore: { type: 'delete' },
}

/** A command that is new here does not compile until it stands above, and is run. */
const PLAYED: Record<Exclude<Command['type'], Elsewhere>, true> = {
  ...{ send_message: true, add_note: true, edit_message: true, delete_message: true, accept: true, assign: true },
  ...{ add_collaborator: true, remove_collaborator: true, set_priority: true, set_status: true },
  ...{ request_rating: true, submit_rating: true, score_conversation: true, close: true, reopen: true, restore: true },
}

it('[Q2] every command is played', () => {
  expect([...new Set(COMMANDS.map(([, { type }]) => type))].sort()).toEqual(Object.keys(PLAYED).sort())
})

type Point = (typeof POINTS)[number]

/** A conversation that Ana answered: 1 begun, 2 hello, 3 with a human, 4 Ana joined, 5 her answer. */
async function answered(before?: Command) {
  const conversation = await scripted()
  await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
  await conversation.dispatch('ana', 'a:1', { type: 'send_message', text: 'an answer' })
  if (before) await conversation.dispatch('ana', 'a:2', before)
  return conversation
}

type Conversation = Awaited<ReturnType<typeof answered>>

/** Dispatches inside the object and cuts its life off at the point. */
async function crashing(conversation: Conversation, who: Who, command: Command, point: Point): Promise<void> {
  await runInDurableObject(conversation.stub(), async (object, ctx) => {
    if (point === 'before the inbox is told') {
      const unreachable = { getByName: () => ({ update: () => Promise.reject(new Error('out of reach')) }) }
      Object.assign(object, { env: { ...env, INBOX: unreachable } })
    }
    const answer = object.dispatch({
      identity: conversation.identity(who),
      envelope: { id: 'x:1' as ClientId, command },
    })
    if (point !== 'before it is durable') {
      await answer
      await ctx.storage.sync()
    }
    if (point === 'after the inbox was told') {
      const { rev } = await conversation.row()
      await expect.poll(async () => (await told(conversation))?.rev ?? 0, { timeout: 10_000 }).toBe(rev)
    }
    ctx.abort('the power went')
    await ctx.storage.sync()
  }).catch((error: unknown) => {
    if (!String(error).includes('the power went')) throw error
  })
}

const told = async (conversation: Conversation) =>
  (await inboxStub(WORKSPACE).overlay()).rows.find((row) => row.id === conversation.id)

const isDense = (log: readonly Entry[]) => {
  const open = log.filter((entry) => !('after' in entry))
  const team = log.filter((entry) => 'after' in entry)
  return [open, team].every((half) => half.every((entry, i) => entry.n === i + 1))
}

describe.each(COMMANDS)('[Q2] %s: %j', (who, command) => {
  it.each(POINTS)('[DL1][DL2] %s', async (point) => {
    const steady = await answered(BEFORE[command.type])
    await steady.dispatch(who, 'x:1', command)
    const conversation = await answered(BEFORE[command.type])
    await crashing(conversation, who, command, point)

    const again = await conversation.dispatch(who, 'x:1', command, { retry: true })
    expect(again.ok).toBe(true)
    if (point !== 'before it is durable') expect(again).toMatchObject({ repeated: true })
    const log = await conversation.log('ana')
    expect(isDense(log)).toBe(true)
    expect(log.map(({ type }) => type)).toEqual((await steady.log('ana')).map(({ type }) => type))

    await runDurableObjectAlarm(conversation.stub())
    await indexed(WORKSPACE)
    const row = await conversation.row()
    const stored = await env.DB.prepare('SELECT rev, status, assignee_id AS assignee FROM conversations WHERE id = ?')
      .bind(conversation.id)
      .first()
    expect(stored).toEqual({ rev: row.rev, status: row.status, assignee: row.assignee })
  })
})
