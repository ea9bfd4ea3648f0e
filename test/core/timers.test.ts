import { describe, expect, test } from 'vitest'
import { UNDO_MS } from '../../core/conversation/deletion.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { armed, closesAt, dueNow, nextTimer, SAFETY_MS, SOONEST_MS } from '../../core/conversation/timers.ts'
import { AGENT_ADA, NOW, standing, took } from '../support/corpora/records.ts'

const HOUR_MS = 3_600_000
const open = standing({ status: 'waiting_human', assignee: null, servedBy: null })
const closed = standing({ status: 'closed', assignee: null, servedBy: null })
const silent = (record: ConversationRecord, closeAfterMs: number | null = HOUR_MS): ConversationRecord => ({
  ...record,
  policy: { ...record.policy, closeAfterMs },
})
const timed = (record: ConversationRecord, drain: number, alarm: number) => ({ ...record, timers: { drain, alarm } })
const deleted = took(silent(open), AGENT_ADA, { type: 'delete' }, NOW, 9)

describe('what is due by itself', () => {
  const last = open.public.lastAt
  test.each<[string, ConversationRecord, number, ReturnType<typeof dueNow>]>([
    ['an open one, a moment before', silent(open), last + HOUR_MS - 1, null],
    ['an open one, after its silence', silent(open), last + HOUR_MS, 'close'],
    ['a closed one', silent(closed), NOW + 1e9, null],
    ['one without the policy', silent(open, null), NOW + 1e12, null],
    ['one that is being deleted', deleted, NOW + UNDO_MS - 1, null],
    ['one whose deletion is final', deleted, NOW + UNDO_MS, 'purge'],
    ['one whose purge had begun when the clock went back', { ...deleted, purge: { done: [] } }, NOW - HOUR_MS, 'purge'],
  ])('[CV12][CV13] of %s', (_, record, now, expected) => expect(dueNow(record, now)).toBe(expected))

  test('[CV13] reopening begins the silence anew, and while one is being deleted there is none', () => {
    const reopened = took(silent(closed), AGENT_ADA, { type: 'reopen' }, NOW + 5 * HOUR_MS, 9)
    expect(closesAt(reopened)).toBe(NOW + 6 * HOUR_MS)
    expect(closesAt(deleted)).toBe(null)
  })
})

describe('what comes next', () => {
  test.each<[string, ConversationRecord, number | null]>([
    ['nothing', timed(open, NOW - 1, NOW - 1), null],
    ['the safety of the drain', timed(silent(open), NOW + 7, 0), NOW + 7],
    ['the end of a silence', timed(silent(open, 90_000), 0, 0), open.public.lastAt + 90_000],
    ['the end of the time to undo', timed(deleted, NOW + SAFETY_MS, 0), NOW + UNDO_MS],
    ['what was promised', { ...open, timers: { drain: 0, alarm: 0, effects: NOW + 5 } }, NOW + 5],
    ['not while it is being deleted', { ...deleted, timers: { drain: 0, alarm: 0, effects: NOW + 5 } }, NOW + UNDO_MS],
    ['nothing beside a purge that has begun', timed({ ...deleted, purge: { done: ['drain'] } }, 0, 0), null],
  ])('%s', (_, record, expected) => expect(nextTimer(record, NOW)).toBe(expected))
})

describe('the alarm is asked for', () => {
  const due = NOW + SAFETY_MS
  test.each<[string, ConversationRecord, number | null]>([
    ['where none is pending', timed(open, 0, 0), due],
    ['not where one is pending in time', timed(open, NOW + 9, NOW + 9), null],
    ['not where it goes off early: it is set again then', timed(silent(open), due, NOW + 5), null],
    ['earlier, where something is due before', timed(silent(open, 90_000), due, due), open.public.lastAt + 90_000],
    ['for the end of the time to undo', timed(deleted, due, due), NOW + UNDO_MS],
    ['for the drain, though the end of a silence is pending', timed(silent(open), 0, NOW + HOUR_MS), due],
    ['anew where the clock went back', timed(open, NOW + 8 * 24 * HOUR_MS, NOW + 8 * 24 * HOUR_MS), due],
    ['never under a second ahead', timed(silent(open, 1), due, due), NOW + SOONEST_MS],
  ])('%s', (_, record, expected) => {
    const { timers, set } = armed(record, NOW)
    expect(set ? timers.alarm : null).toBe(expected)
    expect(timers.drain).toBeGreaterThan(NOW)
    expect(armed({ ...record, timers: { ...record.timers, effects: NOW + 9e6 } }, NOW).timers.effects).toBe(NOW + 9e6)
    expect(timers.drain).toBeLessThanOrEqual(NOW + SAFETY_MS)
  })
})
