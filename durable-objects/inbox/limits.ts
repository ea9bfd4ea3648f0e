/**
 * Limits on what visitors may have made and told (DL9): one number per device and per address, in the table that began
 * with those of new conversations. Must never await.
 *
 * A limit on starts is written with the first row of what it let in: a write of its own would cost as much as all else
 * that is asked before a start. Whatever brings no row is written a second later, so what a crash forgets is a
 * second's.
 */
import { countedAs } from '../../core/bans/network.ts'
import { CALLER_START_LIMIT, CONTACT_LIMITS, type Limit, startLimit, take } from '../../core/conversation/limits.ts'
import type { WorkspacePolicy } from '../../core/conversation/policy.ts'
import type { Database } from './database.ts'

const ADMITTED_KEPT = 1_000
const WRITTEN_AFTER_MS = 1_000

type Starts = Pick<WorkspacePolicy, 'startsPerDevice' | 'startsPerAddress'>

export class Limits {
  readonly #db: Database
  /**
   * What was let in and may not have come into being yet;
   * in memory, because forgetting costs a retry one of its limit.
   */
  readonly #admitted = new Set<string>()
  /** Arrivals that are not written yet. */
  readonly #unwritten = new Map<string, number>()

  constructor(db: Database) {
    this.#db = db
  }

  /** One more conversation of a device, from an address. All of these answer null if it may, else from when it may. */
  start(conversation: string, device: string, ip: string, now: number, policy: Starts): number | null {
    const limits = [
      { key: `device:${device}`, limit: startLimit(policy.startsPerDevice) },
      { key: `ip:${countedAs(ip)}`, limit: startLimit(policy.startsPerAddress) },
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
      { key: `contact:ip:${countedAs(ip)}`, limit: CONTACT_LIMITS.ip },
    ]
    return this.#take(limits, now)
  }

  /** Writes what is not written yet; with nothing to write it costs nothing. */
  write(): void {
    for (const [key, arrival] of this.#unwritten)
      this.#db.sql.exec('INSERT OR REPLACE INTO starts (key, arrival) VALUES (?, ?)', key, arrival)
    this.#unwritten.clear()
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
      return { key, ...take(limit, this.#arrivalOf(key), now) }
    })
    const retryAt = Math.max(0, ...taken.map((t) => (t.ok ? 0 : t.retryAt)))
    if (retryAt > 0) return retryAt
    if (this.#unwritten.size === 0) setTimeout(() => this.write(), WRITTEN_AFTER_MS)
    for (const t of taken) if (t.ok) this.#unwritten.set(t.key, t.arrival)
    if (this.#admitted.size >= ADMITTED_KEPT) this.#admitted.clear()
    if (once !== undefined) this.#admitted.add(once)
    return null
  }

  #arrivalOf(key: string): number {
    const unwritten = this.#unwritten.get(key)
    if (unwritten !== undefined) return unwritten
    return this.#db.rows<{ arrival: number }>('SELECT arrival FROM starts WHERE key = ?', key)[0]?.arrival ?? 0
  }
}
