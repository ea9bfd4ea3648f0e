import { createRoot } from 'solid-js'
import { afterEach, expect, it, vi } from 'vitest'
import { createOutbox, type Outbox } from '../../web/widget/outbox/createOutbox.ts'
import { type OutboxStore, openOutboxStore } from '../../web/widget/outbox/outboxStore.ts'
import type { Unsent } from '../../web/widget/outbox/unsent.ts'

afterEach(() => vi.unstubAllGlobals())

/** An outbox on a store that is asked and never gets to answer: the page goes before. */
async function outboxOf(put: (item: Unsent) => void): Promise<Outbox> {
  const never = new Promise<never>(() => undefined)
  const store: OutboxStore = {
    read: async () => [],
    put: (item) => {
      put(item)
      return never
    },
    remove: () => never,
  }
  const outbox = createRoot(() => createOutbox({ channel: 'ch_1', store: Promise.resolve(store), onBegun: vi.fn() }))
  await vi.waitFor(() => expect(outbox.loaded()).toBe(true))
  return outbox
}

it('[DL5] what is written is asked to be kept at once, however many writes have not been answered', async () => {
  const put: string[] = []
  const outbox = await outboxOf(({ text }) => put.push(text))
  for (const text of ['one', 'two', 'three']) outbox.add(null, text)
  await Promise.resolve()
  expect(put).toEqual(['one', 'two', 'three'])
})

it('[DL5] the database is told to keep it in the same breath: the page may go before it hears that it did', async () => {
  const calls: string[] = []
  const put = ({ text }: Unsent): object => {
    calls.push(`put ${text}`)
    return {}
  }
  const transaction = { objectStore: () => ({ put }), commit: () => calls.push('commit') }
  const asked: { result: object; onsuccess?: () => void } = { result: { transaction: () => transaction } }
  vi.stubGlobal('indexedDB', { open: () => asked })
  const opening = openOutboxStore('ch_1')
  asked.onsuccess?.()
  const store = await opening
  void store.put({ id: 'a:1' as Unsent['id'], to: 'a:1', text: 'Bye', at: 1, tried: false })
  expect(calls).toEqual(['put Bye', 'commit'])
})
