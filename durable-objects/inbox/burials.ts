/**
 * Conversations that are gone for good (CV12): what this object and the index had of them, and the memory that they are
 * gone, so that nothing which comes late brings one back. The memory goes when the conversation's own tombstone does.
 */
import type { Receipt } from '../../core/conversation/deletion.ts'
import { report } from '../report.ts'
import { within } from '../within.ts'
import { forgetStatements, purgeStatements } from './d1Index.ts'
import type { Database } from './database.ts'
import type { Rows } from './rows.ts'

const REMOTE_MS = 4_000

export class Burials {
  readonly #db: Database
  readonly #rows: Rows

  constructor(db: Database, rows: Rows) {
    this.#db = db
    this.#rows = rows
  }

  has(id: string): boolean {
    return this.#db.rows('SELECT 1 FROM buried WHERE id = ?', id).length > 0
  }

  /**
   * Drops everything about a conversation here, then in the index, where a tombstone and the receipt take its place in
   * one batch. Until it has them the row stays here, hidden: lists would show what the index still has. May be asked
   * for again.
   * @returns whether D1 took it
   */
  async bury(d1: D1Database, id: string, receipt: Receipt): Promise<boolean> {
    this.#db.transaction(() => {
      this.#rows.hide(id, receipt.at)
      const { sql } = this.#db
      for (const table of ['markers', 'viewing', 'live', 'ban_news']) sql.exec(`DELETE FROM ${table} WHERE id = ?`, id)
      sql.exec('INSERT OR IGNORE INTO buried (id) VALUES (?)', id)
    })
    if (!(await taken(d1.batch(purgeStatements(d1, id, receipt))))) return false
    this.#rows.forget(id)
    return true
  }

  /** The conversation's object itself is about to be empty: another may begin under this id. */
  async forget(d1: D1Database, workspace: string, id: string): Promise<boolean> {
    if (!(await taken(d1.batch(forgetStatements(d1, workspace, id))))) return false
    this.#db.sql.exec('DELETE FROM buried WHERE id = ?', id)
    return true
  }
}

// An error that leaves an object by RPC counts as uncaught: the caller is told by a value.
async function taken(batch: Promise<unknown>): Promise<boolean> {
  try {
    await within(REMOTE_MS, batch)
    return true
  } catch (error) {
    report('the index could not forget a conversation', error)
    return false
  }
}
