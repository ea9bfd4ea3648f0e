/** Reads what the test runners reported. Built-ins of Node 20 only. */
import { existsSync, readFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number }} Result */

/** A run that left no report has failed as a whole. @type {Result} */
const BROKEN = { passed: 0, failed: 0 }

/**
 * @param {string} file vitest's JSON report
 * @returns {Result}
 */
export function vitestResult(file) {
  if (!existsSync(file)) return BROKEN
  const report = JSON.parse(readFileSync(file, 'utf8'))
  return { passed: report.numPassedTests, failed: report.numFailedTests }
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
  return { passed: figure('pass'), failed: figure('fail') + figure('cancelled') }
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
