/**
 * Limits on what visitors may have made and told (DL9): one number per device and per address, in the table that began with
 * those of new conversations. Must never await.
 */
import { CALLER_START_LIMIT, CONTACT_LIMITS, type Limit, startLimit, take } from '../../core/conversation/limits.ts'
import type { WorkspacePolicy } from '../../core/conversation/policy.ts'
import type { Database } from './database.ts'

const ADMITTED_KEPT = 1_000

type Starts = Pick<WorkspacePolicy, 'startsPerDevice' | 'startsPerAddress'>

export class Limits {
  readonly #db: Database
  /** What was let in and may not have come into being yet; in memory, because forgetting costs a retry one of its limit. */
  readonly #admitted = new Set<string>()

  constructor(db: Database) {
    this.#db = db
  }

  /** One more conversation of a device, from an address. All of these answer null if it may, else from when it may. */
  start(conversation: string, device: string, ip: string, now: number, policy: Starts): number | null {
    const limits = [
      { key: `device:${device}`, limit: startLimit(policy.startsPerDevice) },
      { key: `ip:${ip}`, limit: startLimit(policy.startsPerAddress) },
    ]
    return this.#take(limits, now, conversation)
  }

  /** The same for a program or a member who brings what somebody wrote elsewhere. */
  startBy(conversation: string, caller: string, now: number): number | null {
    return this.#take([{ key: `start:${caller}`, limit: CALLER_START_LIMIT }], now, conversation)
  }

  /** A device, from an address, says once more who is behind it. */
  contact(device: string, ip: string, now: number): number | null {
    const limits = [
      { key: `contact:device:${device}`, limit: CONTACT_LIMITS.device },
      { key: `contact:ip:${ip}`, limit: CONTACT_LIMITS.ip },
    ]
    return this.#take(limits, now)
  }

  /** Limits that have long refilled need not be kept. */
  sweep(now: number): void {
    this.#db.sql.exec('DELETE FROM starts WHERE arrival < ?', now)
  }

  /**
   * Takes one from every limit, or from none; nothing if the same was let in a moment ago.
   * @param once what is let in, where it may be asked for again before it has come into being
   * @returns null when taken, else the epoch milliseconds from which all of them would allow it
   */
  #take(limits: ReadonlyArray<{ key: string; limit: Limit }>, now: number, once?: string): number | null {
    if (once !== undefined && this.#admitted.has(once)) return null
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
    if (this.#admitted.size >= ADMITTED_KEPT) this.#admitted.clear()
    if (once !== undefined) this.#admitted.add(once)
    return null
  }
}
