/**
 * `npm test`: everything that must hold, from a fresh clone on, with Node 20 and npm alone. Also the quick and the long
 * form. Every step runs even if one before it fails, and the last line says the sum.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { install } from './local/install.mjs'
import { at, run, Sentence } from './local/paths.mjs'
import { secrets } from './local/secrets.mjs'
import { e2eResult, mutantsResult, vitestResult } from './results.mjs'

/** How large the suites that have a size are run, where not at their own. */
const SCALES = { quick: '0.1', long: '20' }
const MINUTE_MS = 60_000

/** How many failures are told of once more at the end. */
const RED_MAX = 20

/** How many files of journeys run at once: each has a product, a browser and data of its own, and waits much. */
const STAGES = Math.min(2, availableParallelism())

/** @typedef {{ name: string, args: string[], result?: () => import('./results.mjs').Result }} Step */

/** @type {(path: string) => string} */
const report = (name) => at(`test-results/${name}`)

const vitest = (/** @type {string[]} */ ...args) => ({
  name: 'Rules, objects, Worker, components',
  args: [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report('vitest.json')}`,
  ],
  result: () => vitestResult(report('vitest.json')),
})

/**
 * Before the journeys: files that start at once would build it at once.
 * @type {Step}
 */
const built = { name: 'What npm start builds', args: ['scripts/local/build.mjs'] }

/**
 * @param {number} timeoutMs for one file
 * @returns {Step}
 */
const journeys = (timeoutMs) => ({
  name: 'Journeys in a browser',
  args: [
    '--test',
    `--test-concurrency=${STAGES}`,
    '--test-force-exit',
    `--test-timeout=${timeoutMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${report('e2e.tap')}`,
    'test/e2e/*.e2e.ts',
  ],
  result: () => e2eResult(report('e2e.tap')),
})

/** @type {Step} */
const mutants = {
  name: 'Seeded bugs are caught',
  args: ['scripts/mutants.ts'],
  result: () => mutantsResult(report('mutants.json')),
}

const npm = (/** @type {string} */ script) => ({ name: `npm run ${script}`, args: ['npm', script] })

/** @type {Record<string, Step[]>} */
const PLANS = {
  full: [npm('check'), vitest(), built, journeys(10 * MINUTE_MS), mutants],
  quick: [npm('lint'), npm('types'), vitest('--project', 'core', '--project', 'workers')],
  long: [npm('check'), vitest(), built, journeys(600 * MINUTE_MS), mutants],
}

run(async () => {
  const kind = process.argv[2] ?? 'full'
  const plan = PLANS[kind]
  if (!plan) throw new Sentence(`There is no "${kind}" run: ${Object.keys(PLANS).join(', ')}.`)
  const node = install()
  secrets()
  rmSync(at('test-results'), { recursive: true, force: true })
  mkdirSync(at('test-results'), { recursive: true })
  const scale = kind === 'quick' || kind === 'long' ? { FOYER_TEST_SCALE: SCALES[kind] } : {}
  const env = { ...process.env, ...scale, WRANGLER_SEND_METRICS: 'false', CI: process.env['CI'] ?? '1' }

  let passed = 0
  let failed = 0
  /** @type {string[]} */
  const red = []
  for (const step of plan) {
    console.log(`\n— ${step.name}`)
    const isNpm = step.args[0] === 'npm'
    const child = isNpm
      ? spawnSync('npm', ['run', '--silent', ...step.args.slice(1)], {
          cwd: at('.'),
          env,
          stdio: ['ignore', 'inherit', 'inherit'],
        })
      : spawnSync(node, step.args, { cwd: at('.'), env, stdio: ['ignore', 'inherit', 'inherit'] })
    const result = step.result?.() ?? { passed: 0, failed: 0 }
    passed += result.passed
    failed += result.failed
    red.push(...(result.red ?? []))
    // A step that fails without a failed test (lint, a crash) counts as one.
    if (child.status === 0 || result.failed > 0) continue
    failed += 1
    red.push(step.name)
  }
  // Once more at the end: above, each stands among thousands of lines.
  if (red.length > 0) console.log(`\n— What failed\n${red.slice(0, RED_MAX).join('\n')}`)
  console.log(`\n${passed} passed, ${failed} failed`)
  if (failed > 0) process.exit(1)
})
