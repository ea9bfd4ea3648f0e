/**
 * The rows that D1 has not taken yet, and the ids of all conversations. Owns every SQL statement of the inbox object's
 * own database; must never await.
 */

import { type Limit, take } from '../../core/conversation/limits.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import { runMigrations } from '../sqlite.ts'
import { MIGRATIONS } from './migrations.ts'

/** A new conversation or a changed status or assignee stands in D1 within this time. */
export const URGENT_MS = 2_000
/** Mere activity does so within this. */
export const CALM_MS = 60_000
/** A row that D1 refuses while it takes others is tried again this often. */
export const PARKED_MS = 3_600_000

export interface DirtyRow {
  row: ConversationRow
  /** The contact and device are to be made with it. */
  introduce: boolean
}

type Stored = { id: string; rev: number; due_at: number; introduce: number; parked: number; row: string }

export class Rows {
  readonly #storage: DurableObjectStorage
  #ready = false

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** Takes a row unless a newer one is here. Answers whether it was news. */
  keep(row: ConversationRow, urgent: boolean, now: number): boolean {
    this.#migrate()
    const { sql } = this.#storage
    const held = sql.exec<Stored>('SELECT * FROM dirty WHERE id = ?', row.id).toArray()[0]
    if (held && held.rev >= row.rev) return false
    const known = sql.exec('SELECT 1 FROM known WHERE id = ?', row.id).toArray().length > 0
    const due = now + (urgent || !known ? URGENT_MS : CALM_MS)
    this.#storage.transactionSync(() => {
      if (!known) sql.exec('INSERT INTO known (id) VALUES (?)', row.id)
      sql.exec(
        'INSERT OR REPLACE INTO dirty (id, rev, due_at, introduce, parked, row) VALUES (?, ?, ?, ?, 0, ?)',
        row.id,
        row.rev,
        held && held.parked === 0 ? Math.min(held.due_at, due) : due,
        held?.introduce || !known ? 1 : 0,
        JSON.stringify(row),
      )
    })
    return true
  }

  /** Everything D1 may not have. */
  all(): ConversationRow[] {
    this.#migrate()
    return this.#stored('SELECT * FROM dirty').map((stored) => parse(stored).row)
  }

  due(now: number, most: number): DirtyRow[] {
    this.#migrate()
    return this.#stored('SELECT * FROM dirty WHERE due_at <= ? ORDER BY due_at LIMIT ?', now, most).map(parse)
  }

  /** When the next row is due, or null. */
  nextDue(): number | null {
    this.#migrate()
    return this.#storage.sql.exec<{ at: number | null }>('SELECT min(due_at) AS at FROM dirty').one().at
  }

  /** D1 has taken these: each is forgotten unless a newer one has come meanwhile. */
  clear(rows: readonly ConversationRow[]): void {
    this.#storage.transactionSync(() => {
      for (const row of rows) this.#storage.sql.exec('DELETE FROM dirty WHERE id = ? AND rev = ?', row.id, row.rev)
    })
  }

  park(row: ConversationRow, now: number): void {
    this.#storage.sql.exec(
      'UPDATE dirty SET parked = 1, due_at = ? WHERE id = ? AND rev = ?',
      now + PARKED_MS,
      row.id,
      row.rev,
    )
  }

  /**
   * Takes one from every limit, or from none.
   * @returns null when taken, else the epoch milliseconds from which all of them would allow it
   */
  takeStart(limits: ReadonlyArray<{ key: string; limit: Limit }>, now: number): number | null {
    this.#migrate()
    const { sql } = this.#storage
    const taken = limits.map(({ key, limit }) => {
      const held = sql.exec<{ arrival: number }>('SELECT arrival FROM starts WHERE key = ?', key).toArray()[0]
      return { key, ...take(limit, held?.arrival ?? 0, now) }
    })
    const retryAt = Math.max(0, ...taken.map((t) => (t.ok ? 0 : t.retryAt)))
    if (retryAt > 0) return retryAt
    this.#storage.transactionSync(() => {
      for (const t of taken)
        if (t.ok) sql.exec('INSERT OR REPLACE INTO starts (key, arrival) VALUES (?, ?)', t.key, t.arrival)
    })
    return null
  }

  /** Limits that have long refilled need not be kept. */
  sweepStarts(now: number): void {
    this.#storage.sql.exec('DELETE FROM starts WHERE arrival < ?', now)
  }

  isKnown(id: string): boolean {
    this.#migrate()
    return this.#storage.sql.exec('SELECT 1 FROM known WHERE id = ?', id).toArray().length > 0
  }

  #stored(sql: string, ...bindings: SqlStorageValue[]): Stored[] {
    return this.#storage.sql.exec<Stored>(sql, ...bindings).toArray()
  }

  #migrate(): void {
    if (this.#ready) return
    // The number of steps stands beside the tables: SQLite's own user_version is refused in objects.
    const done = this.#storage.kv.get<number>('steps') ?? 0
    const steps = runMigrations(this.#storage, MIGRATIONS, done)
    if (steps !== done) this.#storage.kv.put('steps', steps)
    this.#ready = true
  }
}

// Written by `keep` above and by nobody else.
function parse(stored: Stored): DirtyRow {
  return { row: JSON.parse(stored.row) as ConversationRow, introduce: stored.introduce === 1 }
}
