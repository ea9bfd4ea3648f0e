/** A channel with an assistant: the transitions of CV2 as tables, and when the assistant is listened to (AI3). */
import { describe, expect, test } from 'vitest'
import { append } from '../../core/conversation/append.ts'
import type { Actor, Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import type { Status } from '../../core/conversation/entries.ts'
import { DEFAULT_POLICY, type Policy, policyView } from '../../core/conversation/policy.ts'
import { broughtForward, type ConversationRecord } from '../../core/conversation/record.ts'
import type { MemberId } from '../../core/ids.ts'
import { SCOPES } from '../../core/scopes.ts'
import {
  AGENT_ADA,
  AGENT_ANA,
  AGENT_BEN,
  ANA,
  BEN,
  clientId,
  NOVA,
  NOW,
  standing,
  told,
  took,
  untouched,
  VIC,
} from '../support/corpora/records.ts'

const SAY: Command = { type: 'send_message', text: 'Hi' }
const KEY: Actor = { kind: 'key', id: 'k_shop', name: 'Shop', scopes: SCOPES }
const SYSTEM: Actor = { kind: 'system' }

const EXISTING = {
  ai: ['active_ai', null],
  ai·ben: ['active_ai', BEN],
  waiting: ['waiting_human', null],
  waiting·ana: ['waiting_human', ANA],
  waiting·ben: ['waiting_human', BEN],
  active·ana: ['active_human', ANA],
  active·ben: ['active_human', BEN],
  offline: ['awaiting_offline_info', null],
  closed: ['closed', null],
  closed·ana: ['closed', ANA],
} as const satisfies Record<string, readonly [Status, MemberId | null]>
type Existing = keyof typeof EXISTING

/** As it stands in a channel whose assistant is Nova, unless the policy says otherwise. */
function assisted(existing: Existing, policy: Partial<Policy> = {}): ConversationRecord {
  const [status, assignee] = EXISTING[existing]
  const record = standing({ status, assignee, servedBy: assignee })
  return { ...record, policy: { ...DEFAULT_POLICY, assistant: 'a_nova', ...policy } }
}

const by = (actor: Actor, record: ConversationRecord, command: Command) => told(decide(record, actor, command, NOW))

describe('[CV2] with an assistant in the channel', () => {
  test('[CV2] [AI1] it answers first', () => {
    const fresh = { ...untouched(), policy: { ...DEFAULT_POLICY, assistant: 'a_nova' } }
    expect(by(VIC, fresh, { type: 'start', text: 'Hi' })).toBe('nothing>ai, said')
  })

  test.each<[Existing, Actor, Command, string]>([
    // Any open → active with human.
    ['ai', AGENT_ANA, SAY, 'assigned nobody>ana, ai>active, joined Ana, said'],
    ['ai·ben', AGENT_ANA, SAY, 'ai>active, joined Ana, said'],
    ['ai', AGENT_ANA, { type: 'accept' }, 'assigned nobody>ana, ai>active, joined Ana'],
    ['ai', AGENT_ANA, { type: 'assign', to: ANA }, 'assigned nobody>ana, ai>active, joined Ana'],
    ['ai', AGENT_ANA, { type: 'set_status', to: 'active_human' }, 'assigned nobody>ana, ai>active, joined Ana'],
    // Who is given it has not stepped in yet.
    ['ai', AGENT_ANA, { type: 'assign', to: BEN }, 'assigned nobody>ben'],
    ['ai', AGENT_ANA, { type: 'assign', to: null }, '!already_assigned'],
    // Active with AI → waiting for human.
    ['ai', AGENT_ANA, { type: 'set_status', to: 'waiting_human' }, 'ai>waiting'],
    // Active with human, waiting → active with AI.
    ['active·ana', AGENT_ANA, { type: 'set_status', to: 'active_ai' }, 'active>ai, assigned ana>nobody'],
    ['active·ben', AGENT_ANA, { type: 'set_status', to: 'active_ai' }, 'active>ai, assigned ben>nobody'],
    ['waiting', AGENT_ANA, { type: 'set_status', to: 'active_ai' }, 'waiting>ai'],
    ['offline', AGENT_ANA, { type: 'set_status', to: 'active_ai' }, 'offline>ai'],
    ['active·ben', KEY, { type: 'set_status', to: 'active_ai' }, 'active>ai, assigned ben>nobody'],
    ['ai', AGENT_ANA, { type: 'set_status', to: 'active_ai' }, '!status_unchanged'],
    ['ai', KEY, { type: 'set_status', to: 'active_ai' }, '!status_unchanged'],
    // Any open → closed.
    ['ai', AGENT_ANA, { type: 'close' }, 'ai>closed'],
    ['ai', VIC, { type: 'close' }, 'ai>closed'],
    ['ai', SYSTEM, { type: 'close' }, 'ai>closed'],
    // Closed →: AI4, resumes after close.
    ['closed', VIC, SAY, 'closed>ai, said'],
    ['closed·ana', VIC, SAY, 'closed>ai, said'],
    ['closed·ana', KEY, SAY, 'closed>ai, joined Shop, said'],
    ['closed', AGENT_ANA, { type: 'reopen' }, 'closed>ai'],
    ['closed', AGENT_ANA, { type: 'set_status', to: 'active_ai' }, 'closed>ai'],
    // A person who opens or answers it again goes on with it.
    ['closed·ana', AGENT_ANA, { type: 'reopen' }, 'closed>active'],
    ['closed·ana', AGENT_ANA, SAY, 'closed>active, said'],
    ['closed', AGENT_ANA, SAY, 'assigned nobody>ana, closed>active, joined Ana, said'],
    // The visitor's word changes nothing else.
    ['ai', VIC, SAY, 'said'],
    ['waiting', VIC, SAY, 'said'],
    ['active·ana', VIC, SAY, 'said'],
  ])('[CV2] %s, %o, %o: %s', (existing, actor, command, expected) => {
    expect(by(actor, assisted(existing), command)).toBe(expected)
  })

  test.each<[Existing, Actor, string]>([
    ['active·ana', AGENT_ANA, '!no_assistant'],
    ['waiting', AGENT_ANA, '!no_assistant'],
    ['waiting', KEY, '!no_assistant'],
    ['closed', AGENT_ANA, '!no_assistant'],
  ])('[CV2] without one nothing is given to it: %s, %o', (existing, actor, expected) => {
    expect(by(actor, assisted(existing, { assistant: null }), { type: 'set_status', to: 'active_ai' })).toBe(expected)
  })

  test('[CV2] one that has lost its assistant waits for a person with the next word of the visitor', () => {
    expect(by(VIC, assisted('ai', { assistant: null }), SAY)).toBe('ai>waiting, said')
  })

  test('[CV4] closed for good is closed for the assistant, too', () => {
    const ended = assisted('closed·ana', { reopen: 'never' })
    expect(by(VIC, ended, SAY)).toBe('!conversation_ended')
    expect(by(AGENT_ANA, ended, { type: 'set_status', to: 'active_ai' })).toBe('!conversation_ended')
    expect(by(NOVA, ended, { ...SAY, epoch: ended.epoch })).toBe('!superseded')
  })

  test('[CV6] giving it to the assistant takes it from somebody: policy and right must allow', () => {
    const giveBack: Command = { type: 'set_status', to: 'active_ai' }
    const restricted = { mayAssign: 'assignee_and_admins' } as const
    expect(by(AGENT_ANA, assisted('active·ben', restricted), giveBack)).toBe('!not_allowed')
    expect(by(AGENT_BEN, assisted('active·ben', restricted), giveBack)).toBe('active>ai, assigned ben>nobody')
    expect(by(AGENT_ADA, assisted('active·ben', restricted), giveBack)).toBe('active>ai, assigned ben>nobody')
    expect(by(AGENT_ANA, assisted('waiting', restricted), giveBack)).toBe('waiting>ai')
    const ana: Actor = { kind: 'agent', member: ANA, name: 'Ana', role: 'agent', rights: [] }
    expect(by(ana, assisted('active·ben'), giveBack)).toBe('!not_allowed')
    expect(by(ana, assisted('waiting'), giveBack)).toBe('waiting>ai')
  })
})

describe('[AI3] the assistant is silent while it is not its turn', () => {
  test.each<[Existing, string, string]>([
    ['ai', 'joined Nova, said', 'ai>waiting'],
    ['ai·ben', 'joined Nova, said', 'ai>waiting'],
    ['waiting', '!superseded', '!superseded'],
    ['active·ana', '!superseded', '!superseded'],
    ['offline', '!superseded', '!superseded'],
    ['closed', '!superseded', '!superseded'],
  ])('[AI3] %s: it says: %s; it hands off: %s', (existing, says, handsOff) => {
    const record = assisted(existing)
    expect(by(NOVA, record, { ...SAY, epoch: record.epoch })).toBe(says)
    expect(by(NOVA, record, { type: 'hand_off', epoch: record.epoch })).toBe(handsOff)
  })

  test('[AI3] what names no epoch, an earlier or a later one is not said', () => {
    const record = assisted('ai')
    for (const epoch of [undefined, record.epoch - 1, record.epoch + 1])
      expect(by(NOVA, record, { ...SAY, epoch })).toBe('!superseded')
    expect(by(NOVA, record, { type: 'hand_off', epoch: record.epoch - 1 })).toBe('!superseded')
  })

  test('[AI3] nor after somebody stepped in and gave it back, though it is its turn again', () => {
    let record = assisted('ai')
    const before = record.epoch
    record = took(record, AGENT_ANA, SAY, NOW, 2)
    record = took(record, AGENT_ANA, { type: 'set_status', to: 'active_ai' }, NOW, 3)
    expect(record.public.status).toBe('active_ai')
    expect(by(NOVA, record, { ...SAY, epoch: before })).toBe('!superseded')
    expect(by(NOVA, record, { ...SAY, epoch: record.epoch })).toBe('joined Nova, said')
  })

  test('[AI3] it may say several things in its turn, and joins once', () => {
    const record = assisted('ai')
    const then = took(record, NOVA, { ...SAY, epoch: record.epoch }, NOW, 1)
    expect(by(NOVA, then, { ...SAY, epoch: record.epoch })).toBe('said')
    expect(then.public).toMatchObject({ servedBy: 'assistant:a_nova', people: { 'assistant:a_nova': 'Nova' } })
    // A person who takes over from it joins, and so does it after them.
    expect(by(AGENT_ANA, then, SAY)).toBe('assigned nobody>ana, ai>active, joined Ana, said')
  })

  test.each<Command>([
    { type: 'start', text: 'Hi' },
    { type: 'add_note', text: 'Hm' },
    { type: 'edit_message', ref: 2, text: 'Hm' },
    { type: 'delete_message', ref: 2 },
    { type: 'accept' },
    { type: 'assign', to: ANA },
    { type: 'release', from: ANA },
    { type: 'add_collaborator', member: ANA },
    { type: 'remove_collaborator', member: ANA },
    { type: 'set_priority', to: 'urgent' },
    { type: 'set_status', to: 'closed' },
    { type: 'close' },
    { type: 'reopen' },
    { type: 'continue_in', conversation: untouched().id },
    { type: 'delete' },
    { type: 'restore' },
  ])('[AI3] it may do nothing else: %o', (command) => {
    for (const existing of Object.keys(EXISTING) as Existing[])
      expect(by(NOVA, assisted(existing), command)).toBe('!not_allowed')
  })

  test('[MS1] [MS4] its words obey the rules of all', () => {
    const record = assisted('ai')
    const said = (change: object) => by(NOVA, record, { ...SAY, epoch: record.epoch, ...change })
    expect(said({ text: ' ' })).toBe('!message_blank')
    expect(said({ text: 'x'.repeat(2001) })).toBe('!message_too_long')
    expect(said({ quote: 99 })).toBe('!quote_not_found')
    expect(said({ quote: 2 })).toBe('joined Nova, said')
  })

  test('[CV12] while it is being deleted there is no conversation', () => {
    const record = took(assisted('ai'), AGENT_ADA, { type: 'delete' }, NOW, 5)
    expect(by(NOVA, record, { ...SAY, epoch: record.epoch })).toBe('!not_found')
  })

  test('nobody else hands off', () => {
    for (const actor of [VIC, AGENT_ANA, KEY, SYSTEM])
      expect(by(actor, assisted('ai'), { type: 'hand_off', epoch: assisted('ai').epoch })).toBe('!not_allowed')
  })
})

describe('[AI3] the handler epoch', () => {
  /** How much it is raised by. */
  const raisedBy = (existing: Existing, actor: Actor, command: Command) => {
    const record = assisted(existing)
    const decision = decide(record, actor, command, NOW)
    if (!decision.ok) throw new Error(decision.refusal.code)
    return append(record, decision, actor, { id: clientId(9) }, NOW).record.epoch - record.epoch
  }

  test.each<[string, Existing, Actor, Command, number]>([
    ['an answer of a person', 'ai', AGENT_ANA, SAY, 1],
    ['accepting', 'ai', AGENT_ANA, { type: 'accept' }, 1],
    ['assigning to oneself', 'ai', AGENT_ANA, { type: 'assign', to: ANA }, 1],
    ['handing back', 'active·ana', AGENT_ANA, { type: 'set_status', to: 'active_ai' }, 1],
    ['closing', 'ai', VIC, { type: 'close' }, 1],
    ['coming back', 'closed·ana', VIC, SAY, 1],
    ['the visitor’s message', 'ai', VIC, SAY, 0],
    ['a note', 'ai', AGENT_ANA, { type: 'add_note', text: 'Hm' }, 0],
    ['a program’s message', 'ai', KEY, SAY, 0],
    // It goes on until they step in; and what it is told of shows nothing of the team's log.
    ['assigning to a colleague', 'ai', AGENT_ANA, { type: 'assign', to: BEN }, 0],
    ['a priority', 'ai', AGENT_ANA, { type: 'set_priority', to: 'urgent' }, 0],
  ])('[AI3] %s, in %s', (_, existing, actor, command, expected) => {
    expect(raisedBy(existing, actor, command)).toBe(expected)
  })

  test('[AI3] its own words do not raise it, handing off does', () => {
    const { epoch } = assisted('ai')
    expect(raisedBy('ai', NOVA, { ...SAY, epoch })).toBe(0)
    expect(raisedBy('ai', NOVA, { type: 'hand_off', epoch })).toBe(1)
  })

  test('[AI3] a record from before begins at none', () => {
    const { epoch: _, ...earlier } = assisted('waiting', { assistant: null })
    const { assistant: __, ...policy } = earlier.policy
    const stored = { ...earlier, policy, schema: 4 } as unknown as ConversationRecord
    const woken = broughtForward(stored, { lastMessage: () => 2, assignees: () => [] })
    expect(woken).toMatchObject({ epoch: 0, policy: { assistant: null } })
    expect(took(woken, AGENT_ANA, SAY, NOW, 2).epoch).toBe(1)
  })
})

test('[DL3] visitors are not told which assistant there is, agents are', () => {
  const policy = { ...DEFAULT_POLICY, assistant: 'a_nova' }
  expect(JSON.stringify(policyView('visitor', policy))).not.toContain('assistant')
  expect(policyView('team', policy).assistant).toBe('a_nova')
})
