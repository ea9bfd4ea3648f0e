/**
 * Visitors on bad networks: what they wrote is never lost,
 * never doubled, never out of order, and never called sent too early.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allEntries, conversationList } from './support/client.ts'
import { isServed, until } from './support/product.ts'
import { stage } from './support/stage.ts'
import type { Visitor } from './support/visitor.ts'

const { agent, colleague, now, visitor } = stage()

/** What was written in one go; a visitor may write 200 in an hour (DL9). */
const WRITTEN = Number(process.env['FOYER_TEST_SCALE'] ?? 1) > 1 ? 199 : 29
const FLAPS = 3
/** At two a second, once the first twenty are through. */
const PATIENCE_MS = 20_000 + WRITTEN * 600

/** The messages of one conversation as they are stored; notes too. */
async function stored(first: string): Promise<string[]> {
  const { owner } = now()
  for (const { id } of await conversationList(owner)) {
    const texts = (await allEntries(owner, id)).flatMap((entry) => ('text' in entry.body ? entry.body.text : []))
    if (texts.includes(first)) return texts
  }
  return []
}

async function seesAll(who: Visitor, texts: readonly string[], withinMs?: number): Promise<void> {
  await until(
    async () => (await who.texts()).join('|') === texts.join('|') && !/Sending…|Queued/.test(await who.reads()),
    `all of it is stored and shown: ${texts.length}`,
    withinMs,
  )
}

test('[DL3] [DL5] offline visitor, agent writing, killed server: one order for two agents and three tabs', async () => {
  const ben = await colleague('Ben Okri')
  const [vic, ana, bo] = await Promise.all([visitor(), agent(), agent(ben)])
  await vic.says('Is it dishwasher safe?')
  const aside = await vic.anotherTab()
  await Promise.all([ana.opens('Is it dishwasher safe?'), bo.opens('Is it dishwasher safe?')])

  await vic.losesNetwork()
  for (const text of ['one from the tunnel', 'two from the tunnel', 'three from the tunnel']) await vic.writes(text)
  await ana.says('It is.')
  await ana.notes('NOTE-5150 the old model is not')
  await ana.says('Up to 60 degrees.')
  assert.doesNotMatch(await vic.reads(), /· Sent/, 'nothing is called sent that is not stored')
  await now().product.crash()
  assert.equal(await isServed(now().product.port), false)
  await now().product.start()
  await vic.losesNetwork(false)

  const publicly = [
    'Is it dishwasher safe?',
    'It is.',
    'Up to 60 degrees.',
    'one from the tunnel',
    'two from the tunnel',
    'three from the tunnel',
  ]
  await seesAll(vic, publicly, 40_000)
  await seesAll(aside, publicly)
  const teamwide = [...publicly.slice(0, 2), 'NOTE-5150 the old model is not', ...publicly.slice(2)]
  await until(async () => (await ana.texts()).join('|') === teamwide.join('|'), 'Ana sees the same order and the note')
  await until(async () => (await bo.texts()).join('|') === teamwide.join('|'), 'Ben sees what Ana sees')
  assert.deepEqual(await stored('Is it dishwasher safe?'), teamwide)
  for (const tab of [vic, aside]) assert.doesNotMatch(await tab.reads(), /NOTE-5150/)
})

test('[DL5] a message that waits survives a reload and the closing of the tab, and is sent once', async () => {
  const vic = await visitor()
  await vic.says('I am on a train.')
  await now().product.crash()
  await vic.writes('Before the bridge.')
  await until(async () => /Sending…|Queued/.test(await vic.reads()), 'it waits')
  await vic.closesTab()
  await now().product.start()
  await vic.comesBack()
  await seesAll(vic, ['I am on a train.', 'Before the bridge.'])
  await vic.reloads()
  await seesAll(vic, ['I am on a train.', 'Before the bridge.'])
  assert.deepEqual(await stored('I am on a train.'), ['I am on a train.', 'Before the bridge.'])
})

test('[DL2] two tabs share what waits: both show it, one sends it', async () => {
  const vic = await visitor()
  await vic.says('Two tabs.')
  const aside = await vic.anotherTab()
  await vic.losesNetwork()
  await vic.writes('from the left')
  await aside.writes('from the right')
  await vic.writes('from the left again')
  const all = ['Two tabs.', 'from the left', 'from the right', 'from the left again']
  for (const tab of [vic, aside])
    await until(async () => (await tab.texts()).join('|') === all.join('|'), 'both tabs show what waits')
  await vic.losesNetwork(false)
  for (const tab of [vic, aside]) await seesAll(tab, all, 40_000)
  assert.deepEqual(await stored('Two tabs.'), all)
})

test(`[Q14] ${WRITTEN + 1} written through flaps, reloads and a crash: stored once, in order`, async () => {
  const vic = await visitor()
  await vic.says('message 0')
  const all = ['message 0']
  const flapEvery = Math.ceil(WRITTEN / FLAPS)
  for (let i = 1; i <= WRITTEN; i += 1) {
    if (i % flapEvery === 1) await vic.losesNetwork()
    if (i % flapEvery === Math.ceil(flapEvery / 2)) await vic.losesNetwork(false)
    if (i === flapEvery) await vic.reloads()
    if (i === flapEvery * 2 - 2) {
      await now().product.crash()
      await now().product.start()
    }
    await vic.writes(`message ${i}`)
    all.push(`message ${i}`)
  }
  await vic.losesNetwork(false)
  await vic.closesTab()
  await vic.comesBack()
  await until(async () => (await stored('message 0')).length === all.length, 'everything arrives', PATIENCE_MS)
  assert.deepEqual(await stored('message 0'), all)
  await seesAll(vic, all)
})
