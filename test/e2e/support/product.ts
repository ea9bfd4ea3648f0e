/**
 * The built product as people run it: `npm start` on a free port with data of its own, and the accidents it must
 * survive. Nothing is left running when the test process ends, however it ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { preparedState } from './preparedState.ts'

/** The product to run: this one, or the copy with a bug in it that scripts/mutants.ts made. */
export const PRODUCT_ROOT = process.env['FOYER_ROOT'] ?? fileURLToPath(new URL('../../..', import.meta.url))
const READY = 'Stop with Ctrl-C'
const PATIENCE_MS = 90_000

export class Product {
  readonly port: number
  /** Where people open it: `http://localhost:…`. */
  readonly origin: string
  readonly stateDir: string
  readonly #root: string
  /** Everything that it has said since it was last started. */
  output = ''
  #starter: ChildProcess | null = null

  /** @param root the code to run, where it is not that of this run */
  constructor(port: number, stateDir: string, root = PRODUCT_ROOT) {
    this.#root = root
    this.port = port
    this.origin = `http://localhost:${port}`
    this.stateDir = stateDir
    process.once('exit', () => this.#killAll())
  }

  /** A new installation, started. With `fresh` its first start finds nothing at all, else an empty database. */
  static async open({ fresh = false } = {}): Promise<Product> {
    const product = new Product(await freePort(), mkdtempSync(join(tmpdir(), 'foyer-e2e-')))
    if (!fresh) cpSync(await preparedState(PRODUCT_ROOT), product.stateDir, { recursive: true })
    await product.start()
    return product
  }

  /** The link to the first-run page, as it is printed. */
  get setupLink(): string {
    return /\S+\/dashboard\/setup#token=\S+/.exec(this.output)?.[0] ?? ''
  }

  async start(): Promise<void> {
    const starter = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: this.#root,
      detached: true,
      env: { ...process.env, PORT: String(this.port), STATE_DIR: this.stateDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#starter = starter
    this.output = ''
    const ready = Promise.withResolvers<void>()
    const hear = (chunk: Buffer): void => {
      this.output += chunk.toString()
      if (this.output.includes(READY)) ready.resolve()
    }
    starter.stdout.on('data', hear)
    starter.stderr.on('data', hear)
    starter.once('exit', () => ready.reject(new Error(`Foyer ended while starting:\n${this.output}`)))
    const late = setTimeout(() => ready.reject(new Error(`Foyer did not start:\n${this.output}`)), PATIENCE_MS)
    await ready.promise.finally(() => clearTimeout(late))
    // A product that ends by itself fails whatever comes next: what it said last tells why.
    starter.once('exit', (code) => {
      if (code !== null && code !== 0)
        console.error(`Foyer ended by itself with ${code}:\n${this.output.slice(-4_000)}`)
    })
  }

  /**
   * Power off: every process at once, without a chance to finish anything. Proves that nobody serves the port any more,
   * since a test of crashes that left the runtime alive would prove nothing.
   */
  async crash(): Promise<void> {
    this.#killAll()
    await until(async () => !(await isServed(this.port)), 'the port is dead after kill -9')
  }

  /** kill -9 of the command alone: the runtime goes on, orphaned. */
  async killStarter(): Promise<void> {
    const starter = this.#starter
    if (starter?.pid === undefined) return
    const ended = new Promise((resolve) => starter.once('exit', resolve))
    process.kill(starter.pid, 'SIGKILL')
    await ended
  }

  /** As Ctrl-C does it. */
  async stop(): Promise<void> {
    const starter = this.#starter
    if (starter?.pid === undefined || starter.exitCode !== null || starter.signalCode !== null) return
    const ended = new Promise((resolve) => starter.once('exit', resolve))
    process.kill(starter.pid, 'SIGINT')
    await ended
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.stateDir, { recursive: true, force: true })
  }

  /** The process groups of the product: of the command, and of the runtime that it started. */
  #groups(): number[] {
    const groups = this.#starter?.pid === undefined ? [] : [this.#starter.pid]
    try {
      groups.push(JSON.parse(readFileSync(join(this.stateDir, 'running.json'), 'utf8')).runtime.pid)
    } catch {
      // It has not come so far as to start a runtime.
    }
    return groups
  }

  #killAll(): void {
    for (const group of this.#groups()) {
      try {
        process.kill(-group, 'SIGKILL')
      } catch {
        // Gone already.
      }
    }
  }
}

/**
 * A port that is free, and that the system gives to nobody by itself as it does those from 32,768 on: what connects
 * meanwhile must not take the port of a product that is about to start, or was killed and starts again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Whether anybody accepts connections on a port. */
export function isServed(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (served: boolean) => () => {
      socket.destroy()
      resolve(served)
    }
    socket.once('connect', answer(true))
    socket.once('error', answer(false))
  })
}

/** Waits for something to become true. @throws with the name of it when it does not within twenty seconds */
export async function until(isTrue: () => Promise<boolean>, what: string, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs
  while (Date.now() < end) {
    if (await isTrue()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`Waited ${withinMs} ms in vain: ${what}.`)
}
