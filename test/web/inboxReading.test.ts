import { createRoot, createSignal } from 'solid-js'
import { createStore } from 'solid-js/store'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { emptyState } from '../../core/conversation/state.ts'
import { createReading, type Reading } from '../../web/inbox/conversation/createReading.ts'
import type { Reader } from '../../web/inbox/list/createMarkers.ts'
import { createIdleReports } from '../../web/inbox/members/createIdleReports.ts'
import { ID } from './fakeServer.ts'

let dispose: () => void
afterEach(() => dispose())

describe('[IB9] reading an open conversation', () => {
  const told: string[] = []
  let setReader: (reader: Reader) => void
  let reading: Reading

  beforeEach(() => {
    told.length = 0
    createRoot((end) => {
      dispose = end
      const [reader, set] = createSignal<Reader>()
      setReader = set
      const [state] = createStore(emptyState(ID, 'team'))
      const live = {
        state: { ...state, team: state.team && { ...state.team, visitorMessages: 3 } },
        loaded: () => true,
        seen: (n: number) => told.push(`seen ${n}`),
      }
      const rows = {
        reader,
        read: (_: string, head: number, visitor: number) => told.push(`read ${head} ${visitor}`),
        markUnread: () => told.push('unread'),
      }
      reading = createReading({ id: ID, live, rows })
    })
  })

  it('shows what was new when it was opened, and keeps showing it', () => {
    setReader({ public: 5, visitor: 1, unread: false })
    expect(reading.newAfter()).toBe(5)
    setReader({ public: 9, visitor: 3, unread: false })
    expect(reading.newAfter()).toBe(5)
  })

  it.each<[string, Reader]>([
    ['all was read', { public: 5, visitor: 3, unread: false }],
    ['everything is new', { public: 0, visitor: 0, unread: false }],
  ])('shows no line where %s', (_, reader) => {
    setReader(reader)
    expect(reading.newAfter()).toBeNull()
  })

  it('moves the marker only once it is known where it stood', () => {
    reading.seen(9)
    expect(told).toEqual(['seen 9'])
    setReader({ public: 5, visitor: 1, unread: false })
    reading.seen(9)
    expect(told).toEqual(['seen 9', 'seen 9', 'read 9 3'])
  })

  it('marked unread holds while it stays open, here and when it was marked in another tab', () => {
    setReader({ public: 5, visitor: 3, unread: true })
    reading.seen(9)
    expect(told).toContain('read 9 3')
    told.length = 0
    reading.seen(10)
    expect(told).toEqual(['seen 10'])
    setReader({ public: 10, visitor: 3, unread: false })
    reading.markUnread()
    reading.seen(11)
    expect(told).toEqual(['seen 10', 'unread', 'seen 11'])
  })
})

describe('being there', () => {
  const MINUTE_MS = 60_000
  const report = vi.fn()

  beforeEach(() => {
    vi.useFakeTimers()
    report.mockClear()
    createRoot((end) => {
      dispose = end
      createIdleReports(report, () => 600_000)
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('ends after ten minutes without a touch, and begins with the first', () => {
    vi.advanceTimersByTime(9 * MINUTE_MS)
    dispatchEvent(new Event('keydown'))
    vi.advanceTimersByTime(9 * MINUTE_MS)
    expect(report).not.toHaveBeenCalled()
    vi.advanceTimersByTime(MINUTE_MS)
    expect(report.mock.calls).toEqual([['away']])
    dispatchEvent(new Event('pointerdown'))
    expect(report.mock.calls).toEqual([['away'], ['here']])
  })

  it('ends also in a tab that was never looked at', () => {
    dispose()
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    createRoot((end) => {
      dispose = end
      createIdleReports(report, () => 600_000)
    })
    vi.advanceTimersByTime(10 * MINUTE_MS)
    expect(report.mock.calls).toEqual([['away']])
    vi.restoreAllMocks()
  })

  it('is not meant by what happens in a hidden tab', () => {
    vi.advanceTimersByTime(10 * MINUTE_MS)
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    dispatchEvent(new Event('focus'))
    expect(report.mock.calls).toEqual([['away']])
    vi.restoreAllMocks()
  })
})
