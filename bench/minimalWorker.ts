import { at } from '../scripts/local/paths.mjs'
import { BODY, type Room, type Subject } from './subject.ts'
import { Wire } from './wire.ts'

let rooms = 0

export const minimalWorker: Subject = {
  name: 'minimal',
  config: at('bench/minimal/wrangler.toml'),
  script: at('bench/minimal/worker.js'),
  template: null,
  async arrive(origin) {
    rooms += 1
    const url = `${origin}/room-${rooms}`
    return async () => {
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ n: 0, text: BODY }) })
      await answer.arrayBuffer()
      return room(url)
    }
  },
}

function room(url: string): Room {
  let n = 0
  const open = () => Wire.open(url, {})
  return {
    id: url,
    visit: open,
    watch: open,
    next: () => {
      n += 1
      return JSON.stringify({ n, text: BODY })
    },
    numberOf: (text) => (JSON.parse(text) as { n: number }).n,
  }
}
