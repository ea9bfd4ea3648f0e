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
const port = await freePort()
let count = 0
let running: Host | null = null

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, async () => {
    await running?.end()
    rmSync(folder, { recursive: true, force: true })
    process.exit(1)
  })

/** One measurement on a runtime and a state of its own. */
async function measure(subject: Subject, scenario: Scenario): Promise<Figures> {
  count += 1
  const state = join(folder, `state-${count}`)
  if (subject.template) cpSync(subject.template, state, { recursive: true })
  else mkdirSync(state)
  const start = () => startHost({ port, config: subject.config, script: subject.script, state })
  const host = await start()
  running = host
  const restart = async () => {
    await running?.end()
    running = await start()
  }
  try {
    return await scenario({ subject, host, restart, quick })
  } finally {
    await running?.end()
    running = null
    rmSync(state, { recursive: true, force: true })
  }
}

async function compare(name: string, product: Foyer, subjects: readonly Subject[], scenario: Scenario) {
  const found = new Map<Subject, Figures[]>(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round += 1)
    // In alternating order, so that neither always finds the machine as the other left it.
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const figures = await measure(subject, scenario)
      found.get(subject)?.push(figures)
      console.log(`${name}, ${subject.name}: ${shown(figures)}`)
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
  const product = await foyer(folder, port)
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
