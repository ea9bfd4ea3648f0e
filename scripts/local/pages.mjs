/** Builds the pages when their sources are newer than what was built. Built-ins of Node 20 only. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { at, Sentence } from './paths.mjs'

/** The last file of the build: it is there only when all of it succeeded. */
const BUILT = 'dist/client/widget.js'

const SOURCES = ['web', 'core', 'package-lock.json']

/** @param {string} node the Node to run the tools with */
export function buildPages(node) {
  if (existsSync(at(BUILT)) && newest(SOURCES.map(at)) <= statSync(at(BUILT)).mtimeMs) return
  console.log('Building the pages …')
  for (const config of ['vite.config.ts', 'vite.widget.config.ts', 'vite.loader.config.ts']) {
    const args = [at('node_modules/vite/bin/vite.js'), 'build', '-c', at(`web/${config}`), '--logLevel', 'warn']
    const vite = spawnSync(node, args, { cwd: at('.'), stdio: 'inherit' })
    if (vite.status !== 0) throw new Sentence('The pages could not be built: the reason stands above.')
  }
}

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
