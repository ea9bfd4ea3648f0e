/**
 * The inbox object's one alarm: set to what is due next,
 * later while something is out of reach, and only ever earlier.
 */
import { SOONEST_MS } from '../../core/conversation/timers.ts'

/** First wait after something could not be reached; doubles up to `RETRY_MAX_MS`. */
const RETRY_MS = 2_000
const RETRY_MAX_MS = 30_000

export class Alarm {
  readonly #storage: DurableObjectStorage
  #failures = 0
  /** When it is known to go off; unknown after a wake. */
  #at: number | null = null

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  rang(): void {
    this.#at = null
  }

  /** Something could not be reached: what is left is tried after a while. */
  failed(): void {
    this.#failures += 1
  }

  /** All was reached. */
  recovered(): void {
    this.#failures = 0
  }

  /** Whether it is known to go off by then, so that nothing has to be looked up. */
  comesBy(due: number): boolean {
    return this.#at !== null && this.#at <= due
  }

  /** Asks for the earliest of these; for none, nothing. */
  arm(dues: readonly number[]): void {
    if (dues.length === 0) return
    const wait = this.#failures === 0 ? 0 : Math.min(RETRY_MS * 2 ** (this.#failures - 1), RETRY_MAX_MS)
    const at = Math.max(Math.min(...dues), Date.now() + Math.max(wait, SOONEST_MS))
    if (this.comesBy(at)) return
    this.#at = at
    void this.#storage.setAlarm(at)
  }
}
