import { describe, expect, test } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import type { MemberId } from '../../core/ids.ts'
import { EVERYONE_RIGHTS, granted, holds, RIGHT_WORDS, RIGHTS, type Right, rightsOf } from '../../core/rights.ts'
import { ANA, BEN, NOW, type Standing, standing } from '../support/corpora/records.ts'

describe('[PR1] what groups give', () => {
  test.each<[string, Record<string, string[]>, Right[]]>([
    ['nothing was decided: what agents could do before', {}, [...EVERYONE_RIGHTS]],
    ['everyone has less', { everyone: [] }, []],
    ['a group adds to everyone', { g: ['ban'] }, ['reassign', 'see_all', 'ban']],
    [
      'a member has the union of all groups',
      { everyone: ['ban'], g: ['export'], h: ['ban', 'settings'] },
      ['ban', 'export', 'settings'],
    ],
    ['a right that this version does not know is nobody’s', { everyone: ['fly'] }, []],
  ])('[PR1] %s', (_, groups, expected) => {
    expect(granted(groups)).toEqual(expected)
  })

  test('[PR1] owners and administrators hold all rights, whatever their groups say', () => {
    for (const role of ['owner', 'admin'] as const) expect(rightsOf({ role, rights: [] })).toEqual(RIGHTS)
    expect(rightsOf({ role: 'agent', rights: [] })).toEqual([])
    expect(rightsOf({ role: 'agent', rights: ['ban'] })).toEqual(['ban'])
  })

  test('[PR1] who was let in before there were groups has what everyone has', () => {
    expect(rightsOf({ role: 'agent' })).toEqual([...EVERYONE_RIGHTS])
    expect(holds({ role: 'agent' }, 'settings')).toBe(false)
  })

  test('[PR1] each right has a name and a sentence of its own', () => {
    const words = Object.values(RIGHT_WORDS)
    expect(new Set(words.map(({ name }) => name)).size).toBe(RIGHTS.length)
    for (const { can } of words) expect(can).toMatch(/\.$/)
  })
})

describe('[PR1] without the right to reassign', () => {
  const NOBODYS: Standing = { status: 'waiting_human', assignee: null, servedBy: null }
  const OWN: Standing = { status: 'active_human', assignee: ANA, servedBy: ANA }
  const BENS: Standing = { status: 'active_human', assignee: BEN, servedBy: BEN }
  const CLOSED_BENS: Standing = { status: 'closed', assignee: BEN, servedBy: BEN }
  const to = (member: MemberId | null): Command => ({ type: 'assign', to: member })

  test.each<[string, Standing, Command, 'taken' | 'not_allowed' | 'already_assigned']>([
    ['what is nobody’s can be accepted', NOBODYS, { type: 'accept' }, 'taken'],
    ['and assigned to oneself', NOBODYS, to(ANA), 'taken'],
    ['and answered', NOBODYS, { type: 'send_message', text: 'hi' }, 'taken'],
    ['but not given to another', NOBODYS, to(BEN), 'not_allowed'],
    ['one’s own cannot be given away', OWN, to(BEN), 'not_allowed'],
    ['nor to nobody', OWN, to(null), 'not_allowed'],
    ['to give it to whom it is, is no change', BENS, to(BEN), 'already_assigned'],
    ['another’s cannot be taken over', BENS, to(ANA), 'not_allowed'],
    ['nor by accepting it', BENS, { type: 'accept' }, 'not_allowed'],
    ['nor when it is closed', CLOSED_BENS, to(ANA), 'not_allowed'],
    ['it can be answered, and stays whose it is', BENS, { type: 'send_message', text: 'hi' }, 'taken'],
    ['and closed', BENS, { type: 'close' }, 'taken'],
  ])('[PR1] %s', (_, now, command, expected) => {
    const asked = (rights: Right[], role: 'agent' | 'admin' = 'agent') => {
      const decision = decide(standing(now), { kind: 'agent', member: ANA, name: 'Ana', role, rights }, command, NOW)
      return decision.ok ? 'taken' : decision.refusal.code
    }
    expect(asked(RIGHTS.filter((right) => right !== 'reassign'))).toBe(expected)
    // With the right, or as an administrator, it is only ever refused where there is nothing to do.
    for (const outcome of [asked(['reassign']), asked([], 'admin')])
      expect(outcome).toBe(expected === 'not_allowed' ? 'taken' : expected)
  })
})
