import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UNDO_MS } from '../../core/conversation/deletion.ts'
import { Purge, type PurgeStep, purgeSteps } from '../../durable-objects/conversation/purge.ts'
import { Store } from '../../durable-objects/conversation/store.ts'
import { asleep } from '../support/asleep.ts'
import { storedIn, storedInD1 } from '../support/corpora/stored.ts'
import { inboxStub } from '../support/play.ts'
import { rings } from '../support/rings.ts'
import { MEMBERS, scripted, WORKSPACE } from '../support/scripted.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
afterEach(() => void vi.useRealTimers())

/** The last word of a step that is interrupted: before it, or after what it did and before that was written down. */
type When = 'before' | 'after'
const POINTS: Array<[step: string, when: When]> = ['drain', 'files', 'index'].flatMap((step) => [
  [step, 'before'],
  [step, 'after'],
])

async function deleted() {
  const canary = `canary-${crypto.randomUUID()}`
  const script = await scripted()
  await script.dispatch('visitor', 'v:1', { type: 'start', text: canary })
  await script.dispatch('ana', 'a:1', { type: 'add_note', text: canary })
  await script.dispatch('ana', 'a:2', { type: 'delete' })
  vi.setSystemTime(Date.now() + UNDO_MS)
  /** A place of its own, as files will have one. */
  const files = new Map([[script.id, canary]])
  const calls: string[] = []
  const steps = (before: (name: string) => void, after: (name: string) => void): PurgeStep[] => {
    const purgeIndex = async (receipt: Parameters<PurgeStep['run']>[0]) => {
      if (!(await inboxStub(WORKSPACE).purge(script.id, receipt))) throw new Error('not taken')
    }
    const [drain, index] = purgeSteps({ drain: { end: async () => {} }, purgeIndex })
    if (!drain || !index) throw new Error('there are two steps')
    const extra: PurgeStep = { name: 'files', run: async () => void files.delete(script.id) }
    return [drain, extra, index].map(({ name, run }) => ({
      name,
      run: async (receipt) => {
        before(name)
        calls.push(name)
        await run(receipt)
        after(name)
      },
    }))
  }
  const gone = async () => {
    for (const kept of [await storedIn(script.stub()), await storedIn(inboxStub(WORKSPACE)), await storedInD1()])
      expect(kept).not.toContain(canary)
    expect(files.size).toBe(0)
    expect(JSON.parse(await storedIn(script.stub()))).toContainEqual([
      'state',
      [expect.objectContaining({ json: expect.stringContaining('buriedAt') })],
    ])
    const receipts = await env.DB.prepare('SELECT detail FROM audit_log WHERE subject = ?').bind(script.id).all()
    expect(receipts.results).toEqual([{ detail: '{"entries":{"public":2,"team":2}}' }])
  }
  return { script, calls, steps, gone, canary }
}

/** One attempt in an instance of its own. */
async function attempt({ stub }: Awaited<ReturnType<typeof scripted>>, steps: PurgeStep[]): Promise<boolean> {
  return runInDurableObject(stub(), async (_object, ctx) => {
    const store = new Store(ctx.storage)
    const record = store.load()
    if (!record) return true
    return new Purge({ store, steps, now: Date.now, buried: () => {}, report: () => {} }).advance(record)
  })
}

describe('a purge', () => {
  it.each(POINTS)(
    '[CV12] that fails at "%s" (%s) goes on from there, and ends with nothing left',
    async (step, when) => {
      const { script, calls, steps, gone } = await deleted()
      const failing = (at: When) => (name: string) => {
        if (name === step && at === when) throw new Error('failed')
      }
      expect(await attempt(script, steps(failing('before'), failing('after')))).toBe(false)
      await asleep(script.stub())
      const done = calls.length
      const none = () => {}
      expect(await attempt(script, steps(none, none))).toBe(true)
      // What was done and written down is not done again.
      expect(calls.slice(done)).toEqual(['drain', 'files', 'index'].slice(['drain', 'files', 'index'].indexOf(step)))
      await gone()
    },
  )

  it.each(POINTS)('[CV12] whose object crashes at "%s" (%s) is finished by the next', async (step, when) => {
    const { script, steps, gone } = await deleted()
    const crashed = await runInDurableObject(script.stub(), async (_object, ctx) => {
      const store = new Store(ctx.storage)
      const crash = (at: When) => (name: string) => {
        if (name === step && at === when) ctx.abort('crash')
      }
      const record = store.load()
      if (!record) throw new Error('it was deleted, not purged')
      const list = steps(crash('before'), crash('after'))
      await new Purge({ store, steps: list, now: Date.now, buried: () => {}, report: () => {} }).advance(record)
      await ctx.storage.sync()
    }).catch(() => 'crashed')
    expect(crashed).toBe('crashed')
    const none = () => {}
    expect(await attempt(script, steps(none, none))).toBe(true)
    await gone()
  })

  it('[PR3] leaves a receipt for each deletion, also of what is begun anew under the same id', async () => {
    const id = 'begunanew'
    const receipt = (at: number) =>
      ({ workspace: WORKSPACE, by: `agent:${MEMBERS.ana}`, at, entries: { public: at, team: 1 } }) as const
    for (const at of [1, 1, 2]) expect(await inboxStub(WORKSPACE).purge(id, receipt(at))).toBe(true)
    const kept = await env.DB.prepare('SELECT at FROM audit_log WHERE subject = ? ORDER BY at').bind(id).raw()
    expect(kept).toEqual([[1], [2]])
  })

  it('[CV12] is driven by the alarm alone, whatever became of who asked for it', async () => {
    const { script, canary } = await deleted()
    await asleep(script.stub())
    await rings(script.stub())
    await asleep(script.stub())
    expect(await storedIn(script.stub())).not.toContain(canary)
    expect(await storedInD1()).not.toContain(canary)
    const next = await runInDurableObject(script.stub(), (_object, ctx) => ctx.storage.getAlarm())
    expect((next ?? 0) - Date.now()).toBe(90 * 86_400_000)
  })
})
