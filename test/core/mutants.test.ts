import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MUTANTS, mutate } from '../support/mutants.ts'

test.each(MUTANTS)('the seeded bug $name still fits its source, and its suite is there', (mutant) => {
  const source = readFileSync(mutant.file, 'utf8')
  expect(mutate(mutant, source)).not.toBe(source)
  expect(existsSync(mutant.suite)).toBe(true)
})

test('each seeded bug has a name of its own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
})
