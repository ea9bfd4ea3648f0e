/** One workspace at full desk: fifty dashboards, a thousand open conversations, a hundred messages a second. */

import { median, quantile, sleep } from './figures.ts'
import { type Desk, type Foyer, watchInbox } from './foyer.ts'
import type { Figures, Stage } from './scenarios.ts'
import { openAll, Talk } from './talk.ts'

const PER_SECOND = 100
/** Half of the messages go to these few, so that there is something to gather. */
const HOT = 5

export async function inbox(stage: Stage, foyer: Foyer): Promise<Figures> {
  const [agents, conversations, seconds] = stage.quick ? [10, 100, 5] : [50, 1_000, 20]
  const { origin } = stage.host
  const talks = await openAll(conversations, async () => Talk.open(await (await foyer.arrive(origin))(), 0))
  const desks: Desk[] = []
  for (let i = 0; i < agents; i += 1) desks.push(await foyer.colleague(origin, i))

  const sentAt = new Map<string, number>()
  const tookMs: number[] = []
  let events = 0
  let hottest = 0
  const perSecond = new Map<string, number>()
  const wires = await Promise.all(desks.map((desk) => watchInbox(origin, desk)))
  for (const [i, wire] of wires.entries())
    wire.onText = (text) => {
      if (!text.startsWith('{"type":"rows"')) return
      const { list } = JSON.parse(text) as { list: Array<{ id: string }> }
      for (const { id } of list) {
        // From the first message that this dashboard has not shown yet.
        const since = sentAt.get(id)
        if (i !== 0) continue
        events += 1
        if (since !== undefined) tookMs.push(performance.now() - since)
        sentAt.delete(id)
        const second = `${id} ${Math.floor(performance.now() / 1_000)}`
        const count = (perSecond.get(second) ?? 0) + 1
        perSecond.set(second, count)
        hottest = Math.max(hottest, count)
      }
    }
  // What setting up has told is over.
  await sleep(2_000)
  ;[events, hottest] = [0, 0]
  perSecond.clear()
  tookMs.length = 0
  const cpu = stage.host.cpuMs()
  const began = performance.now()
  for (let sent = 0; sent < seconds * PER_SECOND; sent += 1) {
    const talk = talks[sent % 2 === 0 ? (sent / 2) % HOT : HOT + (((sent - 1) / 2) % (talks.length - HOT))]
    if (talk && !sentAt.has(talk.room.id)) sentAt.set(talk.room.id, performance.now())
    talk?.send()
    const due = began + ((sent + 1) * 1_000) / PER_SECOND
    if (due > performance.now()) await sleep(due - performance.now())
  }
  await sleep(2_000)
  return {
    'list events per conversation and second, most': hottest,
    'list events of one dashboard per second': events / seconds,
    'to the screen p50 s': median(tookMs) / 1_000,
    'to the screen p99 s': quantile(tookMs, 0.99) / 1_000,
    'CPU s per s': (stage.host.cpuMs() - cpu) / (performance.now() - began),
  }
}
