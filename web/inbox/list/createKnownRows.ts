/**
 * The rows this page knows of, by id: live ones laid over what the index answered. Never keeps an older revision
 * over a newer one. One store serves all views, so that a change is seen everywhere at once.
 */
import { batch } from 'solid-js'
import { createStore, reconcile, unwrap } from 'solid-js/store'
import { compareRows, type View } from '../../../core/conversation/filter.ts'
import type { ConversationRow } from '../../../core/conversation/row.ts'
import type { MemberId } from '../../../core/ids.ts'
import { type Boundary, type InboxRow, listed, newer, withContact } from './rows.ts'

export interface KnownRows {
  row(id: string): InboxRow | undefined
  /** The known rows of a view in its order, down to a boundary; reactive. */
  listed(view: View, boundary: Boundary): InboxRow[]
  keep(offered: readonly InboxRow[]): void
  /** Takes live rows: what came live since the link was made is newer than any page. */
  hear(live: readonly ConversationRow[]): void
  forget(id: string): void
  /** The link is being made anew: what came live before it proves nothing any more. */
  startOver(): void
  /**
   * Takes a page of the index that reaches from one boundary to the next. What it should hold and does not, and what
   * has not come live either, left the view while nobody was told: it is forgotten.
   */
  keepPage(view: View, list: readonly InboxRow[], from: Boundary, to: Boundary): void
}

export function createKnownRows(me: MemberId): KnownRows {
  const [rows, setRows] = createStore<Record<string, InboxRow>>({})
  const recent = new Set<string>()
  const known = () => unwrap(rows)

  const keep = (offered: readonly InboxRow[]) =>
    batch(() => {
      for (const row of offered) setRows(row.id, reconcile(newer(known()[row.id], row)))
    })

  function forget(id: string): void {
    setRows(reconcile(Object.fromEntries(Object.entries(known()).filter(([other]) => other !== id))))
  }

  return {
    row: (id) => rows[id],
    listed: (view, boundary) => listed(Object.values(rows), { view, me }, boundary),
    keep,
    hear: (live) => {
      for (const row of live) recent.add(row.id)
      keep(live.map((row) => withContact(row, known()[row.id])))
    },
    forget,
    startOver: () => recent.clear(),
    keepPage: (view, list, from, to) =>
      batch(() => {
        const told = new Set<string>(list.map((row) => row.id))
        for (const row of listed(Object.values(known()), { view, me }, to)) {
          const inPage = from === null || compareRows(row, from) > 0
          if (inPage && !told.has(row.id) && !recent.has(row.id)) forget(row.id)
        }
        keep(list)
      }),
  }
}
