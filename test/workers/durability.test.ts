import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import { PRIORITIES, STATUSES_BY_HAND } from '../../core/conversation/entries.ts'
import {
  ASSIGN_POLICIES,
  HISTORY_POLICIES,
  type Policies,
  REOPEN_POLICIES,
  WRITE_POLICIES,
} from '../../core/conversation/policy.ts'
import type { ConversationId } from '../../core/ids.ts'
import type { DispatchAnswer } from '../../core/protocol/conversationCalls.ts'
import { asleep } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { heardOf } from '../support/heard.ts'
import { agent, visitor } from '../support/play.ts'
import { picker, random } from '../support/random.ts'
import { MAY } from '../support/referenceWords.ts'
import { rings } from '../support/rings.ts'
import { scaled, times } from '../support/scale.ts'
import { alike, KIND_OF, MEMBERS, NOVA, OPEN_POLICY, scripted, type Who } from '../support/scripted.ts'

const RUNS = times(100)
const STEPS = 30

/** Somebody does something, or an administrator decides. */
type Step = { who: Who; command: Command } | { decide: Policies }

const MAIL = { to: 'vic@example.com', from: 'help@shop.example', name: 'Shop' }
const SETTLED = [{ outcome: 'sent' }, { outcome: 'failed', reason: 'busy', mayRetry: true }] as const

/** Of every kind of command one; whose it is not is refused, with and without evictions. */
function commands(i: number, pick: ReturnType<typeof picker>): Command[] {
  const ref = pick([2, 5, 6, 7, 8, 9])
  const member = pick([MEMBERS.ana, MEMBERS.ben])
  const say: Command = { type: 'send_message', text: `message ${i}`, epoch: 1 }
  const all: Record<Command['type'], Command> = {
    ...{ start: { type: 'start', text: 'again' }, send_message: { ...say, quote: ref } },
    ...{ add_note: { type: 'add_note', text: `note ${i}`, quote: 't1' }, accept: { type: 'accept' } },
    edit_message: { type: 'edit_message', ref, text: `edit ${i}` },
    delete_message: { type: 'delete_message', ref },
    assign: { type: 'assign', to: pick([member, null]) },
    release: { type: 'release', from: member },
    add_collaborator: { type: 'add_collaborator', member },
    remove_collaborator: { type: 'remove_collaborator', member },
    set_priority: { type: 'set_priority', to: pick(PRIORITIES) },
    set_status: { type: 'set_status', to: pick(STATUSES_BY_HAND) },
    ...{ hand_off: { type: 'hand_off', epoch: 1 }, close: { type: 'close' }, reopen: { type: 'reopen' } },
    continue_in: { type: 'continue_in', conversation: 'elsewhere' as ConversationId },
    send_transcript: { type: 'send_transcript', ...MAIL },
    retry_transcript: { type: 'retry_transcript', request: 1 },
    settle_transcript: { type: 'settle_transcript', request: 1, to: MAIL.to, settled: pick(SETTLED) },
    ...{ request_rating: { type: 'request_rating' }, submit_rating: { type: 'submit_rating', score: 4 } },
    score_conversation: { type: 'score_conversation', score: pick([null, 2]) },
    ...{ delete: { type: 'delete' }, restore: { type: 'restore' } },
    tell_ban: {
      type: 'tell_ban',
      ban: { version: 1, scope: 'contact', kind: 'ban', until: null, lifted: false, by: `agent:${MEMBERS.ana}` },
    },
  }
  const { delete: _, ...others } = all
  // Seldom: what is deleted is silent until it comes back.
  return [...Object.values(others), ...(i % 5 === 0 ? [all.delete] : []), say, say, say, say, all.restore, all.restore]
}

function script(seed: number): Step[] {
  const pick = picker(random(seed))
  return Array.from({ length: STEPS }, (_, i): Step => {
    if (pick([false, false, false, false, false, false, false, true])) {
      const decided = {
        ...{ reopen: pick(REOPEN_POLICIES), mayWrite: pick(WRITE_POLICIES), mayAssign: pick(ASSIGN_POLICIES) },
        ...{ history: pick(HISTORY_POLICIES), assistant: pick([NOVA, null]), limits: OPEN_POLICY.limits },
      }
      return { decide: { version: i + 2, workspace: decided, channels: {} } }
    }
    const who = pick(['visitor', 'visitor', 'ana', 'ana', 'ben', 'nova', 'robot', 'foyer'] as const)
    const all = commands(i, pick)
    const own = all.filter(({ type }) => MAY[KIND_OF[who]].includes(type))
    return { who, command: pick(pick([own, own, own, own, own, all])) }
  })
}

async function play(seed: number, evicting: boolean) {
  const conversation = await scripted({ ...OPEN_POLICY, assistant: pickAssistant(seed) })
  let result: unknown
  await conversation.within(async ({ dispatch, decide, sleep, log, row }) => {
    await dispatch('visitor', 'v:1', { type: 'start', text: 'first' })
    sleep()
    const outcomes: string[] = []
    for (const [i, step] of script(seed).entries()) {
      if (evicting) sleep()
      if ('decide' in step) await decide(step.decide)
      else outcomes.push(outcomeOf(await dispatch(step.who, `x:${i + 1}`, step.command)))
    }
    if (evicting) sleep()
    await dispatch('ana', 'y:1', { type: 'restore' })
    result = alike({ outcomes, team: await log('ana'), visitor: await log('visitor'), row: await row() }, conversation)
  })
  return result
}

const pickAssistant = (seed: number) => (seed % 2 === 0 ? NOVA : null)
const outcomeOf = (answer: DispatchAnswer) => (answer.ok ? 'ok' : answer.refusal.code)

describe('a conversation survives', () => {
  it('[DL1] being evicted between any two commands', { timeout: scaled(120_000) }, async () => {
    for (let seed = 0; seed < RUNS; seed += 1) expect(await play(seed, true)).toEqual(await play(seed, false))
  })

  it('[DL1] being evicted by the runtime itself', async () => {
    const conversation = await scripted()
    await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'first' })
    for (let i = 1; i <= 10; i += 1) {
      await asleep(conversation.stub())
      await conversation.dispatch(i % 2 === 0 ? 'ana' : 'visitor', `x:${i}`, { type: 'send_message', text: `${i}` })
    }
    const texts = (await conversation.log('visitor')).flatMap((e) =>
      e.type === 'message.created' ? [e.body.text] : [],
    )
    expect(texts).toEqual(['first', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'])
  })

  it('[DL1] a crash after the write was durable, not one before it', async () => {
    const conversation = await scripted()
    await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'kept' })
    const crash = async (synced: boolean, text: string) =>
      runInDurableObject(conversation.stub(), async (object, ctx) => {
        const answer = object.dispatch({
          identity: conversation.identity('visitor'),
          envelope: { id: `v:${text}` as never, command: { type: 'send_message', text } },
        })
        if (synced) {
          await answer
          await ctx.storage.sync()
        }
        ctx.abort('crash')
        await ctx.storage.sync()
      }).catch(() => 'crashed')
    expect(await crash(false, '2')).toBe('crashed')
    expect(await crash(true, '3')).toBe('crashed')
    const texts = (await conversation.log('visitor')).flatMap((e) => ('text' in e.body ? [e.body.text] : []))
    expect(texts).toEqual(['kept', '3'])
  })

  it('[DL1][DL2] a writer that never got the answer sends again, and it stands once', async () => {
    const conversation = await scripted()
    await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'first' })
    const say: Command = { type: 'send_message', text: 'once' }
    const first = await conversation.dispatch('visitor', 'v:2', say)
    await asleep(conversation.stub())
    const again = await conversation.dispatch('visitor', 'v:2', say, { retry: true })
    expect(again).toMatchObject({ ok: true, repeated: true, entries: first.ok ? first.entries : [] })
    const other = await conversation.dispatch('visitor', 'v:2', { type: 'send_message', text: 'another' })
    expect(other).toMatchObject({ ok: false, refusal: { code: 'client_id_conflict' } })
  })
})

describe('sockets', () => {
  it('[DL8] live on through hibernation: who they are, what they may have, and what they have seen', async () => {
    const vic = await (await visitor()).arrives('hello')
    const ana = await (await agent()).opens(vic.id)
    await asleep(env.CONVERSATION.getByName(vic.id))
    await ana.says('back again')
    await vic.sees('back again')
    vic.line.send({ type: 'seen', public: 5 })
    await ana.line.get((f) => f.type === 'cursors' && f.cursors.visitor === 5)
    await asleep(env.CONVERSATION.getByName(vic.id))
    await vic.says('still me')
    expect(vic.entries.at(-1)?.author).toMatch(/^visitor:/)
    const later = await (await agent()).opens(vic.id)
    expect(later.line.frames[0]).toMatchObject({ type: 'welcome', cursors: { visitor: 5 } })
  })

  it('[DL8] a ping is answered without waking the object', async () => {
    const vic = await (await visitor()).arrives('hello')
    const stub = env.CONVERSATION.getByName(vic.id)
    await asleep(stub)
    vic.line.send('ping')
    await eventually(() => expect(vic.line.raw).toContain('pong'))
    expect(await asleep(stub)).toBe(false)
  })

  it('[DL6] a cursor that only a closed socket knew is kept', async () => {
    const vic = await (await visitor()).arrives('hello')
    const ana = await (await agent()).opens(vic.id)
    vic.line.send({ type: 'seen', public: 2 })
    await ana.line.get((f) => f.type === 'cursors')
    vic.line.close()
    await ana.says('are you there?')
    await asleep(env.CONVERSATION.getByName(vic.id))
    const again = await (await agent()).opens(vic.id)
    expect(again.line.frames[0]).toMatchObject({ cursors: { visitor: 2 } })
  })

  it('[DL4] resume brings exactly what was missed, page by page', async () => {
    const conversation = await scripted()
    await conversation.dispatch('visitor', 'v:1', { type: 'start', text: '0' })
    await conversation.within(async ({ dispatch }) => {
      for (let i = 1; i <= 450; i += 1) {
        const command: Command =
          i % 3 === 0 ? { type: 'add_note', text: `${i}` } : { type: 'send_message', text: `${i}` }
        await dispatch('ana', `a:${i}`, command)
      }
    })
    const all = await conversation.log('ana')
    expect(all).toHaveLength(200)
    const object = conversation.stub()
    const collect = async (who: Who, ask: 'before' | 'after', from: object) => {
      const pages = []
      let next: object | null = from
      while (next) {
        const page = await object.page(conversation.identity(who), { [ask]: next })
        if (!page.ok) throw new Error(page.refusal.code)
        pages.push(page.list)
        next = page.next
      }
      return ask === 'after' ? pages.flat() : pages.reverse().flat()
    }
    const forward = await collect('ana', 'after', { public: 0, team: 0 })
    const start = { public: Number.MAX_SAFE_INTEGER, team: Number.MAX_SAFE_INTEGER }
    const backward = await collect('ana', 'before', start)
    expect(backward).toEqual(forward)
    expect(forward.filter((e) => e.type === 'note.created')).toHaveLength(150)
    const visible = await collect('visitor', 'after', { public: 0 })
    expect(visible.map((e) => e.n)).toEqual(visible.map((_, i) => i + 1))
    expect(await collect('ana', 'after', { public: 301, team: 150 })).toEqual(
      forward
        .slice(forward.findIndex((e) => !('after' in e) && e.n === 301) + 1)
        .filter((e) => !('after' in e) || e.n > 150),
    )
  })
})

describe('the inbox is told', () => {
  it('[CV1] again by the alarm when it could not be reached', async () => {
    const vic = await (await visitor()).arrives('hello')
    const ana = await agent()
    const object = env.CONVERSATION.getByName(vic.id)
    await runInDurableObject(object, (instance) => {
      const unreachable = { getByName: () => ({ update: () => Promise.reject(new Error('out of reach')) }) }
      Object.assign(instance, { env: { ...env, INBOX: unreachable } })
    })
    await vic.does({ type: 'close' })
    await vic.says('the chat goes on')
    expect(await heardOf(ana.workspace, vic.id)).toMatchObject({ status: 'waiting_human', text: 'hello' })
    // A new instance has the real inbox again; what is due is in storage, not in memory.
    await asleep(object)
    expect(await rings(env.CONVERSATION.getByName(vic.id))).toBe(true)
    // On a machine so busy that the inbox did not answer in time, the alarm is set again.
    await eventually(
      async () => {
        await rings(env.CONVERSATION.getByName(vic.id))
        const now = { status: 'waiting_human', text: 'the chat goes on' }
        expect(await heardOf(ana.workspace, vic.id)).toMatchObject(now)
      },
      { timeout: 20_000, interval: 500 },
    )
  })
})
