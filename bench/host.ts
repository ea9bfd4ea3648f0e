/**
 * A Worker under miniflare, in a process group of its own, and what the kernel says it costs. Linux alone: the figures
 * come from /proc.
 */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { at } from '../scripts/local/paths.mjs'
import { endGroup } from '../scripts/local/processes.mjs'
import { wranglerEnv } from '../scripts/local/wrangler.mjs'

const READY_WITHIN_MS = 30_000
/** What the kernel counts processor time in, on every Linux that Node runs on. */
const TICK_MS = 10

export interface HostOptions {
  port: number
  /** The wrangler.toml with its bindings. */
  config: string
  /** The bundle: one module. */
  script: string
  /** Where its data lies. */
  state: string
}

export interface Host {
  origin: string
  /** Milliseconds of processor time that the runtime has used. */
  cpuMs(): number
  /** Bytes of memory that are the runtime's own. */
  memory(): number
  end(): Promise<void>
}

export async function startHost({ port, config, script, state }: HostOptions): Promise<Host> {
  const origin = `http://127.0.0.1:${port}`
  const args = [at('scripts/local/host.mjs'), '--port', String(port), '--origin', origin]
  args.push('--state', state, '--config', config, '--script', script, '--bare', at('bench/bare.js'))
  const child = spawn(process.execPath, args, {
    cwd: at('.'),
    env: wranglerEnv(),
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const group = child.pid
  if (group === undefined) throw new Error('the host could not be started')
  const end = () => endGroup(group)
  try {
    await untilReady(origin)
    const runtime = runtimeOf(group)
    return { origin, cpuMs: () => cpuOf(runtime), memory: () => memoryOf(runtime), end }
  } catch (error) {
    await end()
    throw error
  }
}

async function untilReady(origin: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS
  while (Date.now() < until) {
    const answer = await fetch(`${origin}/healthz`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the host did not answer in time')
}

/** The process that runs the Worker: a child of the one that was started. */
function runtimeOf(parent: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = pids.find((pid) => {
    const stat = read(`/proc/${pid}/stat`)
    return stat.includes('(workerd)') && Number(fieldsOf(stat)[1]) === parent
  })
  if (!found) throw new Error('no workerd was started')
  return Number(found)
}

function cpuOf(pid: number): number {
  const fields = fieldsOf(read(`/proc/${pid}/stat`))
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

function memoryOf(pid: number): number {
  const kib = /^RssAnon:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1]
  return Number(kib) * 1024
}

/** Of /proc/…/stat, what follows the name; the first is the state. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // Ended meanwhile.
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
