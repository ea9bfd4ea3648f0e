import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { View } from '../../core/conversation/filter.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { ContactId, ConversationId } from '../../core/ids.ts'
import { createRows, type Rows } from '../../web/inbox/list/createRows.ts'
import { listed, newer, type ReadRow, type RowPage, withContact } from '../../web/inbox/list/rows.ts'
import { shownRows } from '../../web/inbox/list/shownRows.ts'
import { ApiProblem } from '../../web/lib/api.ts'
import type { InboxFeed, InboxFeedOptions } from '../../web/lib/inboxFeed.ts'
import { inboxRow, liveRow, ME, UNREAD } from './inboxStage.tsx'

const live = liveRow
const row = inboxRow
const read = (id: string, change: Partial<ConversationRow> = {}, reader = UNREAD): ReadRow => ({
  ...row(id, change),
  reader,
})
const NOT_FOUND = { type: '', title: '', status: 404, code: 'not_found', detail: '', requestId: '' }
const NOTHING_READ = () => ({ visitor: 0, unread: false })

describe('rows as data', () => {
  it.each([
    ['a higher revision wins', 1, 2, 2],
    ['a lower revision loses', 3, 2, 3],
    ['between equals the offered one is kept', 2, 2, 2],
  ])('%s', (_, known, offered, kept) => {
    expect(newer(row('a', { rev: known }), row('a', { rev: offered })).rev).toBe(kept)
  })

  it('takes the contact of an older page over the name a live row does not have', () => {
    const named = { ...row('a', { rev: 1 }), contact: { id: 'p-a', name: 'Vic', email: null, createdAt: 1 } }
    expect(newer(row('a', { rev: 2 }), named)).toMatchObject({ rev: 2, contact: { name: 'Vic' } })
    expect(withContact(live('a', { rev: 3 }), named).contact.name).toBe('Vic')
  })

  it.each<[View, string[]]>([
    ['all', ['d', 'c', 'b', 'a']],
    ['unresolved', ['c', 'b', 'a']],
    ['resolved', ['d']],
    ['mine', ['d', 'b']],
    ['unassigned', ['c', 'a']],
  ])('[IB2] %s shows what belongs to it, newest message first', (view, ids) => {
    const rows = [
      row('a', { lastMessageAt: 1 }),
      row('b', { lastMessageAt: 2, assignee: ME, status: 'active_human' }),
      row('c', { lastMessageAt: 3 }),
      row('d', { lastMessageAt: 4, assignee: ME, status: 'closed' }),
    ]
    expect(listed(rows, { view, me: ME }, null, NOTHING_READ).map((shown) => shown.id)).toEqual(ids)
  })

  it('hides what lies beyond the part that was read without a gap', () => {
    const rows = [row('a', { lastMessageAt: 9 }), row('b', { lastMessageAt: 5 }), row('c', { lastMessageAt: 2 })]
    const boundary = { id: 'b' as ConversationId, lastMessageAt: 5 }
    expect(listed(rows, { view: 'all', me: ME }, boundary, NOTHING_READ).map((shown) => shown.id)).toEqual(['a', 'b'])
  })
})

let pages: Record<string, RowPage | Promise<RowPage> | undefined>
let singles: Record<string, ReadRow>
let news: string[]
let asked: string[]
let feed: InboxFeedOptions
let rows: Rows
let dispose: () => void
/** Like the real one, it needs to be called as a method. */
const link: InboxFeed & { tries: number; told: string[] } = {
  tries: 0,
  told: [],
  read(id: string, upTo: { public: number; visitor: number }) {
    this.told.push(`read ${id} ${upTo.public} ${upTo.visitor}`)
  },
  markUnread(id: string) {
    this.told.push(`unread ${id}`)
  },
  presence(state: string) {
    this.told.push(state)
  },
  reconnect() {
    this.tries += 1
  },
  close() {
    this.tries = 0
  },
}

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  singles = {}
  news = []
  link.told.length = 0
  pages = {}
  createRoot((end) => {
    dispose = end
    rows = createRows({
      workspace: 'w',
      me: ME,
      onUnauthorized: () => {},
      onNews: (row) => news.push(row.id),
      onForbidden: () => news.push('forbidden'),
      request: async <T,>(_: string, path: string) => {
        const query = new URL(path, 'http://localhost').searchParams
        const key = [query.get('view'), query.get('cursor')].filter(Boolean).join(' ')
        const single = /conversations\/(\w+)$/.exec(path)?.[1]
        asked.push(single ?? key)
        if (single && !singles[single]) throw new ApiProblem(NOT_FOUND)
        if (single) return singles[single] as T
        return ((await pages[key]) ?? { list: [], next: null }) as T
      },
      feed: (options) => {
        feed = options
        return link
      },
    })
  })
})

afterEach(() => {
  dispose()
  vi.useRealTimers()
})

/** What the list asked for; the unread ones are counted by reading them too. */
const lists = () => asked.filter((key) => /^(all|mine|resolved|unassigned|unresolved)/.test(key))
const shown = (view: View) => rows.view(view).map((r) => r.id)
const settle = () => vi.advanceTimersByTimeAsync(0)

async function opens(view: View) {
  rows.open(view)
  await settle()
}

describe('the list', () => {
  it('lays live rows over a page, whichever comes first', async () => {
    pages['all'] = { list: [read('a', { rev: 1 }), read('b', { rev: 5, lastMessageAt: 3 })], next: null }
    feed.onRows([live('a', { rev: 2, lastMessageAt: 9 })])
    await opens('all')
    feed.onRows([live('b', { rev: 4, lastMessageAt: 99 })])
    expect(shown('all')).toEqual(['a', 'b'])
    expect(rows.row('b')?.lastMessageAt).toBe(3)
  })

  it('shows nothing before a page is there, since live rows alone are a list with holes', async () => {
    feed.onRows([live('a')])
    expect(shown('all')).toEqual([])
    await opens('all')
    expect(shown('all')).toEqual(['a'])
  })

  it('moves a row between views when it changes', async () => {
    pages['unassigned'] = { list: [read('a'), read('b')], next: null }
    await opens('unassigned')
    feed.onRows([live('a', { rev: 2, assignee: ME, status: 'active_human' })])
    expect(shown('unassigned')).toEqual(['b'])
    await opens('mine')
    expect(shown('mine')).toEqual(['a'])
  })

  it('reads on by the cursor, and waits with older rows until the ones before are there', async () => {
    pages['all'] = { list: [read('a', { lastMessageAt: 9 })], next: 'c1' }
    pages['all c1'] = { list: [read('b', { lastMessageAt: 5 })], next: null }
    await opens('all')
    feed.onRows([live('z', { lastMessageAt: 2 })])
    expect(shown('all')).toEqual(['a'])
    rows.more('all')
    await settle()
    expect(shown('all')).toEqual(['a', 'b', 'z'])
    expect(lists()).toEqual(['all', 'all c1'])
  })

  it('shows other views at once as far as "All" was read', async () => {
    pages['all'] = { list: [read('a'), read('b', { status: 'closed' })], next: null }
    await opens('all')
    expect(shown('resolved')).toEqual(['b'])
  })

  it('reads again after the link was lost, and forgets what left the view meanwhile', async () => {
    pages['all'] = { list: [read('a'), read('b')], next: null }
    feed.onState('live')
    await opens('all')
    feed.onState('waiting')
    feed.onState('connecting')
    pages['all'] = { list: [read('b')], next: null }
    feed.onState('live')
    feed.onRows([live('c')])
    await settle()
    expect(shown('all')).toEqual(['c', 'b'])
    expect(lists()).toEqual(['all', 'all'])
  })

  it('does not use an answer that was asked for before the loss', async () => {
    let answerLate = (_: RowPage) => {}
    const late = new Promise<RowPage>((resolve) => {
      answerLate = resolve
    })
    feed.onState('live')
    pages['all'] = late
    rows.open('all')
    feed.onState('connecting')
    pages['all'] = { list: [read('new')], next: null }
    feed.onState('live')
    await settle()
    answerLate({ list: [read('old')], next: null })
    await settle()
    expect(shown('all')).toEqual(['new'])
  })

  it('forgets what may no longer be seen', async () => {
    pages['all'] = { list: [read('a'), read('b')], next: null }
    await opens('all')
    feed.onRemoved('a')
    expect(shown('all')).toEqual(['b'])
  })

  it('tries the link again when asked to', () => {
    const { reconnect } = rows
    reconnect()
    expect(link.tries).toBe(1)
  })
})

describe('[IB9] what is unread', () => {
  const wrote = (text: string, at = Date.now()) => ({ author: 'visitor:d' as const, text, at })
  const NO_COUNTS = { all: 0, unresolved: 0, resolved: 0, mine: 0, unassigned: 0 }
  const welcome = (list: ConversationRow[] = []) => {
    feed.onWelcome?.({
      type: 'welcome',
      rows: list,
      markers: [],
      members: [],
      counts: NO_COUNTS,
      policy: { awayAfterMs: 600_000 },
    })
    feed.onRows(list)
  }

  it('is what the visitor wrote after the marker, and one where it was marked by hand', async () => {
    pages['all'] = {
      list: [
        read('a', { visitorMessages: 5 }, { public: 4, visitor: 2, unread: false }),
        read('b', { visitorMessages: 5 }, { public: 9, visitor: 5, unread: true }),
        read('c', { visitorMessages: 5 }, { public: 9, visitor: 5, unread: false }),
      ],
      next: null,
    }
    await opens('all')
    expect([rows.unread('a'), rows.unread('b'), rows.unread('c')]).toEqual([3, 1, 0])
    expect(shown('unread').sort()).toEqual(['a', 'b'])
    expect(rows.count('unread')).toBe(2)
  })

  it('ends at once when the end was seen, which is told once', async () => {
    pages['all'] = { list: [read('a', { visitorMessages: 2, head: 4 })], next: null }
    await opens('all')
    rows.read('a', 4, 2)
    rows.read('a', 4, 2)
    expect(rows.unread('a')).toBe(0)
    expect(link.told).toEqual(['read a 4 2'])
  })

  it('comes back by hand, and an older page does not undo it', async () => {
    pages['all'] = { list: [read('a', { visitorMessages: 2 }, { public: 4, visitor: 2, unread: false })], next: null }
    await opens('all')
    rows.markUnread('a')
    await opens('mine')
    pages['resolved'] = { list: [read('a', {}, { public: 4, visitor: 2, unread: false })], next: null }
    await opens('resolved')
    expect(rows.unread('a')).toBe(1)
    expect(link.told).toEqual(['unread a'])
  })

  it('follows one own markers moved in another tab', async () => {
    pages['all'] = { list: [read('a', { visitorMessages: 2 })], next: null }
    await opens('all')
    feed.onMarkers?.([{ id: 'a', public: 4, visitor: 2, unread: false }])
    expect(rows.unread('a')).toBe(0)
  })

  it('is looked up once for a conversation that becomes known live', async () => {
    welcome()
    singles['n'] = read('n', { visitorMessages: 1 })
    feed.onRows([live('n')])
    feed.onRows([live('n', { rev: 2 })])
    expect(rows.unread('n')).toBe(0)
    await settle()
    expect(rows.unread('n')).toBe(1)
    expect(asked).toEqual(['unread', 'n'])
  })

  it('keeps what is open in its place among the unread ones', async () => {
    const list = [read('a', { lastMessageAt: 9 }), read('b', { lastMessageAt: 5 }), read('c', { lastMessageAt: 2 })]
    pages['all'] = { list, next: null }
    await opens('all')
    rows.read('b', 1, 1)
    const ids = (view: View, open: string | null) => shownRows(rows, view, open).map(({ id }) => id)
    expect(ids('unread', 'b')).toEqual(['a', 'b', 'c'])
    expect(ids('unread', 'a')).toEqual(['a', 'c'])
    expect(ids('resolved', 'b')).toEqual([])
  })

  it('[IB2] counts come live', () => {
    expect(rows.count('mine')).toBeNull()
    feed.onCounts?.({ ...NO_COUNTS, mine: 7 })
    expect(rows.count('mine')).toBe(7)
  })

  it.each<[string, ConversationRow, string[]]>([
    ['a further message', liveRow('a', { rev: 2, visitorMessages: 2, lastMessage: wrote('hi') }), ['a']],
    ['a change that is no message', liveRow('a', { rev: 2, assignee: ME, lastMessage: wrote('hi') }), []],
    [
      'a colleague who answers',
      liveRow('a', { rev: 2, lastMessage: { author: 'agent:ben', text: 'yo', at: Date.now() } }),
      [],
    ],
    ['an old conversation that becomes known', liveRow('z', { lastMessage: wrote('hi', 5) }), []],
  ])('[IB8] news: %s', async (_, change, expected) => {
    welcome([live('a')])
    singles['z'] = read('z')
    await settle()
    feed.onRows([change])
    await settle()
    expect(news).toEqual(expected)
  })

  it('[IB8] what a first welcome brings is no news', async () => {
    singles['a'] = read('a')
    welcome([live('a', { lastMessage: wrote('hello') })])
    await settle()
    expect(news).toEqual([])
    // The pages know them: hundreds are not asked for one by one.
    expect(asked).toEqual(['unread'])
  })

  it('[PR2] being disabled is noticed once, and leaving by oneself is not that', () => {
    feed.onState('closed')
    expect(news).toEqual(['forbidden'])
    rows.close()
    feed.onState('closed')
    expect(news).toEqual(['forbidden'])
  })

  it('[IB8] what was written while the link was down is news', async () => {
    singles['b'] = read('b')
    welcome([live('a')])
    feed.onState('live')
    feed.onState('connecting')
    welcome([live('a'), live('b', { lastMessage: wrote('still here?') })])
    await settle()
    expect(news).toEqual(['b'])
    expect(asked.filter((key) => key in singles)).toEqual(['b'])
  })

  it('takes a contact that was renamed', async () => {
    pages['all'] = { list: [read('a')], next: null }
    await opens('all')
    feed.onContact?.({ id: 'p-a' as ContactId, name: 'Vic', email: null, createdAt: 1 })
    expect(rows.row('a')?.contact.name).toBe('Vic')
  })
})
