/**
 * A promised transcript in the object itself: under crashes between any two steps, lost and doubled deliveries, and
 * time, what is sent is sent at most once, and once when the world is healthy (I4); each ends, and says so.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import { type EffectOutcome, HAND_OVER_MS, LEASE_MS } from '../../core/conversation/effects.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import type { ClientId } from '../../core/ids.ts'
import type { EffectCall, TranscriptJob } from '../../core/protocol/effectCalls.ts'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { storedIn } from '../support/corpora/stored.ts'
import { fc } from '../support/properties.ts'
import { times } from '../support/scale.ts'
import { scripted } from '../support/scripted.ts'

const ASK: Command = { type: 'send_transcript', to: 'vic@example.com', from: 'help@shop.example', name: 'Shop' }
const ACCEPTED: EffectOutcome = { outcome: 'accepted' }
const LATER: EffectOutcome = { outcome: 'refused', reason: 'busy', permanent: false }
const NEVER: EffectOutcome = { outcome: 'refused', reason: 'no such user', permanent: true }

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
afterEach(() => void vi.useRealTimers())
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

interface Stage {
  jobs: TranscriptJob[]
  /** The queue, or the way to it, is broken. */
  isBroken: boolean
  ask(command?: Command, id?: string): ReturnType<Conversation['dispatch']>
  effect(call: EffectCall): ReturnType<Conversation['effect']>
  /** Claims the newest job; the number of the claim, or null. */
  claim(): Promise<number | null>
  tell(claim: number, outcome: EffectOutcome): ReturnType<Conversation['effect']>
  alarm(): Promise<void>
  alarmAt(): Promise<number | null>
  sleep(): void
  /** What code does that does not know of it. */
  forgetTimer(): void
  /** The power goes before anything of it is durable. */
  crash(run: (object: Conversation) => Promise<unknown>): void
  team(): Promise<string[]>
  visible(): Promise<Entry[]>
  state(): Promise<string>
}

/** A conversation in which something was said, from inside, with a queue that can be looked into. */
async function onStage(run: (stage: Stage) => Promise<void>): Promise<void> {
  const script = await scripted()
  await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
  await runInDurableObject(script.stub(), async (_awake, ctx) => {
    const jobs: TranscriptJob[] = []
    let asked = 0
    const queue = {
      send: async (job: TranscriptJob) => {
        if (stage.isBroken) throw new Error('no queue')
        jobs.push(job)
      },
    }
    const inbox = { getByName: () => ({ update: async () => null }) }
    const made = () => new Conversation(ctx, Object.assign({}, env, { TRANSCRIPTS: queue, INBOX: inbox }))
    let object = made()
    const as = (who: 'ana' | 'visitor') => script.identity(who)
    const page = async (who: 'ana' | 'visitor') => {
      const answer = await object.page(as(who), {})
      return answer.ok ? answer.list : []
    }
    const stage: Stage = {
      jobs,
      isBroken: false,
      ask: (command = ASK, id = `x:${++asked}`) =>
        object.dispatch({ identity: as('ana'), envelope: { id: id as ClientId, command } }),
      effect: (call) => object.effect(call),
      claim: async () => {
        const answer = await object.effect({ do: 'claim', request: jobs.at(-1)?.request ?? 0 })
        return answer.ok && 'job' in answer ? answer.job.claim : null
      },
      tell: (claim, outcome) => object.effect({ do: 'tell', request: jobs.at(-1)?.request ?? 0, claim, outcome }),
      alarm: () => object.alarm(),
      alarmAt: () => ctx.storage.getAlarm(),
      sleep: () => {
        object = made()
      },
      forgetTimer: () => {
        ctx.storage.sql.exec("UPDATE state SET json = json_remove(json, '$.timers.effects')")
        object = made()
      },
      crash: (run) => {
        const crash = new Error('the power went')
        try {
          ctx.storage.transactionSync(() => {
            void run(object)
            throw crash
          })
        } catch (error) {
          if (error !== crash) throw error
        }
        object = made()
      },
      team: async () =>
        (await page('ana')).flatMap((e) =>
          e.type === 'transcript.settled'
            ? [e.body.outcome]
            : e.type.startsWith('transcript.')
              ? [e.type.slice(11)]
              : [],
        ),
      visible: () => page('visitor'),
      state: async () => {
        const answer = await object.effect({ do: 'list', as: as('ana') })
        return answer.ok && 'list' in answer ? (answer.list[0]?.state ?? 'none') : 'refused'
      },
    }
    await run(stage)
  })
}

describe('a transcript that was asked for', () => {
  it('[TR4][TR6] is handed over, claimed, and told of to both sides', () =>
    onStage(async ({ ask, jobs, claim, tell, team, visible, state }) => {
      expect(await ask()).toMatchObject({ ok: true })
      expect(jobs).toEqual([{ conversation: expect.any(String), request: 1 }])
      expect(JSON.stringify(jobs)).not.toContain('example')
      const held = await claim()
      expect(held).toBe(1)
      await tell(1, ACCEPTED)
      expect(await team()).toEqual(['requested', 'sent', 'sent'])
      const seen = await visible()
      expect(seen.at(-1)).toMatchObject({ type: 'transcript.sent', author: 'system', body: {} })
      expect(JSON.stringify(seen)).not.toContain('vic@example.com')
      expect(await state()).toBe('done')
    }))

  it('[TR6] is named by its own claim: what is delivered twice, or told twice, changes nothing', () =>
    onStage(async ({ ask, claim, tell, team }) => {
      await ask()
      await claim()
      expect(await claim()).toBe(null)
      await tell(1, ACCEPTED)
      expect(await tell(1, NEVER)).toEqual({ ok: false })
      expect(await claim()).toBe(null)
      expect(await team()).toEqual(['requested', 'sent', 'sent'])
    }))

  it('[TR7] knows the moment until which it tells', () =>
    onStage(async ({ ask, effect }) => {
      await ask()
      await ask({ type: 'send_message', text: 'afterwards' })
      const answer = await effect({ do: 'claim', request: 1 })
      expect(answer).toMatchObject({
        job: { until: 2, to: 'vic@example.com', from: 'help@shop.example', name: 'Shop' },
      })
    }))

  it('[Q5][I8] is handed over again by the alarm where the queue was out of reach or lost it', () =>
    onStage(async (stage) => {
      stage.isBroken = true
      await stage.ask()
      expect(stage.jobs).toEqual([])
      expect((await stage.alarmAt()) ?? Number.NaN).toBeLessThanOrEqual(Date.now() + HAND_OVER_MS)
      stage.isBroken = false
      stage.sleep()
      pass(HAND_OVER_MS)
      await stage.alarm()
      expect(stage.jobs).toHaveLength(1)
      // Lost on the way: once more, and never without an alarm to come.
      pass(2 * HAND_OVER_MS)
      await stage.alarm()
      expect(stage.jobs).toHaveLength(2)
      expect(await stage.alarmAt()).toBeGreaterThan(Date.now())
    }))

  it('[I8] is found by the alarm though a version of before has dropped its timer', () =>
    onStage(async (stage) => {
      stage.isBroken = true
      await stage.ask()
      stage.isBroken = false
      stage.forgetTimer()
      pass(HAND_OVER_MS)
      await stage.alarm()
      expect(stage.jobs).toHaveLength(1)
      expect(await stage.alarmAt()).toBeGreaterThan(Date.now())
    }))

  it('[TR6] that the provider refuses for now is tried again, later and later, and fails in the end, with Retry', () =>
    onStage(async (stage) => {
      await stage.ask()
      let sent = 0
      for (let i = 0; i < 20 && (await stage.state()) !== 'failed'; i += 1) {
        const claim = await stage.claim()
        if (claim !== null) {
          sent += 1
          await stage.tell(claim, LATER)
        }
        pass(3_600_000)
        stage.sleep()
        await stage.alarm()
      }
      expect(sent).toBe(8)
      expect(await stage.team()).toEqual(['requested', 'failed'])
      // Retry: the same request, from the beginning.
      expect(await stage.ask({ type: 'retry_transcript', request: 1 })).toMatchObject({ ok: true })
      await stage.tell((await stage.claim()) ?? 0, ACCEPTED)
      expect(await stage.team()).toEqual(['requested', 'failed', 'retried', 'sent', 'sent'])
    }))

  it('[TR5][TR6] that is refused for good fails without Retry, and gives its place back', () =>
    onStage(async ({ ask, claim, tell }) => {
      for (let i = 0; i < 5; i += 1) expect((await ask()).ok).toBe(true)
      expect(await ask()).toMatchObject({ ok: false, refusal: { code: 'too_many_transcripts' } })
      await tell((await claim()) ?? 0, NEVER)
      expect(await ask({ type: 'retry_transcript', request: 5 })).toMatchObject({
        refusal: { code: 'transcript_not_failed' },
      })
      expect((await ask()).ok).toBe(true)
      expect(await ask()).toMatchObject({ ok: false, refusal: { code: 'too_many_transcripts' } })
    }))

  it('[TR6] whose sender fell silent becomes unknown, and is not sent again by itself; what is told late is believed', () =>
    onStage(async (stage) => {
      await stage.ask()
      await stage.claim()
      pass(LEASE_MS - 1)
      stage.sleep()
      await stage.alarm()
      expect(await stage.state()).toBe('running')
      pass(1)
      await stage.alarm()
      expect(await stage.state()).toBe('unknown')
      const before = stage.jobs.length
      for (let i = 0; i < 5; i += 1) {
        pass(86_400_000)
        await stage.alarm()
      }
      expect([stage.jobs.length, await stage.claim()]).toEqual([before, null])
      await stage.tell(1, ACCEPTED)
      expect(await stage.team()).toEqual(['requested', 'unknown', 'sent', 'sent'])
    }))

  it('[CV12] waits while the conversation is being deleted, goes on if that is undone, and ends with it', () =>
    onStage(async (stage) => {
      await stage.ask()
      await stage.ask({ type: 'delete' })
      expect(await stage.claim()).toBe(null)
      await stage.ask({ type: 'restore' })
      const claim = await stage.claim()
      expect(claim).toBe(1)
      // It was under way when it began again: what became of it is not lost.
      await stage.ask({ type: 'delete' })
      await stage.tell(1, ACCEPTED)
      await stage.ask({ type: 'restore' })
      expect(await stage.team()).toEqual(['requested', 'sent', 'sent'])
    }))

  it('[CV12] is forgotten with everything else', async () => {
    const script = await scripted()
    await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    await script.dispatch('ana', 'a:1', ASK)
    await script.dispatch('ana', 'a:2', { type: 'delete' })
    pass(31_000)
    await runInDurableObject(script.stub(), (object) => object.alarm())
    expect(await storedIn(script.stub())).not.toContain('vic@example.com')
  })
})

type Step =
  | 'ask'
  | 'claim'
  | 'send'
  | 'lose'
  | 'alarm'
  | 'sleep'
  | 'hour'
  | 'crash asking'
  | 'crash claiming'
  | 'crash telling'
const STEPS: Step[] = ['claim', 'claim', 'send', 'lose', 'alarm', 'sleep', 'hour', 'crash claiming', 'crash telling']

describe('[Q2] the power goes between any two steps', () => {
  it('[TR6][I2][I4] nothing is sent twice, and what ends says so once', { timeout: 60_000 }, async () => {
    const plays = fc.array(fc.constantFrom<Step>('crash asking', ...STEPS), { minLength: 3, maxLength: 14 })
    await fc.assert(
      fc.asyncProperty(plays, (steps) =>
        onStage(async (stage) => {
          let held: number | null = null
          let sent = 0
          const asks = stage.ask()
          await asks
          for (const step of steps) {
            if (step === 'claim') held = (await stage.claim()) ?? held
            if (step === 'send' && held !== null) {
              sent += 1
              await stage.tell(held, ACCEPTED)
              held = null
            }
            // The provider accepted, and nobody was told.
            if (step === 'lose' && held !== null) {
              sent += 1
              held = null
            }
            if (step === 'alarm') await stage.alarm()
            if (step === 'sleep') stage.sleep()
            if (step === 'hour') pass(3_600_000)
            if (step === 'crash asking') stage.crash(() => stage.ask(ASK, 'lost:1'))
            if (step === 'crash claiming') stage.crash(() => stage.effect({ do: 'claim', request: 1 }))
            if (step === 'crash telling' && held !== null) {
              const claim = held
              stage.crash(() => stage.tell(claim, ACCEPTED))
            }
          }
          // Left alone with a consumer that works.
          for (let i = 0; i < 12 && ['pending', 'running'].includes(await stage.state()); i += 1) {
            const claim = await stage.claim()
            if (claim !== null) {
              sent += 1
              await stage.tell(claim, ACCEPTED)
            }
            pass(3_600_000)
            stage.sleep()
            await stage.alarm()
          }
          expect(sent).toBeLessThanOrEqual(1)
          const told = await stage.team()
          expect(['done', 'unknown']).toContain(await stage.state())
          expect(told.filter((one) => one === 'requested')).toHaveLength(1)
          if (sent === 1 && (await stage.state()) === 'done')
            expect(told.filter((one) => one === 'sent')).toHaveLength(2)
          const numbers = (await stage.visible()).map(({ n }) => n)
          expect(numbers).toEqual(numbers.map((_, i) => i + 1))
        }),
      ),
      { numRuns: times(40) },
    )
  })
})
