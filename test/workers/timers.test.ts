import { runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_POLICY } from '../../core/conversation/policy.ts'
import { encodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import { asleep } from '../support/asleep.ts'
import { isHeard } from '../support/heard.ts'
import { rings } from '../support/rings.ts'
import { scripted, WORKSPACE } from '../support/scripted.ts'

const DAY_MS = 86_400_000
const SILENCE = { ...DEFAULT_POLICY, version: 1, closeAfterMs: 7 * DAY_MS }
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

type Script = Awaited<ReturnType<typeof scripted>>
const alarmOf = ({ stub }: Script) => runInDurableObject(stub(), (_object, ctx) => ctx.storage.getAlarm())
const statuses = async ({ log }: Script) =>
  (await log('ana')).flatMap((e) => (e.type === 'conversation.status_changed' ? [`${e.author}: ${e.body.to}`] : []))

/**
 * As the platform does it: the alarm goes off when it is due,
 * and again if it was set again, until `ms` have passed.
 */
async function live(script: Script, ms: number): Promise<number> {
  const end = Date.now() + ms
  for (let rung = 0; ; rung += 1) {
    const at = await alarmOf(script)
    if (at === null || at > end) {
      vi.setSystemTime(end)
      return rung
    }
    vi.setSystemTime(Math.max(at, Date.now()))
    await asleep(script.stub())
    await rings(script.stub())
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('a conversation that falls silent', () => {
  it('[CV13] is closed by the system after the time of its policy, counted from the last message', async () => {
    const script = await scripted(SILENCE)
    await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    await live(script, 6 * DAY_MS)
    await script.dispatch('ana', 'a:1', { type: 'send_message', text: 'still there?' })
    // A note breaks no silence.
    await live(script, 3 * DAY_MS)
    await script.dispatch('ana', 'a:2', { type: 'add_note', text: 'no answer' })
    await live(script, 4 * DAY_MS - 1)
    expect((await statuses(script)).at(-1)).toBe('agent:m_ana: active_human')
    await live(script, 1)
    expect((await statuses(script)).at(-1)).toBe('system: closed')
    await isHeard(WORKSPACE, script.id, { status: 'closed' })
    // Once, and never a closed one; a message begins the silence anew.
    await live(script, 30 * DAY_MS)
    expect(await alarmOf(script)).toBe(null)
    await script.dispatch('visitor', 'v:2', { type: 'send_message', text: 'back' })
    await live(script, 7 * DAY_MS)
    expect((await statuses(script)).filter((s) => s === 'system: closed')).toHaveLength(2)
  })

  it('[CV13] stays open without such a policy', async () => {
    const script = await scripted()
    await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    await live(script, 400 * DAY_MS)
    expect(await statuses(script)).toEqual([`visitor:${script.device}: waiting_human`])
    expect(await alarmOf(script)).toBe(null)
  })

  it('[CV13] follows a policy that comes later, with whoever connects', async () => {
    const script = await scripted()
    await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    await live(script, DAY_MS)
    expect(await alarmOf(script)).toBe(null)
    const identity = { ...script.identity('visitor'), policy: { ...SILENCE, version: 2 } }
    const headers = { upgrade: 'websocket', [IDENTITY_HEADER]: encodeIdentity(identity) }
    const { webSocket } = await script.stub().fetch('http://object/socket', { headers })
    webSocket?.accept()
    webSocket?.close()
    await live(script, 6 * DAY_MS)
    expect((await statuses(script)).at(-1)).toBe('system: closed')
  })

  it('[CV13] asks for the alarm as seldom as one without: the silence costs nothing per message', async () => {
    const count = async (policy?: typeof SILENCE) => {
      const script = await scripted(policy)
      const asked = vi.fn()
      await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
      await runInDurableObject(script.stub(), async (object, ctx) => {
        const original = ctx.storage.setAlarm.bind(ctx.storage)
        vi.spyOn(Object.getPrototypeOf(ctx.storage), 'setAlarm').mockImplementation((...args) => {
          asked()
          return original(...(args as [number]))
        })
        for (let i = 2; i <= 50; i += 1) {
          pass(500)
          await object.dispatch({
            identity: script.identity('visitor'),
            envelope: { id: `v:${i}` as never, command: { type: 'send_message', text: `${i}` } },
          })
        }
      })
      vi.restoreAllMocks()
      return asked.mock.calls.length
    }
    expect([await count(), await count(SILENCE)]).toEqual([0, 0])
  })
})
