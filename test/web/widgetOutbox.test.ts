import { createRoot } from 'solid-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createOutbox, type Outbox } from '../../web/widget/outbox/createOutbox.ts'
import { type OutboxStore, openOutboxStore } from '../../web/widget/outbox/outboxStore.ts'
import type { Unsent } from '../../web/widget/outbox/unsent.ts'
import { eventually } from '../support/eventually.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

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
  await eventually(() => expect(outbox.loaded()).toBe(true))
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

/** A database that answers, once it is opened at all. */
function slowDatabase(stored: Map<string, Unsent>) {
  const asking = (result: unknown) => ({ result })
  const store = {
    getAll: () => asking([...stored.values()]),
    put: (item: Unsent) => asking(stored.set(item.id, item)),
    delete: (id: string) => asking(stored.delete(id)),
  }
  const transaction = () => {
    const begun = { objectStore: () => store, commit: () => undefined, oncomplete: () => undefined }
    queueMicrotask(() => begun.oncomplete())
    return begun
  }
  const asked: { result: object; onsuccess?: () => void; onerror?: () => void } = { result: { transaction } }
  vi.stubGlobal('indexedDB', { open: () => asked })
  return asked
}

it('[DL5] without a database keeps what it can, whatever else stands where the website keeps it', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const kept = { 'unsent:a:1': 'not ours', 'unsent:a:2': JSON.stringify({ id: 'a:2', to: 'a:2', text: 'Bye', at: 1 }) }
  const store = await openOutboxStore('ch_1', { kept: () => kept, keep: () => undefined })
  expect((await store.read()).map(({ text }) => text)).toEqual(['Bye'])
})

describe('[DL5] a database that opens late', () => {
  const website = new Map<string, string>()
  const host = {
    kept: () => ({}),
    keep: (name: string, text: string | undefined) =>
      void (text === undefined ? website.delete(name) : website.set(name, text)),
  }
  const earlier = { id: 'a:1' as Unsent['id'], to: 'a:1', text: 'from an earlier page', at: 1, tried: true }
  const texts = (outbox: Outbox) => outbox.items().map(({ text }) => text)

  async function writesMeanwhile(stored: Map<string, Unsent>) {
    vi.useFakeTimers()
    const asked = slowDatabase(stored)
    const store = openOutboxStore('ch_1', host)
    const outbox = createRoot(() => createOutbox({ channel: 'ch_1', store, onBegun: vi.fn() }))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(outbox.loaded()).toBe(true)
    outbox.add(null, 'sent meanwhile')
    outbox.add(null, 'written meanwhile')
    outbox.remove(outbox.items()[0]?.id ?? '')
    await vi.advanceTimersByTimeAsync(1_000)
    expect([...website.values()].map((text) => JSON.parse(text).text)).toEqual(['written meanwhile'])
    return { asked, outbox }
  }

  it('brings what earlier pages left, and takes over what was written meanwhile', async () => {
    const stored = new Map([[earlier.id, earlier]])
    const { asked, outbox } = await writesMeanwhile(stored)
    expect(texts(outbox)).toEqual(['written meanwhile'])
    asked.onsuccess?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(texts(outbox)).toEqual(['from an earlier page', 'written meanwhile'])
    expect([...stored.values()].map(({ text }) => text)).toEqual(['from an earlier page', 'written meanwhile'])
    expect(website.size).toBe(0)
    outbox.remove(earlier.id)
    outbox.add(null, 'and later')
    await vi.advanceTimersByTimeAsync(0)
    expect([...stored.values()].map(({ text }) => text)).toEqual(['written meanwhile', 'and later'])
  })

  it('or never changes nothing', async () => {
    const { asked, outbox } = await writesMeanwhile(new Map())
    asked.onerror?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(texts(outbox)).toEqual(['written meanwhile'])
    expect(website.size).toBe(1)
  })
})
