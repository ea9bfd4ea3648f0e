import { describe, expect, test } from 'vitest'
import { CAPABILITIES, CHANNEL_KINDS } from '../../core/channelKinds.ts'
import { type Actor, authorOf, type Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import type { MessageEntry } from '../../core/conversation/entries.ts'
import { DEFAULT_POLICY } from '../../core/conversation/policy.ts'
import { rewrites, rewritten } from '../../core/conversation/rewrite.ts'
import { apply } from '../../core/conversation/state.ts'
import type { MemberId } from '../../core/ids.ts'
import { AGENT_ANA, AGENT_BEN, ANA, BEN, NOW, standing, told, VIC } from '../support/corpora/records.ts'

const WINDOW = 15 * 60_000
const ADMIN: Actor = { kind: 'agent', member: 'm_adam' as MemberId, name: 'Adam', role: 'admin' }
const OWNER: Actor = { kind: 'agent', member: 'm_olga' as MemberId, name: 'Olga', role: 'owner' }
const KEY: Actor = { kind: 'key', id: 'k_1', name: 'Robot', scopes: ['messages:write'] }
const SYSTEM: Actor = { kind: 'system' }

const record = standing({ status: 'active_human', assignee: ANA, servedBy: ANA })
const said = (age: number, body: Partial<MessageEntry['body']> = {}, author = 'agent:m_ana'): MessageEntry => ({
  n: 3,
  at: NOW - age,
  author: author as MessageEntry['author'],
  type: 'message.created',
  body: { text: 'old', ...body },
})
const ofVisitor = said(0, {}, 'visitor:d_vic')
const deleted = said(0, { text: '', deletedAt: NOW })

describe('[MS8] who may, and until when', () => {
  // who, message, edit → , delete →
  test.each<readonly [string, Actor, MessageEntry | null, string, string]>([
    ['own, at once', AGENT_ANA, said(0), 'edited 3', 'deleted 3'],
    ['own, one millisecond before the end', AGENT_ANA, said(WINDOW - 1), 'edited 3', 'deleted 3'],
    ['own, the very end', AGENT_ANA, said(WINDOW), 'edited 3', 'deleted 3'],
    ['own, one millisecond late', AGENT_ANA, said(WINDOW + 1), '!edit_window_over', '!edit_window_over'],
    ['own, from a clock that was ahead', AGENT_ANA, said(-60_000), 'edited 3', 'deleted 3'],
    ['a colleague', AGENT_BEN, said(0), '!not_allowed', '!not_allowed'],
    ['a visitor’s, by an agent', AGENT_ANA, ofVisitor, '!not_allowed', '!not_allowed'],
    ['an administrator, another’s', ADMIN, said(0), '!not_allowed', 'deleted 3'],
    ['an administrator, after years', ADMIN, said(1e11), '!not_allowed', 'deleted 3'],
    ['an administrator, a visitor’s', ADMIN, ofVisitor, '!not_allowed', 'deleted 3'],
    ['the owner, another’s', OWNER, said(WINDOW + 1), '!not_allowed', 'deleted 3'],
    ['what is deleted, by its writer', AGENT_ANA, deleted, '!message_deleted', '!message_deleted'],
    ['what is deleted, by an administrator', ADMIN, deleted, '!not_allowed', '!message_deleted'],
    ['no message', AGENT_ANA, null, '!message_not_found', '!message_not_found'],
    ['no message, by an administrator', ADMIN, null, '!message_not_found', '!message_not_found'],
    ['the visitor, their own', VIC, ofVisitor, '!not_allowed', '!not_allowed'],
    ['the visitor, an agent’s', VIC, said(0), '!not_allowed', '!not_allowed'],
    ['Foyer itself', SYSTEM, said(0), '!not_allowed', '!not_allowed'],
  ])('[MS8] %s', (_, actor, message, edit, erase) => {
    expect(told(decide(record, actor, { type: 'edit_message', ref: 3, text: 'new' }, NOW, message))).toBe(edit)
    expect(told(decide(record, actor, { type: 'delete_message', ref: 3 }, NOW, message))).toBe(erase)
  })

  test('[MS8] the window is the policy’s', () => {
    const hurried = { ...record, policy: { ...DEFAULT_POLICY, editWindowMs: 10 } }
    const edit = (age: number) =>
      told(decide(hurried, AGENT_ANA, { type: 'edit_message', ref: 3, text: 'x' }, NOW, said(age)))
    expect([edit(10), edit(11)]).toEqual(['edited 3', '!edit_window_over'])
  })

  test.each(CHANNEL_KINDS)('[MS8] of what was sent through %s', (channelKind) => {
    const elsewhere = { ...record, channelKind }
    const does = (actor: Actor, type: 'edit_message' | 'delete_message', message: MessageEntry) =>
      decide(elsewhere, actor, { type, ref: 3, text: 'new' } as Command, NOW, message)
    const web = channelKind === 'web'
    const byKey = said(0, {}, authorOf(KEY))
    for (const [actor, message] of [
      [AGENT_ANA, said(0)],
      [KEY, byKey],
    ] as const) {
      expect(told(does(actor, 'edit_message', message))).toBe(web ? 'edited 3' : '!edit_unavailable')
      expect(told(does(actor, 'delete_message', message))).toBe(web ? 'deleted 3' : '!edit_unavailable')
    }
    // From Foyer, whatever became of it elsewhere.
    expect(told(does(ADMIN, 'delete_message', said(0)))).toBe('deleted 3')
    const outcome = does(AGENT_ANA, 'edit_message', said(0))
    if (!outcome.ok) expect(outcome.refusal.message).toContain(CAPABILITIES[channelKind].name)
  })

  test.each([
    ['old', '!message_unchanged'],
    [' ', '!message_blank'],
    ['x'.repeat(2_001), '!message_too_long'],
    ['x'.repeat(2_000), 'edited 3'],
    ['old ', 'edited 3'],
  ])('[MS8][MS1] the text %j', (text, expected) => {
    expect(told(decide(record, AGENT_ANA, { type: 'edit_message', ref: 3, text }, NOW, said(0)))).toBe(expected)
  })

  test('[MS8] neither reopens a closed conversation nor takes it', () => {
    const closed = standing({ status: 'closed', assignee: null, servedBy: null })
    expect(told(decide(closed, AGENT_ANA, { type: 'edit_message', ref: 3, text: 'x' }, NOW, said(0)))).toBe('edited 3')
    expect(told(decide(closed, AGENT_ANA, { type: 'delete_message', ref: 3 }, NOW, said(0)))).toBe('deleted 3')
  })
})

describe('[PR3] what Foyer does by itself', () => {
  test.each<readonly [string, Actor, Command, string]>([
    ['takes it from who has it', SYSTEM, { type: 'release', from: ANA }, 'assigned ana>nobody'],
    ['from nobody else', SYSTEM, { type: 'release', from: BEN }, '!already_assigned'],
    ['writes nothing', SYSTEM, { type: 'send_message', text: 'x' }, '!not_allowed'],
    ['takes it from nobody to give it to another', SYSTEM, { type: 'assign', to: BEN }, '!already_assigned'],
    ['deletes nothing', SYSTEM, { type: 'delete' }, '!not_allowed'],
    ['an agent does not do so', AGENT_BEN, { type: 'release', from: ANA }, '!not_allowed'],
    ['an owner neither', OWNER, { type: 'release', from: ANA }, '!not_allowed'],
    ['nor a visitor', VIC, { type: 'release', from: ANA }, '!not_allowed'],
  ])('[PR3] %s', (_, actor, command, expected) => {
    expect(told(decide(record, actor, command, NOW))).toBe(expected)
  })

  test('[PR3] the status stays: somebody has to say that it waits', () => {
    expect(told(decide(record, SYSTEM, { type: 'release', from: ANA }, NOW))).not.toMatch(/waiting/)
  })
})

describe('[MS8] what becomes of the message', () => {
  const edit = (at: number, text: string) =>
    ({ n: 9, at, author: 'agent:m_ana', type: 'message.edited', body: { ref: 3, text } }) as const
  const erase = { n: 10, at: 7, author: 'agent:m_ana', type: 'message.deleted', body: { ref: 3 } } as const

  test('[MS8] the new text, when it was edited, and everything else as it was', () => {
    expect(rewritten(said(0, { quote: 2 }), edit(5, 'new'))).toEqual(said(0, { quote: 2, text: 'new', editedAt: 5 }))
    expect(rewritten(said(0, { quote: 2 }), erase)).toEqual(said(0, { quote: 2, text: '', deletedAt: 7 }))
  })

  test('[MS8] what is deleted stays so, whatever is replayed', () => {
    const gone = rewritten(said(0), erase)
    for (const by of [edit(5, 'back again'), edit(9, 'back again'), { ...erase, at: 99 }])
      expect(rewritten(gone, by)).toBe(gone)
  })

  test('[MS8] any other entry leaves it alone', () => {
    expect(rewritten(said(0), said(0))).toEqual(said(0))
    expect([rewrites(said(0)), rewrites(edit(1, 'x')), rewrites(erase)]).toEqual([null, 3, 3])
  })

  test('[IB1] the preview follows the last message and no other', () => {
    const state = { public: record.public, team: record.team }
    const last = record.team.lastMessage?.n ?? 0
    const head = record.public.head
    const of = (ref: number, text: string) => ({ ...edit(NOW, text), n: head + 1, body: { ref, text } })
    expect(apply(state, of(last, 'new  \n text')).team?.lastMessage?.text).toBe('new text')
    expect(apply(state, of(last + 1, 'other')).team?.lastMessage).toEqual(record.team.lastMessage)
    expect(apply(state, { ...erase, n: head + 1, body: { ref: last } }).team?.lastMessage?.text).toBe('')
    expect(apply(state, { ...erase, n: head + 1, body: { ref: 99 } }).team?.lastMessage).toEqual(
      record.team.lastMessage,
    )
    // Neither moves the conversation in the list.
    expect(apply(state, of(last, 'x')).team?.lastMessage?.at).toBe(record.team.lastMessage?.at)
  })
})
