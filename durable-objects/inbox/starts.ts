/** Limits on starting conversations (DL9): one number per device and per address. Must never await. */
import { type Limit, take } from '../../core/conversation/limits.ts'
import type { Database } from './database.ts'

export class Starts {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * Takes one from every limit, or from none.
   * @returns null when taken, else the epoch milliseconds from which all of them would allow it
   */
  take(limits: ReadonlyArray<{ key: string; limit: Limit }>, now: number): number | null {
    const taken = limits.map(({ key, limit }) => {
      const held = this.#db.rows<{ arrival: number }>('SELECT arrival FROM starts WHERE key = ?', key)[0]
      return { key, ...take(limit, held?.arrival ?? 0, now) }
    })
    const retryAt = Math.max(0, ...taken.map((t) => (t.ok ? 0 : t.retryAt)))
    if (retryAt > 0) return retryAt
    this.#db.transaction(() => {
      for (const t of taken)
        if (t.ok) this.#db.sql.exec('INSERT OR REPLACE INTO starts (key, arrival) VALUES (?, ?)', t.key, t.arrival)
    })
    return null
  }

  /** Limits that have long refilled need not be kept. */
  sweep(now: number): void {
    this.#db.sql.exec('DELETE FROM starts WHERE arrival < ?', now)
  }
}
