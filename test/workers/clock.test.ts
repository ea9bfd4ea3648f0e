/** A clock that jumps: times never go back, limits stay right to the millisecond, nothing is shut for a week. */
import { afterEach, expect, it, vi } from 'vitest'
import type { Entry } from '../../core/conversation/entries.ts'
import { FLOOD_LIMITS } from '../../core/conversation/limits.ts'
import { DEFAULT_POLICY } from '../../core/conversation/policy.ts'
import { eventually } from '../support/eventually.ts'
import { agent, colleague, openLine, visitor } from '../support/play.ts'
import { type Dispatch, scripted } from '../support/scripted.ts'

const HOUR = 3_600_000
const JUMPS = [HOUR, -HOUR, 8 * 24 * HOUR, -8 * 24 * HOUR]
const EPOCH = Date.UTC(2030, 0, 15, 12)

afterEach(() => vi.useRealTimers())

const at = (now: number) => vi.useFakeTimers({ toFake: ['Date'], now })

const says = (dispatch: Dispatch, who: 'visitor' | 'ana', n: number) =>
  dispatch(who, `${who}:${n}`, { type: 'send_message', text: `message ${n}` })

/** Within the limits of every installation, not the wide ones of the other suites. */
const limited = () => scripted({ ...DEFAULT_POLICY, version: 1 })

const isAscending = (entries: readonly Entry[]) =>
  entries.every((entry, i) => i === 0 || entry.at >= (entries[i - 1]?.at ?? 0))

it.each(JUMPS)('[Q8][DL4] a clock that jumps by %i ms: no time of either log goes back', async (jump) => {
  at(EPOCH)
  const conversation = await limited()
  await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
  await conversation.within(async ({ dispatch, sleep, log }) => {
    for (const [i, now] of [EPOCH + 1_000, EPOCH + jump, EPOCH + jump + 1_000, EPOCH + 2_000].entries()) {
      at(now)
      sleep()
      await says(dispatch, 'visitor', i + 2)
      await dispatch('ana', `n:${i + 1}`, { type: 'add_note', text: `note ${i}` })
      await says(dispatch, 'ana', i + 1)
    }
    expect(isAscending(await log('visitor'))).toBe(true)
    expect(isAscending(await log('ana'))).toBe(true)
    expect((await log('ana')).filter((entry) => 'text' in entry.body)).toHaveLength(13)
  })
})

it('[Q8][DL9] refused one millisecond early, taken on time; the time named is never in the past', async () => {
  at(EPOCH)
  const conversation = await limited()
  await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
  await conversation.within(async ({ dispatch, sleep }) => {
    for (let n = 2; n <= FLOOD_LIMITS.quick.burst; n += 1) expect((await says(dispatch, 'visitor', n)).ok).toBe(true)
    const refused = await says(dispatch, 'visitor', 90)
    const retryAt = refused.ok ? 0 : (refused.refusal.retryAt ?? 0)
    expect(retryAt).toBe(EPOCH + FLOOD_LIMITS.quick.everyMs)
    sleep()
    at(retryAt - 1)
    const early = await says(dispatch, 'visitor', 91)
    expect(early).toMatchObject({ ok: false, refusal: { code: 'rate_limited', retryAt } })
    at(retryAt)
    expect((await says(dispatch, 'visitor', 92)).ok).toBe(true)
  })
})

it.each(JUMPS.filter((jump) => jump < 0))(
  '[Q8][DL9] a clock set back by %i ms does not shut the visitor out for as long',
  async (jump) => {
    at(EPOCH)
    const conversation = await limited()
    await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    await conversation.within(async ({ dispatch }) => {
      for (let n = 2; n <= FLOOD_LIMITS.quick.burst; n += 1) await says(dispatch, 'visitor', n)
      expect((await says(dispatch, 'visitor', 90)).ok).toBe(false)
      at(EPOCH + jump)
      const next = await says(dispatch, 'visitor', 91)
      const wait = next.ok ? 0 : (next.refusal.retryAt ?? Number.NaN) - Date.now()
      expect(wait).toBeLessThanOrEqual(FLOOD_LIMITS.quick.burst * FLOOD_LIMITS.quick.everyMs)
      expect(wait).toBeGreaterThanOrEqual(0)
    })
  },
)

it('[Q8][MS8] the window of an edit counts from the time the message shows, whatever the clock did since', async () => {
  at(EPOCH)
  const conversation = await limited()
  await conversation.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
  const said = await says(conversation.dispatch, 'ana', 1)
  const ref = said.ok ? (said.entries.at(-1)?.n ?? 0) : 0
  const edit = (n: number) => conversation.dispatch('ana', `e:${n}`, { type: 'edit_message', ref, text: `edited ${n}` })
  at(EPOCH - HOUR)
  expect((await edit(1)).ok).toBe(true)
  at(EPOCH + 15 * 60_000)
  expect((await edit(2)).ok).toBe(true)
  at(EPOCH + 15 * 60_000 + 1)
  expect(await edit(3)).toMatchObject({ ok: false, refusal: { code: 'edit_window_over' } })
})

it('[Q8][PR2] rights that changed while the clock was ahead shut nobody out once it is right', async () => {
  const [owner, ben, vic] = [await agent(), await colleague('Ben'), await (await visitor()).arrives('hello')]
  at(Date.now() + HOUR)
  await owner.ask(`/api/v1/members/${ben.member}`, { method: 'PATCH', body: { role: 'admin' } })
  vi.useRealTimers()
  for (const path of [`/api/v1/inbox/socket?workspace=${ben.workspace}`, `/api/v1/conversations/${vic.id}/socket`])
    await eventually(async () => {
      const line = await openLine<{ type: string }>(path, { cookie: ben.cookie })
      await scheduler.wait(50)
      expect(line.closed).toBeNull()
    })
})
