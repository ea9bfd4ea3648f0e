/** Makes a fresh clone runnable: the packages, and the newer Node that the tools need. Built-ins of Node 20 only. */
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { at, Sentence } from './paths.mjs'

/** What the tools need: it runs TypeScript without a build. */
const TOOLS_NODE = [22, 18]

/**
 * Installs the packages of the lockfile where they are missing or differ, and returns the Node to run tools with.
 * @returns {string} path of an executable
 */
export function install() {
  if (!isInstalled()) {
    refuseLink()
    console.log('Installing packages (once, about 20 seconds) …')
    const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: at('.'),
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    if (npm.status !== 0) throw new Sentence('The packages could not be installed: npm says why above.')
  }
  const node = toolsNode()
  process.env['PATH'] = `${at('node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`
  return node
}

/** `npm ci` empties the folder first: through a link that would be the folder of another checkout. */
function refuseLink() {
  if (!lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return
  throw new Sentence(
    'node_modules is a link to another folder, whose packages do not fit this lockfile. Remove the link and start again.',
  )
}

/** npm notes what it installed in node_modules; written last, so it is not there after an interrupted run. */
function isInstalled() {
  const installed = at('node_modules/.package-lock.json')
  if (!existsSync(installed)) return false
  const wanted = packagesOf(at('package-lock.json'))
  const present = packagesOf(installed)
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  )
}

/**
 * @param {string} lockfile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
const packagesOf = (lockfile) => JSON.parse(readFileSync(lockfile, 'utf8')).packages

/** The Node among the packages (Linux on x64), else the one that runs this, if it is new enough. */
function toolsNode() {
  const packaged = at('node_modules/.bin/node')
  if (existsSync(packaged) && spawnSync(packaged, ['--version']).status === 0) return packaged
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [needMajor = 0, needMinor = 0] = TOOLS_NODE
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return process.execPath
  throw new Sentence(
    `Foyer's tools need Node ${TOOLS_NODE.join('.')} or newer on this machine; this is ${process.versions.node}. ` +
      'Get it from https://nodejs.org, then start again.',
  )
}
