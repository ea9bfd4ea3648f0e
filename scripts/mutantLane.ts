/**
 * One process that plants seeded bugs, one after the other, and runs the suite of each. Vitest stays up between them:
 * what a bug does not touch is neither started nor read again. Asked and answered by messages of `mutants.ts`.
 */
import { fileURLToPath } from 'node:url'
import { createVitest, type TestCase } from 'vitest/node'
import { type Mutant, mutantNamed } from '../test/support/mutants.ts'
import type { Result } from './results.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

// A whole `Vitest` per lane: the first test that fails ends the run of a suite, and that is all that is asked.
const vitest = await createVitest('test', { root: ROOT, watch: false, bail: 1, reporters: [{}] })
vitest.provide('endOnFailure', true)

/** Runs a suite from the sources as they are read now. */
async function run({ file, suite }: Mutant): Promise<Result> {
  vitest.invalidateFile(ROOT + file)
  const [, project] = suite.split('/')
  const found = await vitest.globTestSpecifications([suite])
  const { testModules } = await vitest.runTestSpecifications(found.filter((each) => each.project.name === project))
  vitest.invalidateFile(ROOT + file)
  const cases = testModules
    .filter(({ moduleId }) => moduleId === ROOT + suite)
    .flatMap(({ children }) => [...children.allTests()])
  const ended = (state: ReturnType<TestCase['result']>['state']) =>
    cases.filter((each) => each.result().state === state)
  return { passed: ended('passed').length, failed: ended('failed').length }
}

process.on('message', async ({ name, planted }: { name: string; planted: boolean }) => {
  if (planted) process.env['FOYER_MUTANT'] = name
  else delete process.env['FOYER_MUTANT']
  process.send?.(await run(mutantNamed(name)))
})
process.once('disconnect', async () => {
  await vitest.close()
  process.exit()
})
process.send?.('ready')
