/** What `npm test` says at its end of what failed, from the reports of the runners. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { e2eResult, vitestResult } from '../../scripts/results.mjs'

const folder = mkdtempSync(join(tmpdir(), 'foyer-results-'))
afterAll(() => rmSync(folder, { recursive: true }))

function reported(text: string): string {
  const file = join(folder, 'report')
  writeFileSync(file, text)
  return file
}

test('a run without a report has failed as a whole', () => {
  for (const result of [vitestResult, e2eResult]) expect(result(join(folder, 'none'))).toEqual({ passed: 0, failed: 0 })
})

test('of a suite: which tests failed, and why; of a file that could not be loaded, that', () => {
  const file = reported(
    JSON.stringify({
      numPassedTests: 5,
      numFailedTests: 1,
      testResults: [
        { name: 'fine.test.ts', status: 'passed', message: '', assertionResults: [{ status: 'passed' }] },
        {
          name: 'red.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { status: 'passed', fullName: '[DL1] fine', failureMessages: [] },
            { status: 'failed', fullName: '[DL2] twice', failureMessages: ['expected 2\n  at a line\n\nto be 1'] },
          ],
        },
        { name: 'broken.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
      ],
    }),
  )
  expect(vitestResult(file)).toEqual({
    passed: 5,
    failed: 1,
    red: [
      'red.test.ts: [DL2] twice\n    expected 2\n      at a line\n    to be 1',
      'broken.test.ts\n    no such module',
    ],
  })
})

test('of journeys: the tests themselves, and not once more what they stand in', () => {
  const file = reported(`TAP version 13
# Subtest: fine
ok 1 - fine
  ---
  duration_ms: 1
  ...
# Subtest: outer
    # Subtest: \\# one
    not ok 1 - \\# one
      ---
      location: 'a.e2e.ts:6:28'
      failureType: 'testCodeFailure'
      error: |-
        Expected values to be equal:

          1 !== 2
      code: 'ERR_ASSERTION'
      ...
    1..1
not ok 2 - outer
  ---
  location: 'a.e2e.ts:5:1'
  failureType: 'subtestsFailed'
  error: '1 subtest failed'
  ...
# Subtest: long
not ok 3 - long
  ---
  location: 'a.e2e.ts:9:1'
  failureType: 'testTimeoutFailure'
  error: 'test timed out after 50ms'
  ...
1..3
# pass 1
# fail 1
# cancelled 1
`)
  expect(e2eResult(file)).toEqual({
    passed: 1,
    failed: 2,
    red: [
      'a.e2e.ts:6:28: # one\n    Expected values to be equal:\n      1 !== 2',
      'a.e2e.ts:9:1: long\n    test timed out after 50ms',
    ],
  })
})
