/**
 * Plants each seeded bug of test/support/mutants.ts and runs the suite that must catch it. `npm run mutants [name …]`.
 * A suite that stays green guards nothing, so that is what fails here.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MUTANTS, type Mutant, mutantNamed, mutate } from '../test/support/mutants.ts'
import { copyProduct } from './copy.ts'
import { e2eResult, type Result, redSuites, refuted } from './results.mjs'

/** Mutants show in the ordinary size of a suite, or the suite is too weak. */
const SIZE = { FOYER_TEST_SCALE: '1' }
const TIMEOUT_MS = 600_000
/** How long a lane may take to put its runtimes away. */
const LEAVE_MS = 10_000

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A process that runs the suites of seeded bugs, started anew when one has hung or crashed. */
class Lane {
  #process: ChildProcess | null = null
  #last: Mutant | null = null

  /** Runs a suite with its bug, or as it is. Nothing passed and nothing failed: the process did not survive it. */
  async run(mutant: Mutant, planted = true): Promise<Result> {
    this.#last = mutant
    const child = this.#process ?? (await this.#started())
    child.send({ name: mutant.name, planted })
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(TIMEOUT_MS)])
    const answer = once(child, 'message', { signal }).then(([result]): Result => result)
    const gone = once(child, 'exit', { signal }).then((): Result => ({ passed: 0, failed: 0 }))
    try {
      return await Promise.race([answer, gone])
    } catch {
      this.#kill(child)
      return { passed: 0, failed: 0 }
    } finally {
      over.abort()
    }
  }

  /** Ends the process. Throws where a suite is red without its bug: then what this lane caught was something else. */
  async end(): Promise<void> {
    const result = this.#last && (await this.run(this.#last, false))
    await this.#leave()
    if (this.#last && (result?.failed !== 0 || result.passed === 0))
      throw new Error(`${this.#last.suite} is red after the bugs were taken out again`)
  }

  async #started(): Promise<ChildProcess> {
    // A group of its own: it starts runtimes, and they must not outlive it.
    const options = { cwd: ROOT, env: { ...process.env, ...SIZE }, silent: true, detached: true }
    const child = fork(join(ROOT, 'scripts/mutantLane.ts'), options)
    child.stdout?.resume()
    child.stderr?.resume()
    child.once('exit', () => {
      this.#process = null
    })
    await once(child, 'message')
    this.#process = child
    return child
  }

  async #leave(): Promise<void> {
    const child = this.#process
    if (!child) return
    child.disconnect()
    await once(child, 'exit', { signal: AbortSignal.timeout(LEAVE_MS) }).catch(() => {})
    this.#kill(child)
  }

  #kill({ pid }: ChildProcess): void {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    } catch {
      // All of it has ended.
    }
    this.#process = null
  }
}

/** The built product is mutated as a copy, so that nothing of this checkout changes while it runs. */
async function runBuilt(mutant: Mutant): Promise<Result> {
  const copy = mkdtempSync(join(tmpdir(), `foyer-${mutant.name}-`))
  const report = join(ROOT, `test-results/mutant-${mutant.name}.tap`)
  rmSync(report, { force: true })
  try {
    copyProduct(copy)
    writeFileSync(join(copy, mutant.file), mutate(mutant, readFileSync(join(ROOT, mutant.file), 'utf8')))
    const args = [
      '--test',
      '--test-force-exit',
      '--test-reporter=tap',
      `--test-reporter-destination=${report}`,
      mutant.suite,
    ]
    await ended(args, { FOYER_ROOT: copy })
    return { ...e2eResult(report), failed: refuted(report) }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Runs Node to its end, however it ends: what it left behind is what counts. */
function ended(args: string[], environment: Record<string, string>): Promise<void> {
  const env = { ...process.env, ...SIZE, ...environment }
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'ignore', timeout: TIMEOUT_MS })
  return new Promise((resolve) => child.once('close', () => resolve()))
}

type Run = (mutant: Mutant) => Promise<Result>

/** What was not caught, and why it counts as that. */
const missed: string[] = []

function isMissed(told: string): false {
  missed.push(told)
  console.log(told)
  return false
}

async function isCaught(mutant: Mutant, run: Run): Promise<boolean> {
  if (red.includes(mutant.suite)) return isMissed(`UNPROVEN  ${mutant.name}  (${mutant.suite} is red without it)`)
  // Before the run: a suite that never loads the file must not pass for one that caught the bug.
  mutate(mutant, readFileSync(join(ROOT, mutant.file), 'utf8'))
  const { passed, failed } = await run(mutant)
  // Only refuted tests count: a suite that could not even start has failed for another reason than the bug.
  const tally = `${mutant.suite}: ${passed} passed, ${failed} failed`
  if (failed === 0) return isMissed(`MISSED  ${mutant.name}  (${tally})`)
  console.log(`caught  ${mutant.name}  (${tally})`)
  return true
}

/** Takes bugs off the list until there are none; returns how many were caught. */
async function caughtOf(waiting: Mutant[], run: Run): Promise<number> {
  let caught = 0
  for (let next = waiting.shift(); next; next = waiting.shift()) if (await isCaught(next, run)) caught += 1
  return caught
}

/** One lane more than there are cores: each waits a third of its time for a runtime to come up. */
async function caughtAtOnce(waiting: Mutant[], lane: (waiting: Mutant[]) => Promise<number>): Promise<number> {
  const lanes = Array.from({ length: Math.min(4, availableParallelism() + 1, waiting.length) }, () => lane(waiting))
  return (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0)
}

async function caughtByVitest(waiting: Mutant[]): Promise<number> {
  const lane = new Lane()
  const caught = await caughtOf(waiting, (mutant) => lane.run(mutant))
  await lane.end()
  return caught
}

const names = process.argv.slice(2)
const chosen = names.length > 0 ? names.map(mutantNamed) : MUTANTS
mkdirSync(join(ROOT, 'test-results'), { recursive: true })
// As far as a run of all suites has just shown: one that fails anyway catches nothing.
const red = redSuites(join(ROOT, 'test-results/vitest.json')).map((file) => relative(ROOT, file))
const isJourney = ({ suite }: Mutant) => suite.endsWith('.e2e.ts')
const journeys = chosen.filter(isJourney)
const others = chosen.filter((mutant) => !isJourney(mutant))
const caught =
  (await caughtAtOnce(journeys, (waiting) => caughtOf(waiting, runBuilt))) +
  (await caughtAtOnce(others, caughtByVitest))
writeFileSync(
  join(ROOT, 'test-results/mutants.json'),
  JSON.stringify({ passed: caught, failed: chosen.length - caught, red: missed } satisfies Result),
)
if (caught < chosen.length) process.exit(1)
