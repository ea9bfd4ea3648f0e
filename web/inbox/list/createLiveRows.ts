import type { ConversationRow } from '../../../core/conversation/row.ts'
import { MINUTE_MS } from '../../../core/durations.ts'
import type { KnownRows } from './createKnownRows.ts'
import type { Markers } from './createMarkers.ts'
import type { InboxRow } from './rows.ts'

/** A message that is older when a conversation becomes known is no news. */
const NEWS_MS = 5 * MINUTE_MS

interface LiveRowsDeps {
  known: Pick<KnownRows, 'row' | 'hear'>
  markers: Pick<Markers, 'of'>
  lookUp(id: string): Promise<void>
  /** IB8: a visitor wrote just now, or waits for a person since. */
  onNews(row: InboxRow): void
}

/**
 * Takes rows from the live link, and finds out which of them are news. Live rows carry neither the contact's name nor
 * one's own marker: a conversation that is new to this page is looked up. Those of a welcome are not, unless they are
 * news: they may be hundreds, and the pages that are read after it know them.
 */
export function createLiveRows({ known, markers, lookUp, onNews }: LiveRowsDeps) {
  let welcomed = false
  /** Which rows come next: those of the first welcome were there before this page was, and are no news. */
  let next: 'first' | 'overlay' | 'live' = 'live'

  return {
    welcome: (): void => {
      next = welcomed ? 'overlay' : 'first'
      welcomed = true
    },
    hear: (rows: readonly ConversationRow[]): void => {
      const news = next === 'first' ? [] : rows.filter((row) => isNews(row, known.row(row.id)))
      const wanted = next === 'live' ? rows : news
      next = 'live'
      known.hear(rows)
      const lookedUp = new Map(wanted.flatMap(({ id }) => (markers.of(id) ? [] : [[id, lookUp(id)]])))
      for (const { id } of news) {
        void Promise.resolve(lookedUp.get(id)).then(() => {
          const row = known.row(id)
          if (row) onNews(row)
        })
      }
    },
  }
}

/** A visitor wrote, or the assistant handed off (AI2). */
function isNews(row: ConversationRow, before: InboxRow | undefined): boolean {
  const last = row.lastMessage
  if (before?.status === 'active_ai' && row.status === 'waiting_human') return row.rev > before.rev
  if (!last?.author.startsWith('visitor:')) return false
  if (before) return row.rev > before.rev && row.visitorMessages > before.visitorMessages
  return Date.now() - last.at < NEWS_MS
}
