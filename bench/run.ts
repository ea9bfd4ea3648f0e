/**
 * `npm run bench`: what Foyer costs, beside a minimal worker in the same runtime on the same machine in the same run.
 * `-- --quick` for a short run, `-- --only open` for some rows, `-- --rounds 5`. Prints a table and writes
 * test-results/bench.json. Linux alone: processor time and memory are read from /proc.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { at } from '../scripts/local/paths.mjs'
import { median } from './figures.ts'
import { type Foyer, foyer } from './foyer.ts'
import { history } from './history.ts'
import { freePort, type Host, startHost } from './host.ts'
import { inbox } from './inbox.ts'
import { minimalWorker } from './minimalWorker.ts'
import { table } from './report.ts'
import { type Figures, SCENARIOS, type Scenario } from './scenarios.ts'
import type { Subject } from './subject.ts'

export interface Result {
  scenario: string
  /** Medians over the rounds. */
  foyer: Figures
  /** Null where Foyer is compared with itself. */
  minimal: Figures | null
}

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, rounds: { type: 'string' } },
})
const quick = options.quick ?? false
const rounds = Number(options.rounds ?? (quick ? 1 : 3))
const memory = existsSync('/dev/shm')
const folder = mkdtempSync(join(memory ? '/dev/shm' : tmpdir(), 'foyer-bench-'))
let count = 0
const running = new Set<Host>()

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, async () => {
    for (const host of running) await host.end()
    rmSync(folder, { recursive: true, force: true })
    process.exit(1)
  })

/** Of those who hold it in turn, one measures at a time. */
class Turns {
  readonly #waiting: Array<() => void> = []

  /** Resolves when nobody else measures. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Lets another go on. */
  pass(): void {
    this.#waiting.shift()?.()
  }

  /** Lets another go on, and resolves when it is one's own turn again; at once where nobody waits. */
  async change(): Promise<void> {
    if (this.#waiting.length === 0) return
    const own = this.wait()
    this.pass()
    await own
  }
}

/** One measurement on a runtime and a state of its own. */
async function measure(subject: Subject, scenario: Scenario, turn: () => Promise<void>): Promise<Figures> {
  count += 1
  const state = join(folder, `state-${count}`)
  if (subject.template) cpSync(subject.template, state, { recursive: true })
  else mkdirSync(state)
  const port = await freePort()
  let host: Host | null = null
  const end = async () => {
    if (host) running.delete(host)
    await host?.end()
    host = null
  }
  const start = async () => {
    host = await startHost({ port, config: subject.config, script: subject.script, state })
    running.add(host)
    return host
  }
  const restart = async () => {
    await end()
    await start()
  }
  try {
    return await scenario({ subject, host: await start(), restart, turn, quick })
  } finally {
    await end()
    rmSync(state, { recursive: true, force: true })
  }
}

async function compare(name: string, product: Foyer, subjects: readonly Subject[], scenario: Scenario) {
  const found = new Map<Subject, Figures[]>(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round += 1) {
    const turns = new Turns()
    // In alternating order, so that neither always finds the machine as the other left it.
    const order = round % 2 === 0 ? subjects : subjects.toReversed()
    const measurements = order.map(async (subject, i) => {
      if (i > 0) await turns.wait()
      try {
        const figures = await measure(subject, scenario, () => turns.change())
        found.get(subject)?.push(figures)
        console.log(`${name}, ${subject.name}: ${shown(figures)}`)
      } finally {
        turns.pass()
      }
    })
    await Promise.all(measurements)
  }
  const medians = (subject: Subject) => medianOf(found.get(subject) ?? [])
  const minimal = subjects.includes(minimalWorker) ? medians(minimalWorker) : null
  return { scenario: name, foyer: medians(product), minimal } satisfies Result
}

function medianOf(all: readonly Figures[]): Figures {
  const names = Object.keys(all[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, median(all.map((figures) => figures[name] ?? Number.NaN))]))
}

const shown = (figures: Figures) =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toPrecision(3)}`)
    .join(', ')

try {
  const product = await foyer(folder, await freePort())
  const both = [minimalWorker, product]
  const plan: Array<[string, readonly Subject[], Scenario]> = [
    ...Object.entries(SCENARIOS).map(([name, scenario]): [string, readonly Subject[], Scenario] => [
      name,
      both,
      scenario,
    ]),
    ['10,000 messages', [product], (stage) => history(stage, product)],
    ['inbox of 50 agents', [product], (stage) => inbox(stage, product)],
  ]
  const results: Result[] = []
  for (const [name, subjects, scenario] of plan)
    if (!options.only || name.includes(options.only)) results.push(await compare(name, product, subjects, scenario))
  const machine = {
    cores: availableParallelism(),
    load: loadavg(),
    node: process.version,
    state: memory ? 'memory' : 'disk',
    quick,
    rounds,
  }
  mkdirSync(at('test-results'), { recursive: true })
  writeFileSync(at('test-results/bench.json'), JSON.stringify({ machine, results }, null, 2))
  console.log(`\n${table(results, memory)}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
// Sockets that measurements left open would keep the process alive.
process.exit(0)
