/**
 * D1 as it is on its bad days, for every object at once: calls fail, are taken but never answered, hang, or cost the
 * caller its life. What is planned meets one call each; without a plan it is the D1 that it always was. The clock
 * stands still beside it: a call that hangs does so until the test lets the patience of its caller end.
 */
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'

export const FAULTS = [
  'it throws',
  'it takes it, and the answer is lost',
  'it hangs',
  'it takes it, and hangs',
  'the power goes before it is taken',
  'the power goes after it was taken',
] as const
export type Fault = (typeof FAULTS)[number]

/** `within` gives up after so long. */
const PATIENCE_MS = 5_000

export class FaultyD1 {
  /** What the next calls meet. */
  plan: Fault[] = []
  /** Epoch milliseconds, everywhere. */
  now: number
  /** Ends the life of whoever calls. */
  cutPower: () => void = () => {}
  readonly #patience = new Set<() => void>()
  #isPatienceNext = false

  constructor(now: number) {
    this.now = now
    vi.spyOn(Date, 'now').mockImplementation(() => this.now)
    this.#holdPatience()
    const prototype = Object.getPrototypeOf(env.DB) as D1Database
    const { batch, prepare } = prototype
    const meet = <T>(call: () => Promise<T>) => this.#meet(call)
    vi.spyOn(prototype, 'batch').mockImplementation(function (this: D1Database, statements) {
      return meet(() => batch.call(this, statements)) as never
    })
    vi.spyOn(prototype, 'prepare').mockImplementation(function (this: D1Database, sql) {
      const statement = prepare.call(this, sql)
      const first = statement.first.bind(statement)
      // Of single statements only the question whether it is there: tests ask much else.
      return sql === 'SELECT 1' ? Object.assign(statement, { first: () => meet(() => first()) }) : statement
    })
  }

  get hangs(): boolean {
    return this.#patience.size > 0
  }

  /** Whoever waits for a call that hangs gives up. */
  endPatience(): void {
    this.now += PATIENCE_MS
    for (const giveUp of this.#patience) giveUp()
    this.#patience.clear()
  }

  heal(): void {
    this.plan = []
  }

  async #meet<T>(call: () => Promise<T>): Promise<T> {
    const fault = this.plan.shift()
    if (fault === undefined) return call()
    const hangs = fault === 'it hangs' || fault === 'it takes it, and hangs'
    // Whoever calls sets its timer in this very turn.
    this.#isPatienceNext = hangs
    if (fault.includes('takes it') || fault.includes('was taken')) await call()
    if (hangs) return new Promise(() => {})
    if (fault.startsWith('the power')) this.cutPower()
    throw new Error(`D1_ERROR: ${fault}`)
  }

  #holdPatience(): void {
    const [set, clear] = [setTimeout, clearTimeout]
    vi.stubGlobal('setTimeout', (run: () => void, ms?: number) => {
      if (!this.#isPatienceNext) return set(run, ms)
      this.#isPatienceNext = false
      this.#patience.add(run)
      return run
    })
    vi.stubGlobal('clearTimeout', (timer: number | (() => void) | null) => {
      if (typeof timer === 'function') this.#patience.delete(timer)
      else clear(timer)
    })
  }
}
