/**
 * Process groups. The runtime is several processes (wrangler, workerd, a bundler): ending only the one that was started
 * leaves the others serving the port, so they are started as one group and ended as one. Built-ins of Node 20 only.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const PATIENCE_MS = 5_000

/** @param {number} pid */
export function isAlive(pid) {
  return signal(pid, 0)
}

/**
 * Something that tells a process from a later one with the same id; null where it cannot be learned.
 * @param {number} pid
 * @returns {string | null}
 */
export function birthOf(pid) {
  if (existsSync('/proc/self/stat')) {
    try {
      // The name stands in brackets and may hold spaces; after it come the state and, 19 on, the start time.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? []
      // Dead, and kept by a parent that never asked how it ended: containers are full of those.
      return fields[0] === 'Z' ? null : (fields[19] ?? null)
    } catch {
      return null
    }
  }
  return psOf(pid, 'lstart')
}

/**
 * The parent of a process and the program that the process runs; null where it is gone or cannot be learned.
 * @param {number} pid
 */
export function describe(pid) {
  const parent = Number(psOf(pid, 'ppid'))
  const program = psOf(pid, 'comm')
  return parent > 0 && program !== null ? { parent, program } : null
}

/**
 * @param {number} pid
 * @param {'lstart' | 'ppid' | 'comm'} column
 */
function psOf(pid, column) {
  if (existsSync('/proc/self/stat')) return procOf(pid, column)
  const ps = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' })
  return ps.status === 0 ? ps.stdout.trim() || null : null
}

/**
 * The same from /proc: small Linux images have no ps.
 * @param {number} pid
 * @param {'lstart' | 'ppid' | 'comm'} column
 */
function procOf(pid, column) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    if (column === 'comm') return stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    return stat.split(') ').pop()?.split(' ')[1] ?? null
  } catch {
    return null
  }
}

/**
 * Ends every process of a group and returns when none is left: politely first, by force after five seconds.
 * @param {number} group
 */
export async function endGroup(group) {
  for (const how of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    if (!signal(-group, how)) return
    const until = Date.now() + PATIENCE_MS
    while (Date.now() < until) {
      if (!signal(-group, 0)) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/**
 * @param {number} target a process, or a group where negative
 * @param {NodeJS.Signals | 0} how
 */
function signal(target, how) {
  try {
    process.kill(target, how)
    return true
  } catch {
    return false
  }
}
