import { describe, expect, test } from 'vitest'
import { append } from '../../core/conversation/append.ts'
import type { Actor, Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import { type ConversationEvent, compareEntries, type Entry, isTeam } from '../../core/conversation/entries.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { isReplayable, replayed } from '../../core/conversation/replay.ts'
import { apply, emptyState } from '../../core/conversation/state.ts'
import {
  AGENT_ANA,
  AGENT_BEN,
  ANA,
  BEN,
  clientId,
  NOW,
  ORIGIN,
  standing,
  untouched,
  VIC,
} from '../support/corpora/records.ts'
import { fc } from '../support/properties.ts'

const waiting = () => standing({ status: 'waiting_human', assignee: null, servedBy: null })
const said: ConversationEvent = { type: 'message.created', body: { text: 'x' } }
const noted: ConversationEvent = { type: 'note.created', body: { text: 'x' } }
const given: ConversationEvent = { type: 'conversation.assigned', body: { from: null, to: ANA } }

function stamped(record: ConversationRecord, events: ConversationEvent[], now: number, actor: Actor = AGENT_ANA) {
  return append(record, { ok: true, events, flood: record.flood }, actor, { id: clientId(1) }, now)
}

describe('times', () => {
  test.each([
    ['the clock is ahead', NOW + 5, [said], [NOW + 5]],
    ['the clock went back an hour', NOW - 3_600_000, [said], [NOW]],
    ['the clock went back eight days', NOW - 8 * 86_400_000, [said, said], [NOW, NOW]],
    ['a note under a clock that went back', NOW - 3_600_000, [noted], [NOW]],
  ])('[DL1] a public time is never smaller than the one before: %s', (_, now, events, expected) => {
    const record = stamped(waiting(), [said], NOW).record
    expect(stamped(record, events, now).entries.map((entry) => entry.at)).toEqual(expected)
  })

  test('[DL3] a note with a later time moves no public time', () => {
    const later = stamped(waiting(), [noted], NOW + 3_600_000)
    expect(later.entries[0]?.at).toBe(NOW + 3_600_000)
    const next = stamped(later.record, [said], NOW)
    expect(next.entries[0]?.at).toBe(NOW)
    expect(next.record.public.lastAt).toBe(NOW)
    // The team log goes on from the later of both.
    expect(stamped(next.record, [noted], NOW).entries[0]?.at).toBe(NOW + 3_600_000)
  })

  test('[DL3] a team entry is never older than the public entry it follows', () => {
    const record = stamped(waiting(), [said], NOW + 500).record
    expect(stamped(record, [given], NOW).entries[0]).toMatchObject({ at: NOW + 500, after: record.public.head })
  })
})

describe('numbers', () => {
  test('[DL3] public numbers are the same with and without notes', () => {
    const plain = stamped(waiting(), [said, said], NOW).entries
    const mixed = stamped(waiting(), [noted, said, given, said, noted], NOW).entries
    expect(mixed.filter((entry) => !isTeam(entry)).map((entry) => [entry.n, entry.at])).toEqual(
      plain.map((entry) => [entry.n, entry.at]),
    )
    expect(mixed.filter(isTeam).map((entry) => [entry.n, entry.after])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ])
  })
})

describe('who bears the client id', () => {
  test.each<readonly [string, ConversationEvent[], number]>([
    ['a message alone', [said], 0],
    ['a message after what it caused', [given, { type: 'agent.joined', body: { name: 'Ana' } }, said], 2],
    ['a note', [noted], 0],
    ['no text: the first thing that happened', [given, { type: 'agent.joined', body: { name: 'Ana' } }], 0],
  ])('[DL2] exactly one entry: %s', (_, events, bearer) => {
    const { entries } = stamped(waiting(), events, NOW)
    expect(entries.map((entry) => entry.clientId)).toEqual(
      events.map((_event, i) => (i === bearer ? 'tab:1' : undefined)),
    )
    expect(entries.every((entry) => entry.author === 'agent:m_ana')).toBe(true)
  })

  test('[DL2] the writer is counted from the heads before the command', () => {
    const before = waiting()
    const { record } = stamped(before, [given, said], NOW, AGENT_BEN)
    expect(record.clients.at(-1)).toEqual({
      author: 'agent:m_ben',
      instance: 'tab',
      last: 1,
      from: { public: before.public.head, team: before.team.head },
    })
  })
})

test('the record that came in is not touched', () => {
  const record = waiting()
  const copy = structuredClone(record)
  stamped(record, [given, said, noted], NOW)
  expect(record).toEqual(copy)
})

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant('send_message' as const),
    text: fc.constantFrom('hi', 'hi', 'hi', '', 'x'.repeat(2001)),
  }),
  fc.constant<Command>({ type: 'add_note', text: 'n' }),
  fc.constantFrom<Command>(
    { type: 'accept' },
    { type: 'close' },
    { type: 'reopen' },
    { type: 'assign', to: ANA },
    { type: 'assign', to: BEN },
    { type: 'assign', to: null },
    { type: 'set_status', to: 'waiting_human' },
    { type: 'set_status', to: 'active_human' },
    { type: 'set_status', to: 'closed' },
  ),
)
const step = fc.record({
  actor: fc.constantFrom(VIC, AGENT_ANA, AGENT_BEN),
  command,
  // A clock that jumps does so now and then: while it stands behind, no time that is stored is the time it was.
  passed: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(0, 1, 700, 40_000) },
    fc.constantFrom(-3_600_000, 8 * 86_400_000, -8 * 86_400_000),
  ),
})

/** What a play leaves behind. */
function played(steps: ReadonlyArray<{ actor: Actor; command: Command; passed: number }>) {
  let [record, now, replays] = [untouched(), NOW, 0]
  const entries: Entry[] = []
  const commands = [{ actor: VIC, command: { type: 'start' as const, text: 'Hello' }, passed: 0 }, ...steps]
  commands.forEach((next, i) => {
    now += next.passed
    const decision = decide(record, next.actor, next.command, now)
    if (!decision.ok) return
    const taken = append(record, decision, next.actor, { id: clientId(i + 1) }, now)
    const [entry] = taken.entries
    if (entry && !isTeam(entry) && isReplayable(taken.entries, now)) {
      expect(replayed(record, entry)).toEqual(taken.record)
      replays += 1
    }
    record = taken.record
    entries.push(...taken.entries)
  })
  return { record, entries, replays }
}

describe('any play', () => {
  test('[DL4] numbers are dense, times never fall, the record is the fold of its logs, the order of the logs is the timeline', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { record, entries } = played(steps)
        const publicLog = entries.filter((entry) => !isTeam(entry))
        const teamLog = entries.filter(isTeam)
        for (const log of [publicLog, teamLog]) {
          expect(log.map((entry) => entry.n)).toEqual(log.map((_, i) => i + 1))
          expect(log.map((entry) => entry.at)).toEqual([...log.map((entry) => entry.at)].sort((a, b) => a - b))
        }
        const fold = entries.reduce(apply, emptyState(ORIGIN.id, 'team'))
        expect({ public: record.public, team: record.team }).toEqual(fold)
        expect(publicLog.reduce(apply, emptyState(ORIGIN.id, 'public'))).toEqual({ public: record.public, team: null })
        expect([...entries].sort(compareEntries)).toEqual(entries)
        expect(record.team.rev).toBe(entries.length)
      }),
      { numRuns: 300 },
    )
  })

  test('[CV1] a message that is not written with its record is all that the record lacks', () => {
    let replays = 0
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        replays += played(steps).replays // What is replayed is compared on the way.
      }),
      { numRuns: 300 },
    )
    expect(replays).toBeGreaterThan(20)
  })

  test('[DL3] the public log is byte for byte the same without the notes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const withNotes = played(steps)
        // The clock goes on all the same where a note is left out.
        let waited = 0
        const without = steps.flatMap((next) => {
          waited += next.passed
          if (next.command.type === 'add_note') return []
          const kept = { ...next, passed: waited }
          waited = 0
          return [kept]
        })
        const bare = (entries: readonly Entry[]) =>
          entries.filter((entry) => !isTeam(entry)).map(({ clientId: _, ...entry }) => entry)
        expect(JSON.stringify(bare(withNotes.entries))).toBe(JSON.stringify(bare(played(without).entries)))
      }),
      { numRuns: 300 },
    )
  })
})
