/**
 * Plants each seeded bug of test/support/mutants.ts and runs the suite that must catch it. `npm run mutants [name …]`.
 * A suite that stays green guards nothing, so that is what fails here.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MUTANTS, type Mutant, mutantNamed, mutate } from '../test/support/mutants.ts'
import { e2eResult, type Result, refuted, vitestResult } from './results.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const NEEDED = ['core', 'durable-objects', 'worker', 'web', 'migrations', 'scripts', 'dist']
const NEEDED_FILES = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'wrangler.toml', '.dev.vars']

function run(mutant: Mutant): Result {
  return mutant.suite.endsWith('.e2e.ts') ? runBuilt(mutant) : runInVitest(mutant)
}

function runInVitest(mutant: Mutant): Result {
  const report = join(ROOT, `test-results/mutant-${mutant.name}.json`)
  rmSync(report, { force: true })
  const args = ['node_modules/vitest/vitest.mjs', 'run', mutant.suite, '--reporter=json', `--outputFile=${report}`]
  spawnSync(process.execPath, args, { cwd: ROOT, env: { ...process.env, FOYER_MUTANT: mutant.name }, stdio: 'ignore' })
  return vitestResult(report)
}

/** The built product is mutated as a copy, so that nothing of this checkout changes while it runs. */
function runBuilt(mutant: Mutant): Result {
  const copy = mkdtempSync(join(tmpdir(), `foyer-${mutant.name}-`))
  const report = join(ROOT, `test-results/mutant-${mutant.name}.tap`)
  try {
    for (const path of [...NEEDED, ...NEEDED_FILES.filter((file) => existsSync(join(ROOT, file)))]) {
      cpSync(join(ROOT, path), join(copy, path), { recursive: true, preserveTimestamps: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    writeFileSync(join(copy, mutant.file), mutate(mutant, readFileSync(join(ROOT, mutant.file), 'utf8')))
    const args = [
      '--test',
      '--test-force-exit',
      '--test-reporter=tap',
      `--test-reporter-destination=${report}`,
      mutant.suite,
    ]
    spawnSync(process.execPath, args, { cwd: ROOT, env: { ...process.env, FOYER_ROOT: copy }, stdio: 'ignore' })
    return { ...e2eResult(report), failed: refuted(report) }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const names = process.argv.slice(2)
const chosen = names.length > 0 ? names.map(mutantNamed) : MUTANTS
mkdirSync(join(ROOT, 'test-results'), { recursive: true })
let caught = 0
for (const mutant of chosen) {
  const { passed, failed } = run(mutant)
  // Only refuted tests count: a suite that could not even start has failed for another reason than the bug.
  const isCaught = failed > 0
  if (isCaught) caught += 1
  console.log(
    `${isCaught ? 'caught' : 'MISSED'}  ${mutant.name}  (${mutant.suite}: ${passed} passed, ${failed} failed)`,
  )
}
writeFileSync(
  join(ROOT, 'test-results/mutants.json'),
  JSON.stringify({ passed: caught, failed: chosen.length - caught }),
)
if (caught < chosen.length) process.exit(1)
