/** The running product on this machine: one runtime per state folder, none left behind. Built-ins of Node 20 only. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { at, Sentence, stateDir } from './paths.mjs'
import { birthOf, describe, endGroup, isAlive } from './processes.mjs'
import { LOCAL_BUILD, LOCAL_MAIL_FROM, WRANGLER, wranglerEnv } from './wrangler.mjs'

const READY_WITHIN_MS = 60_000

/** Who serves this state folder. Each process with its birth: ids are used again. */
const noteFile = () => join(stateDir(), 'running.json')

/**
 * Ends what an earlier start left behind when it was killed. Refuses when that start is still there and in use.
 */
export async function endOrphans() {
  if (!existsSync(noteFile())) return
  const note = readNote()
  if (note && isSame(note.runtime)) {
    if (isSame(note.starter) && note.starter.pid !== process.pid) {
      throw new Sentence(`Foyer is already running at ${note.origin} with this data. Stop it there with Ctrl-C first.`)
    }
    await endGroup(note.runtime.pid)
  }
  rmSync(noteFile(), { force: true })
}

/** Where Foyer is opened with this data at the moment, `http://localhost:…`; null while it is not running. */
export function runningAt() {
  const note = existsSync(noteFile()) ? readNote() : null
  return note && isSame(note.runtime) ? note.origin : null
}

/** @typedef {{ pid: number, birth: string | null }} Known */

/** @returns {{ runtime: Known, starter: Known, origin: string } | null} */
function readNote() {
  try {
    return JSON.parse(readFileSync(noteFile(), 'utf8'))
  } catch {
    return null // Half written when the power went: there is nobody to end.
  }
}

/** @param {Known} known */
const isSame = ({ pid, birth }) => isAlive(pid) && birthOf(pid) === birth

/** @param {number} pid @returns {Known} */
const known = (pid) => ({ pid, birth: birthOf(pid) })

/**
 * Starts the runtime in a process group of its own: the built Worker, or, with `reload`, its sources, rebuilt as they
 * are saved.
 * @param {{ node: string, port: number, origin: string, reload: boolean }} options `origin`: where people open Foyer
 * @returns {{ ended: Promise<void>, end(): Promise<void> }}
 */
export function startRuntime({ node, port, origin, reload }) {
  const state = stateDir()
  mkdirSync(state, { recursive: true })
  const args = reload ? fromSources(port, origin, state) : asBuilt(port, origin, state)
  const child = spawn(node, args, {
    cwd: at('.'),
    // What is of interest is said by the Worker; not which file wrangler read.
    env: reload ? wranglerEnv() : { ...wranglerEnv(), WRANGLER_LOG: 'warn' },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const group = child.pid
  if (group === undefined) throw new Sentence('The runtime could not be started: its packages are missing. Run npm ci.')
  writeFileSync(noteFile(), JSON.stringify({ runtime: known(group), starter: known(process.pid), origin }))
  return {
    ended: new Promise((resolve) => child.once('exit', () => resolve())),
    async end() {
      await endGroup(group)
      rmSync(noteFile(), { force: true })
    },
  }
}

/** @param {number} port @param {string} origin @param {string} state */
const asBuilt = (port, origin, state) => [
  at('scripts/local/host.mjs'),
  ...['--port', String(port), '--origin', origin, '--state', state],
]

/** @param {number} port @param {string} origin @param {string} state */
const fromSources = (port, origin, state) => [
  ...[WRANGLER, 'dev', '--local', '--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
  ...['--persist-to', state, '--show-interactive-dev-session=false', '--var', `BASE_URL:${origin}`],
  ...['--var', `MAIL_FROM:${LOCAL_MAIL_FROM}`, ...LOCAL_BUILD],
]

/**
 * Resolves when the Worker answers; refuses when it does not within a minute or ends before.
 * @param {number} port
 * @param {Promise<void>} ended
 */
export async function untilReady(port, ended) {
  let over = false
  void ended.then(() => {
    over = true
  })
  const until = Date.now() + READY_WITHIN_MS
  while (Date.now() < until && !over) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Sentence(
    over ? 'The runtime ended while starting: its reason stands above.' : 'The runtime did not start within a minute.',
  )
}

/**
 * Calls back once when this process shall end: by a signal, or because npm, which started it, was killed (npm does
 * not pass every signal on).
 * @param {() => void} stop
 */
export function onStop(stop) {
  let stopped = false
  const once = () => {
    if (!stopped) stop()
    stopped = true
  }
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, once)
  if (!process.env['npm_lifecycle_event']) return
  const shell = process.ppid
  const parent = describe(shell)
  // npm runs a script through `sh -c`; some shells stay in between.
  const npm = parent && /^(ba|da)?sh$/.test(parent.program) ? parent.parent : shell
  setInterval(() => {
    if (process.ppid !== shell || !isAlive(npm)) once()
  }, 500).unref()
}
