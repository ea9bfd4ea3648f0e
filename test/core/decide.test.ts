import { describe, expect, test } from 'vitest'
import type { Actor, Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import { UNDO_MS } from '../../core/conversation/deletion.ts'
import type { Status } from '../../core/conversation/entries.ts'
import {
  AGENT_ADA,
  AGENT_ANA,
  AGENT_BEN,
  ANA,
  BEN,
  NOW,
  type Standing,
  standing,
  told,
  took,
  untouched,
  VIC,
} from '../support/corpora/records.ts'

/** `active·ben` = active with a human, assigned to Ben and served by him. */
const EXISTING = {
  waiting: { status: 'waiting_human', assignee: null, servedBy: null },
  waiting·ana: { status: 'waiting_human', assignee: ANA, servedBy: null },
  waiting·ben: { status: 'waiting_human', assignee: BEN, servedBy: null },
  active·ana: { status: 'active_human', assignee: ANA, servedBy: ANA },
  active·ben: { status: 'active_human', assignee: BEN, servedBy: BEN },
  'active·nobody, served by ben': { status: 'active_human', assignee: null, servedBy: BEN },
  closed: { status: 'closed', assignee: null, servedBy: null },
  closed·ana: { status: 'closed', assignee: ANA, servedBy: ANA },
  closed·ben: { status: 'closed', assignee: BEN, servedBy: BEN },
  ai: { status: 'active_ai', assignee: null, servedBy: null },
  offline: { status: 'awaiting_offline_info', assignee: null, servedBy: null },
} as const satisfies Record<string, Standing>

type Existing = keyof typeof EXISTING
type Case = readonly [existing: Existing, expected: string]

const by = (actor: Actor, existing: Existing, command: Command) =>
  told(decide(standing(EXISTING[existing]), actor, command, NOW))

describe('[CV2] an agent answers', () => {
  test.each<Case>([
    ['waiting', 'assigned nobody>ana, waiting>active, joined Ana, said'],
    ['waiting·ana', 'waiting>active, joined Ana, said'],
    ['waiting·ben', 'waiting>active, joined Ana, said'],
    ['active·ana', 'said'],
    ['active·ben', 'joined Ana, said'],
    ['active·nobody, served by ben', 'assigned nobody>ana, joined Ana, said'],
    ['ai', 'assigned nobody>ana, ai>active, joined Ana, said'],
    ['offline', 'assigned nobody>ana, offline>active, joined Ana, said'],
  ])('[CV2] %s: %s', (existing, expected) => {
    expect(by(AGENT_ANA, existing, { type: 'send_message', text: 'Hi' })).toBe(expected)
  })
})

describe('[CV4] by default a message of either side reopens', () => {
  test.each<Case>([
    ['closed', 'assigned nobody>ana, closed>active, joined Ana, said'],
    ['closed·ana', 'closed>active, said'],
    ['closed·ben', 'closed>active, joined Ana, said'],
  ])('[CV4] an agent writes in %s: %s', (existing, expected) => {
    expect(by(AGENT_ANA, existing, { type: 'send_message', text: 'Hi' })).toBe(expected)
  })

  test.each<Case>([
    ['closed', 'closed>waiting, said'],
    ['closed·ana', 'closed>active, said'],
    ['closed·ben', 'closed>active, said'],
    ['waiting', 'said'],
    ['active·ana', 'said'],
    // There is no assistant any more.
    ['ai', 'ai>waiting, said'],
    ['offline', 'said'],
  ])('[CV4] the visitor writes in %s: %s', (existing, expected) => {
    expect(by(VIC, existing, { type: 'send_message', text: 'Hi' })).toBe(expected)
  })

  test.each(Object.keys(EXISTING) as Existing[])(
    '[CV4] [NT1] a note in "%s" is a note and nothing else',
    (existing) => {
      expect(by(AGENT_ANA, existing, { type: 'add_note', text: 'Hm' })).toBe('noted')
    },
  )
})

describe('[CV2] an agent accepts', () => {
  test.each<Case>([
    ['waiting', 'assigned nobody>ana, waiting>active, joined Ana'],
    ['waiting·ana', 'waiting>active, joined Ana'],
    ['waiting·ben', 'assigned ben>ana, waiting>active, joined Ana'],
    ['active·ana', '!already_assigned'],
    ['active·ben', 'assigned ben>ana, joined Ana'],
    ['active·nobody, served by ben', 'assigned nobody>ana, joined Ana'],
    ['closed', '!conversation_closed'],
    ['closed·ana', '!conversation_closed'],
    ['closed·ben', '!conversation_closed'],
    ['ai', 'assigned nobody>ana, ai>active, joined Ana'],
    ['offline', 'assigned nobody>ana, offline>active, joined Ana'],
  ])('[CV2] %s: %s', (existing, expected) => {
    expect(by(AGENT_ANA, existing, { type: 'accept' })).toBe(expected)
  })
})

describe('[CV6] an agent assigns', () => {
  test.each<readonly [Existing, Command & { type: 'assign' }, string]>([
    ['waiting', { type: 'assign', to: ANA }, 'assigned nobody>ana, waiting>active, joined Ana'],
    ['waiting·ana', { type: 'assign', to: ANA }, 'waiting>active, joined Ana'],
    ['active·ana', { type: 'assign', to: ANA }, '!already_assigned'],
    ['active·ben', { type: 'assign', to: ANA }, 'assigned ben>ana, joined Ana'],
    ['ai', { type: 'assign', to: ANA }, 'assigned nobody>ana, ai>active, joined Ana'],
    ['waiting', { type: 'assign', to: BEN }, 'assigned nobody>ben'],
    ['waiting·ana', { type: 'assign', to: BEN }, 'assigned ana>ben'],
    ['waiting·ben', { type: 'assign', to: BEN }, '!already_assigned'],
    ['active·ana', { type: 'assign', to: BEN }, 'assigned ana>ben'],
    ['active·ben', { type: 'assign', to: BEN }, '!already_assigned'],
    ['active·nobody, served by ben', { type: 'assign', to: BEN }, 'assigned nobody>ben'],
    ['waiting', { type: 'assign', to: null }, '!already_assigned'],
    ['waiting·ben', { type: 'assign', to: null }, 'assigned ben>nobody'],
    ['active·ana', { type: 'assign', to: null }, 'assigned ana>nobody'],
    ['active·nobody, served by ben', { type: 'assign', to: null }, '!already_assigned'],
  ])('[CV6] %s, %o: %s', (existing, command, expected) => {
    expect(by(AGENT_ANA, existing, command)).toBe(expected)
  })

  test.each<readonly [Existing, Command & { type: 'assign' }, string]>([
    ['closed', { type: 'assign', to: ANA }, 'assigned nobody>ana'],
    ['closed', { type: 'assign', to: BEN }, 'assigned nobody>ben'],
    ['closed', { type: 'assign', to: null }, '!already_assigned'],
    ['closed·ana', { type: 'assign', to: ANA }, '!already_assigned'],
    ['closed·ana', { type: 'assign', to: BEN }, 'assigned ana>ben'],
    ['closed·ben', { type: 'assign', to: ANA }, 'assigned ben>ana'],
    ['closed·ben', { type: 'assign', to: null }, 'assigned ben>nobody'],
  ])('[CV5] reassigning leaves it closed: %s, %o: %s', (existing, command, expected) => {
    expect(by(AGENT_ANA, existing, command)).toBe(expected)
  })
})

describe('[CV2] an agent sets a status by hand', () => {
  test.each<readonly [Existing, Command & { type: 'set_status' }, string]>([
    ['waiting', { type: 'set_status', to: 'waiting_human' }, '!status_unchanged'],
    ['active·ana', { type: 'set_status', to: 'waiting_human' }, 'active>waiting'],
    ['active·ben', { type: 'set_status', to: 'waiting_human' }, 'active>waiting'],
    ['closed', { type: 'set_status', to: 'waiting_human' }, 'closed>waiting'],
    ['closed·ana', { type: 'set_status', to: 'waiting_human' }, 'closed>waiting'],
    ['ai', { type: 'set_status', to: 'waiting_human' }, 'ai>waiting'],
    ['offline', { type: 'set_status', to: 'waiting_human' }, 'offline>waiting'],
    ['waiting', { type: 'set_status', to: 'active_human' }, 'assigned nobody>ana, waiting>active, joined Ana'],
    // The visitor does not read that Ana joined: it is with Ben.
    ['waiting·ben', { type: 'set_status', to: 'active_human' }, 'waiting>active'],
    ['active·ana', { type: 'set_status', to: 'active_human' }, '!status_unchanged'],
    ['active·ben', { type: 'set_status', to: 'active_human' }, '!status_unchanged'],
    ['closed', { type: 'set_status', to: 'active_human' }, 'assigned nobody>ana, closed>active, joined Ana'],
    ['closed·ana', { type: 'set_status', to: 'active_human' }, 'closed>active'],
    ['waiting', { type: 'set_status', to: 'closed' }, 'waiting>closed'],
    ['active·ben', { type: 'set_status', to: 'closed' }, 'active>closed'],
    ['ai', { type: 'set_status', to: 'closed' }, 'ai>closed'],
    ['offline', { type: 'set_status', to: 'closed' }, 'offline>closed'],
    ['closed·ben', { type: 'set_status', to: 'closed' }, '!already_closed'],
  ])('[CV2] %s, %o: %s', (existing, command, expected) => {
    expect(by(AGENT_ANA, existing, command)).toBe(expected)
  })
})

describe('[CV3] closing and reopening', () => {
  test.each<readonly [Actor, Existing, string]>([
    [AGENT_ANA, 'waiting', 'waiting>closed'],
    [AGENT_ANA, 'active·ben', 'active>closed'],
    [AGENT_ANA, 'closed·ana', '!already_closed'],
    [VIC, 'waiting', 'waiting>closed'],
    [VIC, 'active·ana', 'active>closed'],
    [VIC, 'ai', 'ai>closed'],
    [VIC, 'closed', '!already_closed'],
  ])('[CV3] %o closes %s: %s', (actor, existing, expected) => {
    expect(by(actor, existing, { type: 'close' })).toBe(expected)
  })

  test.each<Case>([
    ['waiting', '!already_open'],
    ['active·ana', '!already_open'],
    ['ai', '!already_open'],
    ['closed', 'closed>waiting'],
    ['closed·ana', 'closed>active'],
    ['closed·ben', 'closed>active'],
  ])('[CV2] an agent reopens %s: %s', (existing, expected) => {
    expect(by(AGENT_ANA, existing, { type: 'reopen' })).toBe(expected)
  })
})

describe('[CV2] starting', () => {
  test('[CV2] without an assistant the first message waits for a human', () => {
    expect(told(decide(untouched(), VIC, { type: 'start', text: 'Hi' }, NOW))).toBe('nothing>waiting, said')
  })

  test.each(Object.keys(EXISTING) as Existing[])('[CV2] what has started cannot start again: %s', (existing) => {
    expect(by(VIC, existing, { type: 'start', text: 'Hi' })).toBe('!already_started')
  })

  test('[CV2] agents start nothing here', () => {
    expect(told(decide(untouched(), AGENT_ANA, { type: 'start', text: 'Hi' }, NOW))).toBe('!not_allowed')
    expect(by(AGENT_ANA, 'waiting', { type: 'start', text: 'Hi' })).toBe('!not_allowed')
  })
})

const OF_AGENTS: Command[] = [
  { type: 'add_note', text: 'Hm' },
  { type: 'accept' },
  { type: 'assign', to: ANA },
  { type: 'assign', to: null },
  { type: 'set_status', to: 'waiting_human' },
  { type: 'set_status', to: 'active_human' },
  { type: 'set_status', to: 'active_ai' },
  { type: 'set_status', to: 'closed' },
  { type: 'hand_off', epoch: 0 },
  { type: 'reopen' },
]

test.each(OF_AGENTS)('[CV2] a visitor may never: %o', (command) => {
  for (const existing of Object.keys(EXISTING) as Existing[])
    expect([existing, by(VIC, existing, command)]).toEqual([existing, '!not_allowed'])
})

describe('[MS1] text', () => {
  const long = 'x'.repeat(2001)
  test.each<readonly [Actor, Command, string]>([
    [VIC, { type: 'send_message', text: 'x'.repeat(2000) }, 'said'],
    [VIC, { type: 'send_message', text: long }, '!message_too_long'],
    [VIC, { type: 'send_message', text: '' }, '!message_blank'],
    [VIC, { type: 'send_message', text: ' \n\t ' }, '!message_blank'],
    [AGENT_BEN, { type: 'send_message', text: long }, '!message_too_long'],
    [AGENT_BEN, { type: 'send_message', text: '' }, '!message_blank'],
    [AGENT_BEN, { type: 'add_note', text: long }, '!message_too_long'],
    [AGENT_BEN, { type: 'add_note', text: '\u200b' }, '!message_blank'],
  ])('[MS1] %o %o', (actor, command, expected) => {
    const outcome = by(actor, 'active·ben', command)
    expect(outcome).toBe(expected)
  })

  test('[MS1] a first message obeys the same rule', () => {
    expect(told(decide(untouched(), VIC, { type: 'start', text: long }, NOW))).toBe('!message_too_long')
    expect(told(decide(untouched(), VIC, { type: 'start', text: ' ' }, NOW))).toBe('!message_blank')
  })

  test('[MS1] what is stored is normalised', () => {
    const decision = decide(standing(EXISTING.waiting), VIC, { type: 'send_message', text: 'a\r\nb\rc\ud800' }, NOW)
    expect(decision).toMatchObject({ events: [{ body: { text: 'a\nb\nc\ufffd' } }] })
  })
})

describe('[MS4] quotes', () => {
  // Public log: start, said, joined, status. Team log: assigned.
  test.each<readonly [Actor, Command, string]>([
    [VIC, { type: 'send_message', text: 'x', quote: 2 }, 'said'],
    [VIC, { type: 'send_message', text: 'x', quote: 5 }, '!quote_not_found'],
    [AGENT_BEN, { type: 'send_message', text: 'x', quote: 2 }, 'said'],
    [AGENT_BEN, { type: 'send_message', text: 'x', quote: 5 }, '!quote_not_found'],
    [AGENT_BEN, { type: 'add_note', text: 'x', quote: 2 }, 'noted'],
    [AGENT_BEN, { type: 'add_note', text: 'x', quote: 5 }, '!quote_not_found'],
    [AGENT_BEN, { type: 'add_note', text: 'x', quote: 't1' }, 'noted'],
    [AGENT_BEN, { type: 'add_note', text: 'x', quote: 't2' }, '!quote_not_found'],
  ])('[MS4] %o %o: %s', (actor, command, expected) => {
    expect(by(actor, 'active·ben', command)).toBe(expected)
  })

  test('[MS4] a quote is kept as a reference', () => {
    const decision = decide(standing(EXISTING.waiting), VIC, { type: 'send_message', text: 'x', quote: 2 }, NOW)
    expect(decision).toMatchObject({ events: [{ body: { text: 'x', quote: 2 } }] })
  })
})

describe('[DL9] floods', () => {
  const spent = { ...standing(EXISTING.waiting), flood: { quick: NOW + 10_000, lasting: 0 } }

  test('[DL9] the refusal says when', () => {
    expect(decide(spent, VIC, { type: 'send_message', text: 'x' }, NOW)).toMatchObject({
      ok: false,
      refusal: { code: 'rate_limited', retryAt: NOW + 500 },
    })
    expect(decide(spent, VIC, { type: 'send_message', text: 'x' }, NOW + 499).ok).toBe(false)
    expect(decide(spent, VIC, { type: 'send_message', text: 'x' }, NOW + 500).ok).toBe(true)
  })

  test('[DL9] what is refused for another reason costs nothing, agents are not limited and move no number', () => {
    expect(told(decide(spent, VIC, { type: 'send_message', text: '' }, NOW))).toBe('!message_blank')
    const answered = decide(spent, AGENT_ANA, { type: 'send_message', text: 'x' }, NOW)
    expect(answered).toMatchObject({ ok: true, flood: spent.flood })
  })
})

const COMMANDS: Command[] = [
  { type: 'start', text: 'x' },
  { type: 'send_message', text: 'x' },
  { type: 'close' },
  { type: 'assign', to: BEN },
  ...OF_AGENTS,
]
const STATUSES: Status[] = ['active_ai', 'waiting_human', 'active_human', 'awaiting_offline_info', 'closed']

describe('[CV11] every change is an entry that says from and to', () => {
  test.each(COMMANDS)('[CV11] %o, from every standing, by everyone', (command) => {
    for (const status of STATUSES)
      for (const assignee of [null, ANA, BEN])
        for (const servedBy of [null, ANA, BEN])
          for (const actor of [VIC, AGENT_ANA, AGENT_BEN]) {
            const decision = decide(standing({ status, assignee, servedBy }), actor, command, NOW)
            if (!decision.ok) continue
            expect(decision.events.length).toBeGreaterThan(0)
            let now: { status: Status; assignee: string | null } = { status, assignee }
            for (const event of decision.events) {
              if (event.type === 'conversation.status_changed') {
                expect(event.body.from).toBe(now.status)
                expect(event.body.to).not.toBe(now.status)
                now = { ...now, status: event.body.to }
              }
              if (event.type === 'conversation.assigned') {
                expect(actor.kind).toBe('agent')
                expect(event.body.from).toBe(now.assignee)
                expect(event.body.to).not.toBe(now.assignee)
                now = { ...now, assignee: event.body.to }
              }
              if (event.type === 'note.created' || event.type === 'agent.joined') expect(actor.kind).toBe('agent')
            }
          }
  })
})

describe('[CV9] the priority', () => {
  test.each<[Existing, Command, string]>([
    ['waiting', { type: 'set_priority', to: 'urgent' }, 'medium>urgent'],
    ['closed·ben', { type: 'set_priority', to: 'low' }, 'medium>low'],
    ['active·ben', { type: 'set_priority', to: 'medium' }, '!priority_unchanged'],
  ])('[CV9] of %s: %o gives %s', (existing, command, expected) => {
    expect(by(AGENT_ANA, existing, command)).toBe(expected)
    expect(by(VIC, existing, command)).toBe('!not_allowed')
  })
})

describe('[CV12] deleting', () => {
  const deleted = took(standing(EXISTING.active·ben), AGENT_ADA, { type: 'delete' }, NOW, 9)
  const system: Actor = { kind: 'system' }

  test.each<[string, Actor, string]>([
    ['an administrator', AGENT_ADA, 'deleted'],
    ['an agent', AGENT_ANA, '!not_allowed'],
    ['the visitor', VIC, '!not_allowed'],
    ['the system', system, '!not_allowed'],
  ])('[CV12][PR1] by %s: %s', (_, actor, expected) => {
    for (const existing of ['waiting', 'active·ben', 'closed·ana'] as const)
      expect(by(actor, existing, { type: 'delete' })).toBe(expected)
    expect(by(AGENT_ADA, 'waiting', { type: 'restore' })).toBe('!not_deleted')
  })

  test.each<[string, Actor, Command, number, string]>([
    ['a message of the visitor', VIC, { type: 'send_message', text: 'Hi' }, 1, '!not_found'],
    ['a first message once more', VIC, { type: 'start', text: 'Hi' }, 1, '!not_found'],
    ['a note', AGENT_BEN, { type: 'add_note', text: 'Hm' }, 1, '!not_found'],
    ['an edit', AGENT_BEN, { type: 'edit_message', ref: 2, text: 'Hm' }, 1, '!not_found'],
    ['the deletion once more', AGENT_ADA, { type: 'delete' }, 1, '!not_found'],
    ['the silence', system, { type: 'close' }, 1, '!not_found'],
    ['an undo by who may not', AGENT_BEN, { type: 'restore' }, 1, '!not_allowed'],
    ['an undo at the last moment', AGENT_ADA, { type: 'restore' }, UNDO_MS - 1, 'restored'],
    ['an undo too late', AGENT_ADA, { type: 'restore' }, UNDO_MS, '!undo_over'],
  ])('[CV12] meanwhile %s', (_, actor, command, later, expected) => {
    expect(told(decide(deleted, actor, command, NOW + later))).toBe(expected)
  })

  test('[CV12] cannot be undone once the purge has begun, whatever the clock says', () => {
    const begun = { ...deleted, purge: { done: [] } }
    expect(told(decide(begun, AGENT_ADA, { type: 'restore' }, NOW + 1))).toBe('!undo_over')
  })

  test('[CV13] the system closes an open one', () => {
    expect(by(system, 'active·ben', { type: 'close' })).toBe('active>closed')
    expect(by(system, 'closed·ben', { type: 'close' })).toBe('!already_closed')
  })
})
