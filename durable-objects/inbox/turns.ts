/**
 * What automatic assignment (CV6) goes by: which conversations nobody has, how many each member has, and whose turn it
 * was. Must never await.
 */
import type { MemberId } from '../../core/ids.ts'
import type { Database } from './database.ts'
import { membersIn } from './rows.ts'

/** A conversation that nobody has. */
export interface Unassigned {
  id: string
  /** Null where it was last told of before this was kept: then what holds in the workspace holds for it. */
  channel: string | null
  /** Who had it last, where it was taken from somebody. */
  had: MemberId | null
  /** Epoch milliseconds; 0 where it was so before this was kept. */
  since: number
}

export interface Turn {
  member: MemberId
  /** Epoch milliseconds, made to rise: no two turns are the same. */
  turn: number
  /** Given to them until this turn, and perhaps not known to be theirs yet. */
  given: string[]
}

export class Turns {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** What nobody has, the longest waiting first. A walk over all ids: only where there is somebody to give it to. */
  unassigned(): Unassigned[] {
    return this.#db
      .rows<{ id: string; channel: string | null; withdrawn: string | null; since: number | null }>(
        `SELECT id, channel, withdrawn, since FROM known
         WHERE assignee IS NULL AND status IN ('waiting_human', 'active_human') AND deleted_at IS NULL
         ORDER BY since, id`,
      )
      .map(({ id, channel, withdrawn, since }) => ({
        ...{ id, channel, since: since ?? 0 },
        had: membersIn(withdrawn).at(-1) ?? null,
      }))
  }

  /** How many open conversations each member has; who is not named has none. */
  load(): Map<string, number> {
    const rows = this.#db.rows<{ assignee: string; n: number }>(
      `SELECT assignee, count(*) AS n FROM known
       WHERE assignee IS NOT NULL AND status <> 'closed' AND deleted_at IS NULL GROUP BY assignee`,
    )
    return new Map(rows.map(({ assignee, n }) => [assignee, n]))
  }

  all(): Turn[] {
    return this.#db
      .rows<{ member: MemberId; turn: number; given: string }>('SELECT * FROM turns')
      .map(({ member, turn, given }) => ({ member, turn, given: JSON.parse(given) as string[] }))
  }

  /** Remembers turns, before anything is given: one row for each member, however much they are given at once. */
  keep(turns: readonly Turn[]): void {
    this.#db.transaction(() => {
      for (const { member, turn, given } of turns)
        this.#db.sql.exec(
          'INSERT OR REPLACE INTO turns (member, turn, given) VALUES (?, ?, ?)',
          ...[member, turn, JSON.stringify(given)],
        )
    })
  }
}
