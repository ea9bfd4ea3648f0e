/**
 * Which conversations a member has open, and whose rights have changed: so that who loses a right is cut off at once
 * (PR2). Must never await.
 */
import type { Database } from './database.ts'

/** A socket that was let in on rights which have changed since. */
export interface Outdated {
  member: string
  conversation: string
  /** When the rights changed. */
  at: number
}

export class Rights {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Whether rights read at `asOf` still hold. */
  hold(member: string, asOf: number): boolean {
    const changed = this.#db.rows<{ at: number }>('SELECT at FROM revoked WHERE member = ?', member)[0]
    if (!changed || changed.at < asOf) return true
    const now = Date.now()
    // Ahead can only be a clock that has since gone back: they would stay outside until it is there again.
    if (changed.at > now) this.#db.transaction(() => this.#turnBack(member, now))
    return false
  }

  /** A conversation has let a member in. False if the rights have changed since they were read: the socket must go. */
  opened(member: string, conversation: string, asOf: number): boolean {
    if (!this.hold(member, asOf)) return false
    this.#db.sql.exec(
      `INSERT INTO viewing (member, id, as_of) VALUES (?, ?, ?)
       ON CONFLICT (member, id) DO UPDATE SET as_of = excluded.as_of WHERE excluded.as_of > as_of`,
      member,
      conversation,
      asOf,
    )
    return true
  }

  /** A member's rights changed now. `disabled`: whether they are, or null where that is as it was. */
  changed(member: string, disabled: boolean | null, now: number): void {
    const is = disabled === null ? null : disabled ? 1 : 0
    this.#db.sql.exec(
      `INSERT INTO revoked (member, at, disabled, unassign) VALUES (?1, ?2, coalesce(?3, 0), coalesce(?3, 0))
       ON CONFLICT (member) DO UPDATE SET at = excluded.at, disabled = coalesce(?3, disabled),
         unassign = CASE WHEN ?3 = 0 THEN 0 ELSE max(unassign, excluded.unassign) END`,
      member,
      now,
      is,
    )
  }

  /** What is to be closed stays so. */
  #turnBack(member: string, now: number): void {
    this.#db.sql.exec('UPDATE revoked SET at = ? WHERE member = ?', now, member)
    this.#db.sql.exec('UPDATE viewing SET as_of = min(as_of, ?) WHERE member = ?', now, member)
  }

  /** The sockets that are to be closed: those let in on rights that have changed since. */
  outdated(): Outdated[] {
    return this.#db
      .rows<{ member: string; id: string; at: number }>(
        'SELECT v.member, v.id, r.at FROM viewing v JOIN revoked r ON r.member = v.member WHERE v.as_of <= r.at',
      )
      .map(({ member, id, at }) => ({ member, conversation: id, at }))
  }

  /** A member's sockets in a conversation have gone by `at`; one that came back since, on newer rights, stays. */
  closed({ member, conversation, at }: Outdated): void {
    this.#db.sql.exec('DELETE FROM viewing WHERE member = ? AND id = ? AND as_of <= ?', member, conversation, at)
  }

  isDisabled(member: string): boolean {
    return this.#db.rows('SELECT 1 FROM revoked WHERE member = ? AND disabled = 1', member).length > 0
  }

  /** A member turned out to have an open conversation. Answers whether it is to be given back: they are disabled. */
  holds(member: string): boolean {
    if (!this.isDisabled(member)) return false
    this.#db.sql.exec('UPDATE revoked SET unassign = 1 WHERE member = ?', member)
    return true
  }

  /** Members whose conversations are still to be given back. */
  toGiveBack(): string[] {
    return this.#db
      .rows<{ member: string }>('SELECT member FROM revoked WHERE unassign = 1')
      .map(({ member }) => member)
  }

  gaveBack(member: string): void {
    this.#db.sql.exec('UPDATE revoked SET unassign = 0 WHERE member = ?', member)
  }
}
