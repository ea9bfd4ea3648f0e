/**
 * Q1: the runtime is killed again and again, at any moment, under traffic over HTTP and sockets. What was acknowledged
 * is stored exactly once and in order; the logs have no gap.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Entry } from '../../core/conversation/entries.ts'
import { allEntries, type Client, firstChannel, newVisitor, setUp } from './support/client.ts'
import { isServed, Product } from './support/product.ts'
import { type Writer, writeByHttp, writeBySocket } from './support/writers.ts'

const SCALE = Number(process.env['FOYER_TEST_SCALE'] ?? 1)
const KILLS = 10 * SCALE
/** Acknowledgements between two kills, at least; the long run asks for more of them per kill. */
const ACKS_PER_KILL = SCALE > 1 ? 1_000 : 40
const VISITORS = 4

let product: Product
let owner: Client

before(async () => {
  product = await Product.open()
  owner = await setUp(product, 'https://shop.example')
})
after(() => product.close())

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Each visitor writes in a conversation of their own; agents write in every one of them, by socket and by HTTP. */
async function company(): Promise<Writer[]> {
  const channel = await firstChannel(owner)
  const rooms = []
  for (let i = 1; i <= VISITORS; i += 1) {
    const visitor = await newVisitor(product.origin, channel.id, `203.0.113.${i}`)
    const { body, status } = await visitor.start(`start${i}:1`, `visitor ${i} says hello`)
    assert.equal(status, 201)
    rooms.push({ i, visitor, conversation: body.id })
  }
  return rooms.flatMap(({ i, visitor, conversation }) => {
    const visitorSocket = () =>
      visitor.client.socket(`/widget/v1/conversations/${conversation}/socket`, ['foyer.v1', `t.${visitor.token}`])
    const agentSocket = () => owner.socket(`/api/v1/conversations/${conversation}/socket`)
    return [
      writeBySocket({ conversation, instance: `v${i}`, window: 1, notes: false, open: visitorSocket }),
      writeBySocket({ conversation, instance: `a${i}`, window: 4, notes: true, open: agentSocket }),
      ...(i % 2 === 0 ? [writeByHttp(owner, conversation, `h${i}`)] : []),
    ]
  })
}

const acknowledged = (writers: readonly Writer[]) => writers.reduce((sum, writer) => sum + writer.promised.size, 0)

async function untilMore(writers: readonly Writer[], acks: number): Promise<void> {
  const goal = acknowledged(writers) + acks
  for (let waited = 0; acknowledged(writers) < goal; waited += 5) {
    assert.ok(waited < 60_000, `traffic goes on: ${acknowledged(writers)} of ${goal} acknowledged`)
    await pause(5)
  }
}

/** What differs between all promises that were given until now and what is stored. */
async function allFaults(writers: readonly Writer[]): Promise<string[]> {
  const faults: string[] = []
  for (const id of new Set(writers.map((writer) => writer.conversation))) {
    const here = writers
      .filter((writer) => writer.conversation === id)
      .map((writer) => ({ ...writer, promised: new Map(writer.promised) }))
    faults.push(...faultsOf(here, await allEntries(owner, id)))
  }
  return faults.slice(0, 10)
}

/** What differs between the promises of the writers and one conversation as it is stored. */
function faultsOf(writers: readonly Writer[], stored: readonly Entry[]): string[] {
  const faults: string[] = []
  for (const log of ['public', 'team'] as const) {
    const numbers = stored.filter((entry) => 'after' in entry === (log === 'team')).map((entry) => entry.n)
    if (numbers.some((n, i) => n !== i + 1)) faults.push(`the ${log} log has a gap or a double`)
  }
  for (const { instance, promised } of writers) {
    const own = stored.filter((entry) => entry.clientId?.startsWith(`${instance}:`))
    const counts = new Map<string, number>()
    for (const entry of own) counts.set(entry.clientId ?? '', (counts.get(entry.clientId ?? '') ?? 0) + 1)
    for (const [id, count] of counts) if (count > 1) faults.push(`${id} is stored ${count} times`)
    const texts = new Map(own.map((entry) => [entry.clientId, entry]))
    for (const [id, { text, n }] of promised) {
      const entry = texts.get(id as Entry['clientId'])
      const body = entry && 'text' in entry.body ? entry.body.text : null
      if (!entry) faults.push(`${id} was acknowledged and is lost`)
      else if (body !== text || (n !== null && entry.n !== n))
        faults.push(`${id} is stored otherwise than acknowledged`)
    }
    // Public and team entries of one writer are numbered apart: each log must be in the order of writing.
    for (const team of [false, true]) {
      const order = own
        .filter((entry) => 'after' in entry === team)
        .map((entry) => Number(entry.clientId?.split(':')[1]))
      if (order.some((n, i) => i > 0 && n <= (order[i - 1] ?? 0))) faults.push(`${instance} is stored out of order`)
    }
  }
  return faults
}

test(`[Q1] [DL1] ${KILLS} kills of the whole group under traffic: nothing lost, doubled or out of order`, async () => {
  const writers = await company()
  await untilMore(writers, ACKS_PER_KILL)
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await pause(Math.random() * 400)
    await product.crash()
    assert.equal(await isServed(product.port), false, 'nobody serves the port after a kill')
    await product.start()
    await untilMore(writers, ACKS_PER_KILL)
    // What a single kill can lose is seen at once.
    if (kill === 1) assert.deepEqual(await allFaults(writers), [])
  }
  await Promise.all(writers.map((writer) => writer.finish()))
  // What is written late is not lost: whatever is missing below was lost in a crash.
  await pause(1_000)

  const faults = await allFaults(writers)
  console.log(`${KILLS} kills, ${acknowledged(writers)} acknowledged, ${faults.length} faults`)
  assert.deepEqual(faults, [])
})
