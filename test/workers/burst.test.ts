/** Messages that follow each other fast: the record is written after them, and never missed. */
import { describe, expect, it, vi } from 'vitest'
import { TAIL_BURST_MAX, TAIL_MAX } from '../../core/conversation/replay.ts'
import { behind } from '../support/asleep.ts'
import { type Inside, scripted } from '../support/scripted.ts'

const COUNT = 60

async function says({ dispatch }: Pick<Inside, 'dispatch'>, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1)
    await dispatch('visitor', `v:${n}`, { type: 'send_message', text: `message ${n}` })
}

describe('[DL1] a burst of messages', () => {
  it('writes the record seldom meanwhile, and once it is over', async () => {
    const { dispatch, stub } = await scripted()
    await dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    let most = 0
    for (let n = 2; n <= COUNT; n += 1) {
      await says({ dispatch }, n, n)
      most = Math.max(most, await behind(stub()))
    }
    expect(most).toBeGreaterThan(TAIL_MAX)
    expect(most).toBeLessThanOrEqual(TAIL_BURST_MAX)
    await vi.waitFor(async () => expect(await behind(stub())).toBeLessThanOrEqual(TAIL_MAX), { timeout: 3_000 })
  })

  it('is all there, and counted, when the power goes in the middle of it', async () => {
    const { within } = await scripted()
    await within(async (inside) => {
      await inside.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
      await says(inside, 2, COUNT - 1)
      const before = [await inside.row(), await inside.read('visitor'), await inside.log('ana')]
      inside.sleep()
      expect([await inside.row(), await inside.read('visitor'), await inside.log('ana')]).toEqual(before)
      await inside.crashAfter('visitor', `v:${COUNT}`, { type: 'send_message', text: 'the last one' })
      expect(await inside.row()).toMatchObject({ visitorMessages: COUNT, lastMessage: { text: 'the last one' } })
      // What was sent before the power went is sent again, and is there once.
      for (const n of [2, COUNT - 1]) {
        const again = { type: 'send_message', text: `message ${n}` } as const
        expect(await inside.dispatch('visitor', `v:${n}`, again)).toMatchObject({ ok: true, repeated: true })
      }
      expect((await inside.row()).visitorMessages).toBe(COUNT)
    })
  })
})
