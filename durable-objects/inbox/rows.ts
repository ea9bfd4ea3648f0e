/**
 * The workspace's conversations as this object knows them: every id with status and assignee, and the rows that D1 has
 * not taken yet. Must never await.
 */
import { isNobodys } from '../../core/assignment.ts'
import { withdrawnFrom } from '../../core/conversation/canSee.ts'
import type { Status } from '../../core/conversation/entries.ts'
import { type ConversationRow, completed } from '../../core/conversation/row.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/durations.ts'
import type { MemberId } from '../../core/ids.ts'
import { COUNT_MAX, type ViewCounts } from '../../core/protocol/inboxFrames.ts'
import type { Database } from './database.ts'
import { Gathering } from './gathering.ts'

/** A new conversation or a changed status or assignee stands in D1 within this time. */
export const URGENT_MS = 2_000
/** Mere activity does so within this. */
export const CALM_MS = MINUTE_MS
/**
 * A row that D1 refuses while it takes others is tried again after this time, which doubles with every refusal: one
 * failed call says little, and a row that will never be taken must not be tried for ever at this pace.
 */
export const PARKED_MS = 2_000
export const PARKED_MAX_MS = HOUR_MS

export interface DirtyRow {
  row: ConversationRow
  /** The contact and device are to be made with it. */
  introduce: boolean
}

/** Who handles a conversation, by its status and assignee. */
export interface Handling {
  id: string
  status: string
  assignee: string | null
}

export interface Kept {
  /** Whether it changes what views count. */
  counted: boolean
  /** When D1 is to have it. */
  due: number
  /** From whom the conversation was just taken (CV7). */
  withdrawn: MemberId[]
}

type Stored = { id: string; rev: number; due_at: number; introduce: number; parked: number; row: string }
type Known = {
  status: Status | null
  assignee: MemberId | null
  withdrawn: string | null
  rev: number
  deleted_at: number | null
  since: number | null
}

export class Rows {
  readonly #db: Database
  /** Mere activity, on its way to `dirty`. Everything that reads the table has it written first. */
  readonly #gathering: Gathering<Stored>

  constructor(db: Database) {
    this.#db = db
    this.#gathering = new Gathering((rows) => db.transaction(() => this.#write(rows)))
  }

  /** Takes a row unless a newer one is here, or this very one; then null. */
  keep(row: ConversationRow, urgent: boolean, now: number): Kept | null {
    const { held, known } = this.#of(row.id)
    if (Math.max(held?.rev ?? 0, known?.rev ?? 0) >= row.rev) return null
    const withdrawn = withdrawnFrom(row)
    const stored = withdrawn.length > 0 ? JSON.stringify(withdrawn) : null
    const counted =
      known?.status !== row.status ||
      known.assignee !== row.assignee ||
      known.deleted_at !== row.deletedAt ||
      known.withdrawn !== stored
    const fresh = now + (urgent || !known ? URGENT_MS : CALM_MS)
    const due = held && held.parked === 0 ? Math.min(held.due_at, fresh) : fresh
    const introduce = held?.introduce || !known ? 1 : 0
    const dirty = { id: row.id, rev: row.rev, due_at: due, introduce, parked: 0, row: JSON.stringify(row) }
    if (counted || urgent)
      this.#db.transaction(() => {
        if (counted) this.#know(row, known, stored, now)
        this.#write([dirty])
        this.#gathering.drop(row.id)
      })
    else this.#gathering.add(dirty, now)
    const before = membersIn(known?.withdrawn)
    return { counted, due, withdrawn: withdrawn.filter((member) => !before.includes(member)) }
  }

  /**
   * Resolves once what was taken of a conversation is stored.
   * @throws where it could not be: it has to be told again
   */
  async stored(id: string): Promise<void> {
    return this.#gathering.written(id)
  }

  hasUncounted(): boolean {
    return this.#db.rows('SELECT 1 FROM known WHERE status IS NULL LIMIT 1').length > 0
  }

  /** Who handles conversations that this object knew by their id alone; what it knows itself is newer. */
  fill(handling: readonly Handling[]): void {
    this.#db.transaction(() => {
      for (const { id, status, assignee } of handling)
        this.#db.sql.exec(
          'UPDATE known SET status = ?, assignee = ? WHERE id = ? AND status IS NULL',
          status,
          assignee,
          id,
        )
    })
  }

  /** Everything D1 may not have; also what is being deleted, which readers take away (CV12). */
  all(): ConversationRow[] {
    return this.#settled.rows<Stored>('SELECT * FROM dirty').map((stored) => parse(stored).row)
  }

  due(now: number, most: number): DirtyRow[] {
    return this.#settled
      .rows<Stored>('SELECT * FROM dirty WHERE due_at <= ? ORDER BY due_at LIMIT ?', now, most)
      .map(parse)
  }

  /** When the next row is due, or null. */
  nextDue(): number | null {
    return this.#settled.rows<{ at: number | null }>('SELECT min(due_at) AS at FROM dirty')[0]?.at ?? null
  }

  /**
   * D1 has taken these: each is forgotten unless a newer one has come meanwhile. Its revision is not: a conversation
   * may tell of an older one still, and neither lists nor counts may go back to it.
   */
  clear(rows: readonly ConversationRow[]): void {
    this.#db.transaction(() => {
      for (const { id, rev } of rows) {
        this.#db.sql.exec('UPDATE known SET rev = ?2 WHERE id = ?1 AND rev < ?2', id, rev)
        this.#db.sql.exec('DELETE FROM dirty WHERE id = ? AND rev = ?', id, rev)
      }
    })
  }

  park(row: ConversationRow, now: number): void {
    this.#db.sql.exec(
      'UPDATE dirty SET due_at = ?1 + min(?2 << min(parked, 20), ?3), parked = parked + 1 WHERE id = ?4 AND rev = ?5',
      ...[now, PARKED_MS, PARKED_MAX_MS, row.id, row.rev],
    )
  }

  isKnown(id: string): boolean {
    return this.#db.rows('SELECT 1 FROM known WHERE id = ?', id).length > 0
  }

  /** Some ids of the workspace, in their order. */
  idsAfter(id: string, most: number): string[] {
    return this.#db
      .rows<{ id: string }>('SELECT id FROM known WHERE id > ? ORDER BY id LIMIT ?', id, most)
      .map((known) => known.id)
  }

  isOnItsWay(id: string): boolean {
    return this.#settled.rows('SELECT 1 FROM dirty WHERE id = ?', id).length > 0
  }

  /** Whether a row is newer than all that is known of its conversation. */
  isNews({ id, rev }: ConversationRow): boolean {
    const { held, known } = this.#of(id)
    return Math.max(held?.rev ?? 0, known?.rev ?? 0) < rev
  }

  /** How a conversation stands that is known at this revision, by its own word. */
  learn({ id, status, assignee, rev, deletedAt, channel }: ConversationRow): void {
    this.#db.sql.exec(
      `INSERT INTO known (id, status, assignee, rev, deleted_at, channel) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET
         status = excluded.status, assignee = excluded.assignee, rev = excluded.rev, deleted_at = excluded.deleted_at,
         channel = excluded.channel
       WHERE excluded.rev >= rev`,
      ...[id, status, assignee, rev, deletedAt, channel],
    )
  }

  /** CV12: in no list and no count, also where its own word that it was deleted has not come. */
  hide(id: string, deletedAt: number): void {
    const { sql } = this.#settled
    sql.exec("UPDATE dirty SET row = json_set(row, '$.deletedAt', ?) WHERE id = ?", deletedAt, id)
    sql.exec('UPDATE known SET deleted_at = ? WHERE id = ?', deletedAt, id)
  }

  /** There is no such conversation (any more). */
  forget(id: string): void {
    this.#gathering.drop(id)
    this.#db.transaction(() => {
      for (const table of ['known', 'dirty']) this.#db.sql.exec(`DELETE FROM ${table} WHERE id = ?`, id)
    })
  }

  /** The open conversations of a member. */
  openOf(member: string): string[] {
    return this.#db
      .rows<{ id: string }>(
        "SELECT id FROM known WHERE assignee = ? AND status <> 'closed' AND deleted_at IS NULL",
        member,
      )
      .map(({ id }) => id)
  }

  /**
   * How many conversations each view has, for every member. A walk over all ids: a row read is cheap, a kept count is
   * not.
   * @param hidden whether what was taken from a member is not counted for them (CV7)
   */
  counts(): (member: string, hidden: boolean) => ViewCounts {
    const groups = this.#db.rows<Group>(
      `SELECT status, assignee, withdrawn, count(*) AS n FROM known
       WHERE status IS NOT NULL AND deleted_at IS NULL GROUP BY status, assignee, withdrawn`,
    )
    return (member, hidden) => {
      const seen = hidden
        ? groups.filter(({ withdrawn }) => !membersIn(withdrawn).includes(member as MemberId))
        : groups
      const sum = (fits: (group: Group) => boolean): number =>
        Math.min(
          seen.filter(fits).reduce((total, group) => total + group.n, 0),
          COUNT_MAX,
        )
      return {
        all: sum(() => true),
        unresolved: sum((group) => group.status !== 'closed'),
        resolved: sum((group) => group.status === 'closed'),
        unassigned: sum((group) => group.assignee === null && group.status !== 'closed'),
        mine: sum((group) => group.assignee === member),
      }
    }
  }

  /** The database with everything that was taken. */
  get #settled(): Database {
    this.#gathering.settle()
    return this.#db
  }

  #of(id: string): { held: Stored | undefined; known: Known | undefined } {
    return {
      held: this.#gathering.get(id) ?? this.#db.rows<Stored>('SELECT * FROM dirty WHERE id = ?', id)[0],
      known: this.#db.rows<Known>('SELECT * FROM known WHERE id = ?', id)[0],
    }
  }

  #know(row: ConversationRow, before: Known | undefined, withdrawn: string | null, now: number): void {
    this.#db.sql.exec(
      `INSERT OR REPLACE INTO known (id, status, assignee, rev, deleted_at, withdrawn, channel, since)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[row.id, row.status, row.assignee, before?.rev ?? 0, row.deletedAt, withdrawn, row.channel],
      nobodysSince(row, before, now),
    )
  }

  #write(list: readonly Stored[]): void {
    for (const { id, rev, due_at, introduce, row } of list)
      this.#db.sql.exec(
        'INSERT OR REPLACE INTO dirty (id, rev, due_at, introduce, parked, row) VALUES (?, ?, ?, ?, 0, ?)',
        ...[id, rev, due_at, introduce, row],
      )
  }
}

/** Since when nobody has it, as far as was told; null where somebody does. */
function nobodysSince(row: ConversationRow, known: Known | undefined, now: number): number | null {
  if (!isNobodys(row.status, row.assignee)) return null
  const wasAlready = known?.status && isNobodys(known.status, known.assignee)
  return wasAlready ? known.since : now
}

type Group = { status: Status; assignee: string | null; withdrawn: string | null; n: number }

/** Written by `keep` above and by nobody else. */
export function membersIn(withdrawn: string | null | undefined): MemberId[] {
  return JSON.parse(withdrawn ?? '[]') as MemberId[]
}

// Written by `keep` above and by nobody else, perhaps before a field was added.
function parse(stored: Stored): DirtyRow {
  return { row: completed(JSON.parse(stored.row) as ConversationRow), introduce: stored.introduce === 1 }
}
