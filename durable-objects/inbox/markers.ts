/** How far members have read (IB9), until D1 has it. Must never await. */
import type { InboxClientFrame, Marker } from '../../core/protocol/inboxFrames.ts'
import type { Database } from './database.ts'

/** A marker stands in D1 within this time; until then it is laid over what the list answers. */
export const MARKER_MS = 10_000

export interface DirtyMarker extends Marker {
  member: string
}

type Stored = { member: string; id: string; public: number; visitor: number; unread: number }

export class Markers {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** What a dashboard says about a member's reading. Null where nothing moved. */
  take(member: string, frame: Extract<InboxClientFrame, { id: string }>, now: number): Marker | null {
    return frame.type === 'read' ? this.read(member, frame.id, frame, now) : this.markUnread(member, frame.id, now)
  }

  /** Moves a marker on, never back; reading takes away a mark that was set by hand. Null where nothing moved. */
  read(member: string, id: string, seen: { public: number; visitor: number }, now: number): Marker | null {
    const held = this.#held(member, id)
    const next = {
      id,
      public: Math.max(held?.public ?? 0, seen.public),
      visitor: Math.max(held?.visitor ?? 0, seen.visitor),
      unread: false,
    }
    if (held && held.public === next.public && held.visitor === next.visitor && !held.unread) return null
    return this.#keep(member, next, now)
  }

  /** IB9: for oneself alone, until one opens it again. */
  markUnread(member: string, id: string, now: number): Marker {
    const held = this.#held(member, id)
    return this.#keep(member, { id, public: held?.public ?? 0, visitor: held?.visitor ?? 0, unread: true }, now)
  }

  /** What D1 may not have, of one member. */
  of(member: string): Marker[] {
    return this.#db.rows<Stored>('SELECT * FROM markers WHERE member = ?', member).map(markerOf)
  }

  due(now: number, most: number): DirtyMarker[] {
    return this.#db
      .rows<Stored>('SELECT * FROM markers WHERE due_at <= ? LIMIT ?', now, most)
      .map((stored) => ({ member: stored.member, ...markerOf(stored) }))
  }

  nextDue(): number | null {
    return this.#db.rows<{ at: number | null }>('SELECT min(due_at) AS at FROM markers')[0]?.at ?? null
  }

  /** D1 has taken these; one that moved meanwhile stays. */
  clear(markers: readonly DirtyMarker[]): void {
    this.#db.transaction(() => {
      for (const { member, id, public: seen, visitor, unread } of markers)
        this.#db.sql.exec(
          'DELETE FROM markers WHERE member = ? AND id = ? AND public = ? AND visitor = ? AND unread = ?',
          member,
          id,
          seen,
          visitor,
          unread ? 1 : 0,
        )
    })
  }

  #held(member: string, id: string): Marker | null {
    const row = this.#db.rows<Stored>('SELECT * FROM markers WHERE member = ? AND id = ?', member, id)[0]
    return row ? markerOf(row) : null
  }

  #keep(member: string, marker: Marker, now: number): Marker {
    this.#db.sql.exec(
      `INSERT INTO markers (member, id, public, visitor, unread, due_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (member, id) DO UPDATE SET public = excluded.public, visitor = excluded.visitor, unread = excluded.unread`,
      member,
      marker.id,
      marker.public,
      marker.visitor,
      marker.unread ? 1 : 0,
      now + MARKER_MS,
    )
    return marker
  }
}

function markerOf({ id, public: seen, visitor, unread }: Stored): Marker {
  return { id, public: seen, visitor, unread: unread === 1 }
}
