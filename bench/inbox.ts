/** One workspace at full desk: fifty dashboards, a thousand open conversations, a hundred messages a second. */
import { clientLoad, median, quantile, sleep } from './figures.ts'
import { type Desk, type Foyer, watchInbox } from './foyer.ts'
import type { Figures, Stage } from './scenarios.ts'
import { openAll, Talk } from './talk.ts'

const PER_SECOND = 100
/** Half of the messages go to these few, so that there is something to gather. */
const HOT = 5
const JITTER_MS = 50

export async function inbox(stage: Stage, foyer: Foyer): Promise<Figures> {
  const [agents, conversations, seconds] = stage.quick ? [10, 100, 5] : [50, 1_000, 20]
  const { origin } = stage.host
  const talks = await openAll(conversations, async () => Talk.open(await (await foyer.arrive(origin))(), 0))
  const desks: Desk[] = []
  for (let i = 0; i < agents; i += 1) desks.push(await foyer.colleague(origin, i))

  /** When each conversation's first message was sent that the watched dashboard has not shown yet. */
  const sentAt = new Map<string, number>()
  /** When it was told of each conversation. */
  const toldAt = new Map<string, number[]>()
  const tookMs: number[] = []
  const [watched] = await Promise.all(desks.map((desk) => watchInbox(origin, desk)))
  if (!watched) throw new Error('nobody watches')
  watched.onText = (text) => {
    if (!text.startsWith('{"type":"rows"')) return
    const { list } = JSON.parse(text) as { list: Array<{ id: string }> }
    const now = performance.now()
    for (const { id } of list) {
      toldAt.set(id, [...(toldAt.get(id) ?? []), now])
      const since = sentAt.get(id)
      if (since !== undefined) tookMs.push(now - since)
      sentAt.delete(id)
    }
  }
  // What setting up has told is over.
  await sleep(2_000)
  toldAt.clear()
  tookMs.length = 0
  const cpu = stage.host.cpuMs()
  const client = clientLoad()
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
    'list events per conversation and second, most': Math.max(...[...toldAt.values()].map(mostInASecond)),
    'list events of one dashboard per second': [...toldAt.values()].flat().length / seconds,
    'to the screen p50 s': median(tookMs) / 1_000,
    'to the screen p99 s': quantile(tookMs, 0.99) / 1_000,
    'CPU s per s': (stage.host.cpuMs() - cpu) / (performance.now() - began),
    ...client(),
  }
}

/**
 * The most in any second. They are seen where they arrive: what is told half a second apart may arrive a little closer,
 * so a second is shorter here by as much as a busy machine makes of it. `npm test` counts them by the clock that tells
 * them.
 */
function mostInASecond(times: readonly number[]): number {
  const until = (from: number) => from + 1_000 - JITTER_MS
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < until(from)).length))
}
