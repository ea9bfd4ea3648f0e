/** Reads what the test runners reported. Built-ins of Node 20 only. */
import { existsSync, readFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number, red?: string[] }} Result `red` tells of each what failed, and why */

/**
 * As vitest reports a file and its tests.
 * @typedef {{ status: string, fullName: string, failureMessages: string[] }} Test
 * @typedef {{ name: string, status: string, message: string, assertionResults: Test[] }} Suite
 */

/** A run that left no report has failed as a whole. @type {Result} */
const BROKEN = { passed: 0, failed: 0 }

/** Lines of what a failed test says of itself; whole it stands where the test ran. */
const LINES_MAX = 8

/** @type {(name: string, says: string) => string} */
function redWith(name, says) {
  const lines = says.split('\n').filter((line) => line.trim() !== '')
  const indented = lines[0]?.search(/\S/) ?? 0
  return [name, ...lines.slice(0, LINES_MAX).map((line) => `    ${line.slice(indented)}`)].join('\n')
}

/**
 * @param {string} file vitest's JSON report
 * @returns {Result}
 */
export function vitestResult(file) {
  if (!existsSync(file)) return BROKEN
  /** @type {{ numPassedTests: number, numFailedTests: number, testResults: Suite[] }} */
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'))
  const red = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    // A file that could not even be loaded has no tests.
    if (failed.length === 0) return status === 'passed' ? [] : [redWith(name, message)]
    return failed.map(({ fullName, failureMessages }) => redWith(`${name}: ${fullName}`, failureMessages.join('\n')))
  })
  return { passed: numPassedTests, failed: numFailedTests, red }
}

/**
 * The files of a run that did not pass; none where there was no run.
 * @param {string} file vitest's JSON report
 * @returns {string[]}
 */
export function redSuites(file) {
  if (!existsSync(file)) return []
  /** @type {Array<{ name: string, status: string }>} */
  const suites = JSON.parse(readFileSync(file, 'utf8')).testResults
  return suites.filter(({ status }) => status !== 'passed').map(({ name }) => name)
}

/**
 * @param {string} file TAP from node:test
 * @returns {Result}
 */
export function e2eResult(file) {
  if (!existsSync(file)) return BROKEN
  const text = readFileSync(file, 'utf8')
  const figure = (/** @type {string} */ name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  const red = [...text.matchAll(/^ *not ok \d+ - (?<name>.*)\n(?<told>(?:(?! *(?:not )?ok ).*\n)*)/gm)].flatMap(
    (found) => {
      const { name = '', told = '' } = found.groups ?? {}
      // What only contains a failed test says nothing of its own.
      if (told.includes("failureType: 'subtestsFailed'")) return []
      const where = /^ *location: '(.*)'$/m.exec(told)?.[1] ?? ''
      const why = /^( *)error: (?:'(.*)'|\|-\n((?:\1 {2}.*\n|\s*\n)*))/m.exec(told)
      return [redWith(`${where}: ${name.replaceAll('\\', '')}`, why?.[2] ?? why?.[3] ?? '')]
    },
  )
  return { passed: figure('pass'), failed: figure('fail') + figure('cancelled'), red }
}

/**
 * How many tests of a TAP report failed by what they assert; one that could not even start says nothing.
 * @param {string} file
 */
export function refuted(file) {
  if (!existsSync(file)) return 0
  return readFileSync(file, 'utf8').match(/failureType: 'testCodeFailure'/g)?.length ?? 0
}

/**
 * @param {string} file what scripts/mutants.ts left
 * @returns {Result}
 */
export function mutantsResult(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : BROKEN
}
