import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { View } from '../../core/conversation/filter.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { ChannelId, ContactId, ConversationId, DeviceId, MemberId, WorkspaceId } from '../../core/ids.ts'
import { createRows, type Rows } from '../../web/inbox/list/createRows.ts'
import { type InboxRow, listed, newer, type RowPage, withContact } from '../../web/inbox/list/rows.ts'
import type { InboxFeedOptions } from '../../web/lib/inboxFeed.ts'

const ME = 'ana' as MemberId

function live(id: string, change: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: id as ConversationId,
    workspace: 'w' as WorkspaceId,
    rev: 1,
    channel: 'ch' as ChannelId,
    contact: `p-${id}` as ContactId,
    device: 'd' as DeviceId,
    status: 'waiting_human',
    assignee: null,
    startedAt: 1,
    lastMessageAt: 1,
    lastMessage: null,
    visitorMessages: 1,
    head: 1,
    source: { page: null, title: null, referrer: null },
    ...change,
  }
}

const row = (id: string, change: Partial<ConversationRow> = {}): InboxRow => withContact(live(id, change), undefined)

describe('rows as data', () => {
  it.each([
    ['a higher revision wins', 1, 2, 2],
    ['a lower revision loses', 3, 2, 3],
    ['between equals the offered one is kept', 2, 2, 2],
  ])('%s', (_, known, offered, kept) => {
    expect(newer(row('a', { rev: known }), row('a', { rev: offered })).rev).toBe(kept)
  })

  it('takes the contact of an older page over the name a live row does not have', () => {
    const named = { ...row('a', { rev: 1 }), contact: { id: 'p-a', name: 'Vic', email: null } }
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
    expect(listed(rows, { view, me: ME }, null).map((shown) => shown.id)).toEqual(ids)
  })

  it('hides what lies beyond the part that was read without a gap', () => {
    const rows = [row('a', { lastMessageAt: 9 }), row('b', { lastMessageAt: 5 }), row('c', { lastMessageAt: 2 })]
    const boundary = { id: 'b' as ConversationId, lastMessageAt: 5 }
    expect(listed(rows, { view: 'all', me: ME }, boundary).map((shown) => shown.id)).toEqual(['a', 'b'])
  })
})

let pages: Record<string, RowPage | Promise<RowPage> | undefined>
let asked: string[]
let feed: InboxFeedOptions
let rows: Rows
let dispose: () => void
/** Like the real one, it needs to be called as a method. */
const link = {
  tries: 0,
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
  pages = {}
  createRoot((end) => {
    dispose = end
    rows = createRows({
      workspace: 'w',
      me: ME,
      onUnauthorized: () => {},
      request: async <T,>(_: string, path: string) => {
        const query = new URL(path, 'http://localhost').searchParams
        const key = [query.get('view'), query.get('cursor')].filter(Boolean).join(' ')
        asked.push(key)
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

const shown = (view: View) => rows.view(view).map((r) => r.id)
const settle = () => vi.advanceTimersByTimeAsync(0)

async function opens(view: View) {
  rows.open(view)
  await settle()
}

describe('the list', () => {
  it('lays live rows over a page, whichever comes first', async () => {
    pages['all'] = { list: [row('a', { rev: 1 }), row('b', { rev: 5, lastMessageAt: 3 })], next: null }
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
    pages['unassigned'] = { list: [row('a'), row('b')], next: null }
    await opens('unassigned')
    feed.onRows([live('a', { rev: 2, assignee: ME, status: 'active_human' })])
    expect(shown('unassigned')).toEqual(['b'])
    await opens('mine')
    expect(shown('mine')).toEqual(['a'])
  })

  it('reads on by the cursor, and waits with older rows until the ones before are there', async () => {
    pages['all'] = { list: [row('a', { lastMessageAt: 9 })], next: 'c1' }
    pages['all c1'] = { list: [row('b', { lastMessageAt: 5 })], next: null }
    await opens('all')
    feed.onRows([live('z', { lastMessageAt: 2 })])
    expect(shown('all')).toEqual(['a'])
    rows.more('all')
    await settle()
    expect(shown('all')).toEqual(['a', 'b', 'z'])
    expect(asked).toEqual(['all', 'all c1'])
  })

  it('shows other views at once as far as "All" was read', async () => {
    pages['all'] = { list: [row('a'), row('b', { status: 'closed' })], next: null }
    await opens('all')
    expect(shown('resolved')).toEqual(['b'])
  })

  it('reads again after the link was lost, and forgets what left the view meanwhile', async () => {
    pages['all'] = { list: [row('a'), row('b')], next: null }
    feed.onState('live')
    await opens('all')
    feed.onState('waiting')
    feed.onState('connecting')
    pages['all'] = { list: [row('b')], next: null }
    feed.onState('live')
    feed.onRows([live('c')])
    await settle()
    expect(shown('all')).toEqual(['c', 'b'])
    expect(asked).toEqual(['all', 'all'])
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
    pages['all'] = { list: [row('new')], next: null }
    feed.onState('live')
    await settle()
    answerLate({ list: [row('old')], next: null })
    await settle()
    expect(shown('all')).toEqual(['new'])
  })

  it('forgets what may no longer be seen', async () => {
    pages['all'] = { list: [row('a'), row('b')], next: null }
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
