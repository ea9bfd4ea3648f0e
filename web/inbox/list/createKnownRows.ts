/**
 * The rows this page knows of, by id: live ones laid over what the index answered. Never keeps an older revision
 * over a newer one. One store serves all views, so that a change is seen everywhere at once.
 */
import { batch } from 'solid-js'
import { createStore, reconcile, unwrap } from 'solid-js/store'
import type { ContactSummary } from '../../../core/api/conversations.ts'
import { remarked } from '../../../core/bans/ban.ts'
import { compareRows, type Reading, unreadCount, type View } from '../../../core/conversation/filter.ts'
import type { ConversationRow } from '../../../core/conversation/row.ts'
import type { MemberId } from '../../../core/ids.ts'
import type { InboxFrame } from '../../../core/protocol/inboxFrames.ts'
import type { Markers } from './createMarkers.ts'
import { type Boundary, type InboxRow, listed, newer, type ReadRow, wearing, withContact } from './rows.ts'

/** A ban, or its lifting, as it is told live. */
export type HeardBan = Extract<InboxFrame, { type: 'ban' }>['ban']

export interface KnownRows {
  row(id: string): InboxRow | undefined
  /** IB9; none for what nothing is known of yet. */
  unread(id: string): number
  /** The known rows of a view in its order, down to a boundary; reactive. */
  listed(view: View, boundary: Boundary): InboxRow[]
  keep(offered: readonly ReadRow[]): void
  /** Takes live rows: what came live since the link was made is newer than any page. */
  hear(live: readonly ConversationRow[]): void
  hearContact(contact: ContactSummary): void
  /** BN1: somebody was banned, or is no longer: every row of theirs wears it. */
  hearBan(ban: HeardBan): void
  /** It is no longer to be seen, until it comes live again: an answer that was on its way does not bring it back. */
  remove(id: string): void
  /** The link is being made anew: what came live before it proves nothing any more. */
  startOver(): void
  /**
   * Takes a page of the index that reaches from one boundary to the next. What it should hold and does not, and what
   * has not come live either, left the view while nobody was told: it is forgotten.
   */
  keepPage(view: View, list: readonly ReadRow[], from: Boundary, to: Boundary): void
}

export function createKnownRows(me: MemberId, markers: Markers): KnownRows {
  const [rows, setRows] = createStore<Record<string, InboxRow>>({})
  const recent = new Set<string>()
  /** With what was known of them: a live row that comes back does not bring the contact's name. */
  const removed = new Map<string, InboxRow | undefined>()
  /** By target, since the link was made: an answer that was on its way does not undo it. */
  const bans = new Map<string, HeardBan>()
  const known = () => unwrap(rows)

  function readingOf(row: InboxRow): Reading {
    return markers.of(row.id) ?? { visitor: row.visitorMessages, unread: false }
  }

  function put(row: InboxRow): void {
    setRows(row.id, reconcile(newer(known()[row.id], withHeardBans(row))))
  }

  function withHeardBans(row: InboxRow): InboxRow {
    const heard = [row.contact.id, row.device].flatMap((target) => bans.get(target) ?? [])
    return heard.length === 0 ? row : wearing(row, heard.reduce(remarked, row.bans ?? []))
  }

  const keep = (offered: readonly ReadRow[]) =>
    batch(() => {
      for (const { reader, ...row } of offered.filter(({ id }) => !removed.has(id))) {
        markers.keep(row.id, reader)
        put(row)
      }
    })

  function forget(id: string): void {
    setRows(reconcile(Object.fromEntries(Object.entries(known()).filter(([other]) => other !== id))))
  }

  /** A row that a page of the index should have listed and did not. */
  function leave(view: View, row: InboxRow): void {
    if (view !== 'unread') forget(row.id)
    // Read elsewhere: it is still a row of the other views.
    else markers.keep(row.id, { public: row.head, visitor: row.visitorMessages, unread: false })
  }

  return {
    row: (id) => rows[id],
    unread: (id) => {
      const row = rows[id]
      return row ? unreadCount(row.visitorMessages, readingOf(row)) : 0
    },
    listed: (view, boundary) => listed(Object.values(rows), { view, me }, boundary, readingOf),
    keep,
    hear: (live) =>
      batch(() => {
        for (const row of live) {
          recent.add(row.id)
          put(withContact(row, known()[row.id] ?? removed.get(row.id)))
          removed.delete(row.id)
        }
      }),
    hearContact: (contact) =>
      batch(() => {
        for (const row of Object.values(known())) {
          if (row.contact.id === contact.id) setRows(row.id, 'contact', reconcile(contact))
        }
      }),
    hearBan: (ban) =>
      batch(() => {
        bans.set(ban.target, ban)
        for (const row of Object.values(known()))
          if (row.contact.id === ban.target || row.device === ban.target) setRows(row.id, reconcile(withHeardBans(row)))
      }),
    remove: (id) => {
      removed.set(id, known()[id])
      forget(id)
    },
    startOver: () => {
      recent.clear()
      bans.clear()
      removed.clear()
    },
    keepPage: (view, list, from, to) =>
      batch(() => {
        const told = new Set<string>(list.map((row) => row.id))
        for (const row of listed(Object.values(known()), { view, me }, to, readingOf)) {
          const inPage = from === null || compareRows(row, from) > 0
          if (inPage && !told.has(row.id) && !recent.has(row.id)) leave(view, row)
        }
        keep(list)
      }),
  }
}
