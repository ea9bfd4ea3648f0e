/** Automatic assignment (CV6): the rules of who is given what nobody has. */

import { describe, expect, test } from 'vitest'
import { type Candidate, choose, isNobodys } from '../../core/assignment.ts'
import type { Actor, Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import { AUTO_ASSIGN_POLICIES, assignsByItself, NO_POLICIES, policyFor } from '../../core/conversation/policy.ts'
import type { MemberId } from '../../core/ids.ts'
import { ANA, BEN, NOW, type Standing, standing, told } from '../support/corpora/records.ts'
import { fc } from '../support/properties.ts'

const members = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 8 })
const modes = fc.constantFrom(...AUTO_ASSIGN_POLICIES)
const maxima = fc.option(fc.integer({ min: 1, max: 5 }))
const candidates: fc.Arbitrary<Candidate[]> = members.chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.record({
        member: fc.constant(`m_${id}` as MemberId),
        availability: fc.constantFrom('available', 'available', 'away', 'offline'),
        disabled: fc.constantFrom(false, false, true),
        open: fc.integer({ min: 0, max: 6 }),
        turn: fc.integer({ min: 0, max: 5 }),
      }),
    ),
  ),
)
const named = (list: readonly Candidate[], member: MemberId | null) => list.find((one) => one.member === member)
const able = (list: readonly Candidate[], max: number | null) =>
  list.filter((c) => c.availability === 'available' && !c.disabled && c.open < (max ?? Number.POSITIVE_INFINITY))
const team = (n: number): Candidate[] =>
  Array.from({ length: n }, (_, i) => ({
    ...{ member: `m_${i}` as MemberId, availability: 'available', disabled: false, open: 0, turn: 0 },
  }))

describe('[CV6] whoever is chosen', () => {
  test('[CV6] is available, not disabled and below the maximum; somebody is, wherever one can be', () => {
    fc.assert(
      fc.property(candidates, modes, maxima, (list, autoAssign, maxOpen) => {
        const chosen = choose({ autoAssign, maxOpen }, list)
        const possible = autoAssign === 'off' ? [] : able(list, maxOpen)
        if (possible.length === 0) expect(chosen).toBeNull()
        else expect(possible).toContain(named(list, chosen))
      }),
    )
  })

  test('[CV6] does not depend on the order in which they are named', () => {
    fc.assert(
      fc.property(candidates, modes, maxima, (list, autoAssign, maxOpen) => {
        expect(choose({ autoAssign, maxOpen }, list.toReversed())).toBe(choose({ autoAssign, maxOpen }, list))
      }),
    )
  })

  test('[CV6] round robin: nobody whose turn is longer ago is passed over', () => {
    fc.assert(
      fc.property(candidates, maxima, (list, maxOpen) => {
        const chosen = named(list, choose({ autoAssign: 'round_robin', maxOpen }, list))
        for (const other of chosen ? able(list, maxOpen) : [])
          expect(other.turn).toBeGreaterThanOrEqual(chosen?.turn ?? 0)
      }),
    )
  })

  test('[CV6] least busy: nobody has fewer, and of those who have as few nobody’s turn is longer ago', () => {
    fc.assert(
      fc.property(candidates, maxima, (list, maxOpen) => {
        const chosen = named(list, choose({ autoAssign: 'least_busy', maxOpen }, list))
        for (const other of chosen ? able(list, maxOpen) : []) {
          expect(other.open).toBeGreaterThanOrEqual(chosen?.open ?? 0)
          if (other.open === chosen?.open) expect(other.turn).toBeGreaterThanOrEqual(chosen.turn)
        }
      }),
    )
  })

  test('[CV6] had it last only where nobody else can have it', () => {
    fc.assert(
      fc.property(candidates, modes, maxima, (list, autoAssign, maxOpen) => {
        const had = list[0]?.member ?? null
        if (had !== null && choose({ autoAssign, maxOpen }, list, had) === had)
          expect(able(list, maxOpen)).toEqual([list[0]])
      }),
    )
  })
})

test('[CV6] round robin is fair: after any number of conversations nobody had two more turns than another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 60 }), (size, conversations) => {
      const list = team(size)
      const had = new Map(list.map(({ member }) => [member, 0]))
      for (let turn = 1; turn <= conversations; turn += 1) {
        const chosen = named(list, choose({ autoAssign: 'round_robin', maxOpen: null }, list))
        if (!chosen) throw new Error('everybody is there')
        chosen.turn = turn
        had.set(chosen.member, (had.get(chosen.member) ?? 0) + 1)
      }
      expect(Math.max(...had.values()) - Math.min(...had.values())).toBeLessThanOrEqual(1)
    }),
  )
})

describe('[CV6] the system assigns', () => {
  const waiting = { status: 'waiting_human', assignee: null, servedBy: null } as const
  type Case = [how: string, existing: Standing, command: Command, expected: string]
  test.each<Case>([
    ['what waits, which goes on waiting', waiting, { type: 'assign', to: ANA }, 'assigned nobody>ana'],
    [
      'what was taken from somebody',
      { ...waiting, status: 'active_human' },
      { type: 'assign', to: ANA },
      'assigned nobody>ana',
    ],
    ['nothing that somebody has', { ...waiting, assignee: BEN }, { type: 'assign', to: ANA }, '!already_assigned'],
    ['nothing twice', { ...waiting, assignee: ANA }, { type: 'assign', to: ANA }, '!already_assigned'],
    ['nothing that is closed', { ...waiting, status: 'closed' }, { type: 'assign', to: ANA }, '!conversation_closed'],
    [
      'nothing that the assistant has',
      { ...waiting, status: 'active_ai' },
      { type: 'assign', to: ANA },
      '!not_allowed',
    ],
    ['nobody', waiting, { type: 'assign', to: null }, '!not_allowed'],
  ])('[CV6] %s', (_, existing, command, expected) => {
    const system: Actor = { kind: 'system' }
    const record = {
      ...standing(existing),
      policy: { ...standing(existing).policy, mayAssign: 'assignee_and_admins' as const },
    }
    expect(told(decide(record, system, command, NOW))).toBe(expected)
  })

  test('[CV6] only what is open, for a person to answer, and nobody’s', () => {
    expect(isNobodys('waiting_human', null)).toBe(true)
    expect(isNobodys('active_human', null)).toBe(true)
    for (const status of ['closed', 'active_ai', 'awaiting_offline_info'] as const)
      expect(isNobodys(status, null)).toBe(false)
    expect(isNobodys('waiting_human', ANA)).toBe(false)
  })
})

test('[⚙] a channel may assign by itself where the workspace does not; no conversation carries it', () => {
  expect(assignsByItself(NO_POLICIES)).toBe(false)
  expect(assignsByItself({ ...NO_POLICIES, workspace: { autoAssign: 'off', maxOpen: 3 } })).toBe(false)
  const policies = { ...NO_POLICIES, channels: { shop: { autoAssign: 'least_busy' as const } } }
  expect(assignsByItself(policies)).toBe(true)
  expect(policyFor(policies, 'shop')).not.toHaveProperty('autoAssign')
})
