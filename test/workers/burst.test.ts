/** Messages that follow each other fast: the record is written after them, and never missed. */
import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { TAIL_BURST_MAX, TAIL_MAX } from '../../core/conversation/replay.ts'
import type { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { behind, behindIn } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { type Inside, scripted } from '../support/scripted.ts'

const COUNT = 60

const saying = (n: number) => ['visitor', `v:${n}`, { type: 'send_message', text: `message ${n}` }] as const

async function says({ dispatch }: Pick<Inside, 'dispatch'>, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) await dispatch(...saying(n))
}

describe('[DL1] a burst of messages', () => {
  it('writes the record seldom meanwhile, and once it is over', async () => {
    const { dispatch, call, stub } = await scripted()
    await dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    // Within one turn: no moment comes at which the record is written because the burst is over.
    const most = await runInDurableObject(stub(), async (object: Conversation, { storage }) => {
      let found = 0
      for (let n = 2; n <= TAIL_BURST_MAX + 10; n += 1) {
        await object.dispatch(call(...saying(n)))
        found = Math.max(found, behindIn(storage))
      }
      return found
    })
    expect(most).toBe(TAIL_BURST_MAX)
    await eventually(async () => expect(await behind(stub())).toBeLessThanOrEqual(TAIL_MAX))
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
        expect(await inside.dispatch(...saying(n))).toMatchObject({ ok: true, repeated: true })
      }
      expect((await inside.row()).visitorMessages).toBe(COUNT)
    })
  })
})
