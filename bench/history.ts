/** Foyer against itself: a conversation of 10,000 messages is to be as quick as one of 10. */
import { clientLoad, median } from './figures.ts'
import { ask, type Foyer } from './foyer.ts'
import type { Figures, Stage } from './scenarios.ts'
import { saturateUntil, Talk } from './talk.ts'

const PAGE = 10

export async function history(stage: Stage, foyer: Foyer): Promise<Figures> {
  const { origin } = stage.host
  const sizes = [10, stage.quick ? 1_000 : 10_000]
  const talks: Talk[] = []
  for (const size of sizes) {
    const talk = await Talk.open(await (await foyer.arrive(origin))())
    await saturateUntil(talk, size, 32)
    talks.push(talk)
  }
  const sends: number[][] = [[], []]
  const pages: number[][] = [[], []]
  const page = async (talk: Talk) => {
    const began = performance.now()
    await ask(origin, `/api/v1/conversations/${talk.room.id}/entries?limit=${PAGE}`, { desk: foyer.owner })
    return performance.now() - began
  }
  const client = clientLoad()
  for (let i = 0; i < (stage.quick ? 50 : 300); i += 1)
    for (const [which, talk] of talks.entries()) {
      sends[which]?.push(await talk.says())
      pages[which]?.push(await page(talk))
    }
  const growth = ([small = [], large = []]: number[][]) => median(large) / median(small)
  return {
    'send→ack p50, times that of 10': growth(sends),
    'page p50, times that of 10': growth(pages),
    ...client(),
  }
}
