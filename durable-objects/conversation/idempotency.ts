/**
 * Requests that were named by an `Idempotency-Key` (AP2): which entry each of them became. The table is made on first
 * use: most conversations never meet a program. Must never await.
 */
import { type Entry, isTeam } from '../../core/conversation/entries.ts'
import { DAY_MS } from '../../core/durations.ts'
import { hasTable } from '../sqlite.ts'

/** How long a request is known by its key. */
export const IDEMPOTENCY_MS = DAY_MS

export interface Remembered {
  log: 'public' | 'team'
  n: number
  /** Of what was asked then. */
  digest: string
}

export class Idempotency {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** What a request of this name became, if it came within the last day. */
  find(key: string, now: number): Remembered | null {
    if (!hasTable(this.#sql, 'idempotency')) return null
    const query = 'SELECT log, n, digest FROM idempotency WHERE key = ? AND at > ?'
    const row = this.#sql
      .exec<{ log: string; n: number; digest: string }>(query, key, now - IDEMPOTENCY_MS)
      .toArray()[0]
    return row ? { ...row, log: row.log === 'team' ? 'team' : 'public' } : null
  }

  /** To be called in the transaction that writes the entry. What is older than a day goes with it. */
  keep(key: string, entry: Entry, digest: string, now: number): void {
    this.#sql.exec(
      `CREATE TABLE IF NOT EXISTS idempotency (
         key TEXT PRIMARY KEY, at INTEGER NOT NULL, log TEXT NOT NULL, n INTEGER NOT NULL, digest TEXT NOT NULL
       ) WITHOUT ROWID`,
    )
    this.#sql.exec('DELETE FROM idempotency WHERE at <= ?', now - IDEMPOTENCY_MS)
    this.#sql.exec(
      'INSERT INTO idempotency (key, at, log, n, digest) VALUES (?, ?, ?, ?, ?)',
      key,
      now,
      isTeam(entry) ? 'team' : 'public',
      entry.n,
      digest,
    )
  }
}
