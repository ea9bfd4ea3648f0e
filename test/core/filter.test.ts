import { describe, expect, test } from 'vitest'
import type { Status } from '../../core/conversation/entries.ts'
import { compareRows, matches, unreadCount, VIEWS, type View } from '../../core/conversation/filter.ts'
import type { ConversationId, MemberId } from '../../core/ids.ts'
import { ANA, BEN } from '../support/corpora/records.ts'
import { fc } from '../support/properties.ts'

describe('[IB2] which view shows a row to Ana', () => {
  const read = { visitor: 3, unread: false }

  test.each<readonly [Status, MemberId | null, View[]]>([
    ['waiting_human', null, ['all', 'unresolved', 'unassigned']],
    ['waiting_human', ANA, ['all', 'unresolved', 'mine']],
    ['waiting_human', BEN, ['all', 'unresolved']],
    ['active_human', null, ['all', 'unresolved', 'unassigned']],
    ['active_human', ANA, ['all', 'unresolved', 'mine']],
    ['active_ai', null, ['all', 'unresolved', 'unassigned']],
    ['awaiting_offline_info', null, ['all', 'unresolved', 'unassigned']],
    ['closed', null, ['all', 'resolved']],
    ['closed', ANA, ['all', 'resolved', 'mine']],
    ['closed', BEN, ['all', 'resolved']],
  ])('[IB2] %s, assigned to %s: %o', (status, assignee, views) => {
    expect(VIEWS.filter((view) => matches({ status, assignee, visitorMessages: 3 }, { view, me: ANA }, read))).toEqual(
      views,
    )
  })
})

describe('[IB9] what is unread to whom', () => {
  test.each([
    // messages, seen, marked by hand → unread
    [0, 0, false, 0],
    [3, 0, false, 3],
    [3, 2, false, 1],
    [3, 3, false, 0],
    // A marker ahead of the row: the row is only told later.
    [3, 5, false, 0],
    [3, 3, true, 1],
    [3, 1, true, 2],
    [0, 0, true, 1],
  ])('[IB9] %i messages, %i seen, marked %s: %i', (visitorMessages, visitor, unread, expected) => {
    expect(unreadCount(visitorMessages, { visitor, unread })).toBe(expected)
    for (const status of ['waiting_human', 'closed'] as const)
      expect(
        matches({ status, assignee: BEN, visitorMessages }, { view: 'unread', me: ANA }, { visitor, unread }),
      ).toBe(expected > 0)
  })
})

describe('[IB5] newest message first', () => {
  const row = (lastMessageAt: number, id: string) => ({ lastMessageAt, id: id as ConversationId })

  test('[IB5] the id decides between equals, the greater first', () => {
    const rows = [row(1, 'b'), row(3, 'a'), row(1, 'c'), row(2, 'a'), row(1, '2')]
    expect(rows.sort(compareRows).map((r) => `${r.lastMessageAt}${r.id}`)).toEqual(['3a', '2a', '1c', '1b', '12'])
  })

  test('[IB5] is an order: antisymmetric, transitive, zero only for the same', () => {
    const any = fc.record({ lastMessageAt: fc.integer({ min: 0, max: 3 }), id: fc.constantFrom('a', 'b', '2', '7') })
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const [x, y, z] = [row(a.lastMessageAt, a.id), row(b.lastMessageAt, b.id), row(c.lastMessageAt, c.id)]
        expect(Math.sign(compareRows(x, y)) + Math.sign(compareRows(y, x))).toBe(0)
        if (compareRows(x, y) < 0 && compareRows(y, z) < 0) expect(compareRows(x, z)).toBeLessThan(0)
        expect(compareRows(x, y) === 0).toBe(a.lastMessageAt === b.lastMessageAt && a.id === b.id)
      }),
    )
  })
})
