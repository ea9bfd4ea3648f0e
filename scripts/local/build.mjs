/** Builds the pages and the Worker when their sources are newer than what was built. Built-ins of Node 20 only. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { at, run, Sentence } from './paths.mjs'
import { LOCAL_BUILD, WRANGLER, wranglerEnv } from './wrangler.mjs'

/** The last file of the build: it is there only when all of it succeeded. */
const PAGES = 'dist/client/widget.js'
/** The Worker with its objects: one module. */
export const WORKER = 'dist/worker/index.js'
/** What a runtime is to give it. The last file of its build. */
export const DESCRIBED = 'dist/worker/described.json'

const PAGE_SOURCES = ['web', 'core', 'package-lock.json']
// What builds it counts too: an update of it alone would be served what was built before.
const HOW = ['scripts/local/build.mjs', 'scripts/local/described.mjs', 'wrangler.toml', 'package-lock.json']
const WORKER_SOURCES = ['worker', 'durable-objects', 'core', ...HOW]

/** @param {string} node the Node to run the tools with */
export function buildPages(node) {
  if (isFresh(PAGES, PAGE_SOURCES)) return
  console.log('Building the pages …')
  for (const config of ['vite.config.ts', 'vite.widget.config.ts', 'vite.loader.config.ts']) {
    const args = [at('node_modules/vite/bin/vite.js'), 'build', '-c', at(`web/${config}`), '--logLevel', 'warn']
    const vite = spawnSync(node, args, { cwd: at('.'), stdio: 'inherit' })
    if (vite.status !== 0) throw new Sentence('The pages could not be built: the reason stands above.')
  }
}

/**
 * Bundles what a deploy would upload, and the local mailbox with it. Needs the built pages: they are the Worker's
 * assets.
 * @param {string} node the Node to run the tools with
 */
export function buildWorker(node) {
  if (isFresh(DESCRIBED, WORKER_SOURCES)) return
  console.log('Building the Worker …')
  // Beside its place and then moved there whole: a start that is ended meanwhile leaves no half of it.
  const fresh = `dist/worker-${process.pid}`
  for (const args of [
    [WRANGLER, 'deploy', '--dry-run', '--outdir', at(fresh), ...LOCAL_BUILD],
    [at('scripts/local/described.mjs'), at(`${fresh}/described.json`)],
  ]) {
    const { status, stdout, stderr } = spawnSync(node, args, { cwd: at('.'), env: wranglerEnv(), encoding: 'utf8' })
    if (status === 0) continue
    rmSync(at(fresh), { recursive: true, force: true })
    throw new Sentence(`The Worker could not be built:\n${stdout}${stderr}`)
  }
  rmSync(at('dist/worker'), { recursive: true, force: true })
  renameSync(at(fresh), at('dist/worker'))
}

/**
 * @param {string} built
 * @param {string[]} sources
 */
const isFresh = (built, sources) => existsSync(at(built)) && newest(sources.map(at)) <= statSync(at(built)).mtimeMs

/**
 * The time of the newest change below the paths. A folder changes with what is added to it and removed from it.
 * @param {string[]} paths
 * @returns {number} epoch milliseconds
 */
function newest(paths) {
  const times = paths.map((path) => {
    const stat = statSync(path)
    if (!stat.isDirectory()) return stat.mtimeMs
    return Math.max(stat.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))))
  })
  return Math.max(0, ...times)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  run(async () => {
    buildPages(process.execPath)
    buildWorker(process.execPath)
  })
