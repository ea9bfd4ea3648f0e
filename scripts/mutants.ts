/**
 * Plants each seeded bug of test/support/mutants.ts and runs the suite that must catch it. `npm run mutants [name …]`.
 * A suite that stays green guards nothing, so that is what fails here.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MUTANTS, type Mutant, mutantNamed, mutate } from '../test/support/mutants.ts'
import { copyProduct } from './copy.ts'
import { e2eResult, type Result, redSuites, refuted, vitestResult } from './results.mjs'

/** Mutants show in the ordinary size of a suite, or the suite is too weak. */
const SIZE = { FOYER_TEST_SCALE: '1' }
const TIMEOUT_MS = 600_000

const ROOT = fileURLToPath(new URL('..', import.meta.url))

function run(mutant: Mutant): Promise<Result> {
  return mutant.suite.endsWith('.e2e.ts') ? runBuilt(mutant) : runInVitest(mutant)
}

async function runInVitest(mutant: Mutant): Promise<Result> {
  const report = join(ROOT, `test-results/mutant-${mutant.name}.json`)
  rmSync(report, { force: true })
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    mutant.suite,
    `--project=${mutant.suite.split('/')[1]}`,
    '--bail=1',
    '--reporter=json',
    `--outputFile=${report}`,
  ]
  await ended(args, { FOYER_MUTANT: mutant.name })
  return vitestResult(report)
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

async function isCaught(mutant: Mutant): Promise<boolean> {
  if (red.includes(mutant.suite)) {
    console.log(`UNPROVEN  ${mutant.name}  (${mutant.suite} is red without it)`)
    return false
  }
  const { passed, failed } = await run(mutant)
  // Only refuted tests count: a suite that could not even start has failed for another reason than the bug.
  const tally = `${mutant.suite}: ${passed} passed, ${failed} failed`
  console.log(`${failed > 0 ? 'caught' : 'MISSED'}  ${mutant.name}  (${tally})`)
  return failed > 0
}

/** Works the list off, each core taking the next; returns how many were caught. */
async function caughtOf(mutants: readonly Mutant[], lanes: number): Promise<number> {
  const waiting = [...mutants]
  let caught = 0
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) if (await isCaught(next)) caught += 1
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return caught
}

const names = process.argv.slice(2)
const chosen = names.length > 0 ? names.map(mutantNamed) : MUTANTS
mkdirSync(join(ROOT, 'test-results'), { recursive: true })
// As far as a run of all suites has just shown: one that fails anyway catches nothing.
const red = redSuites(join(ROOT, 'test-results/vitest.json')).map((file) => relative(ROOT, file))
const isJourney = ({ suite }: Mutant) => suite.endsWith('.e2e.ts')
// A journey has the machine to itself.
const caught =
  (await caughtOf(chosen.filter(isJourney), 1)) +
  (await caughtOf(
    chosen.filter((mutant) => !isJourney(mutant)),
    Math.max(1, Math.min(4, availableParallelism())),
  ))
writeFileSync(
  join(ROOT, 'test-results/mutants.json'),
  JSON.stringify({ passed: caught, failed: chosen.length - caught }),
)
if (caught < chosen.length) process.exit(1)
