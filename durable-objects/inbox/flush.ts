/**
 * Brings due rows into D1, in one batch. A batch that fails while D1 answers otherwise is halved down to the row that
 * cannot be taken, so that one bad row never holds up the others.
 */
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { DirtyRow } from './rows.ts'

export interface FlushDeps {
  /** Writes these rows in one transaction; throws if D1 did not take them. */
  write(rows: readonly DirtyRow[]): Promise<void>
  /** Whether D1 answers at all. */
  alive(): Promise<boolean>
  taken(rows: readonly ConversationRow[]): void
  /** D1 answers, but will not have this one. */
  refused(row: ConversationRow, error: unknown): void
}

/** Answers false if D1 is out of reach: everything not yet taken stays as it was. */
export async function flush(deps: FlushDeps, rows: readonly DirtyRow[]): Promise<boolean> {
  if (rows.length === 0) return true
  try {
    await deps.write(rows)
    deps.taken(rows.map((dirty) => dirty.row))
    return true
  } catch (error) {
    if (!(await deps.alive())) return false
    const [first] = rows
    if (rows.length === 1 && first) {
      deps.refused(first.row, error)
      return true
    }
    const half = Math.ceil(rows.length / 2)
    return (await flush(deps, rows.slice(0, half))) && (await flush(deps, rows.slice(half)))
  }
}
