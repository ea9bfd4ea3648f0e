import { describe, expect, test } from 'vitest'
import type { Actor, Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import { SCOPE_WORDS, SCOPES, type Scope, scopeOf } from '../../core/scopes.ts'
import { ANA, BEN, NOW, type Standing, standing, told, took } from '../support/corpora/records.ts'

const bot = (scopes: readonly Scope[] = SCOPES): Actor => ({ kind: 'key', id: 'k_bot', name: 'Order bot', scopes })

const WAITING: Standing = { status: 'waiting_human', assignee: null, servedBy: null }
const BENS: Standing = { status: 'active_human', assignee: BEN, servedBy: BEN }
const CLOSED: Standing = { status: 'closed', assignee: null, servedBy: null }
const HI: Command = { type: 'send_message', text: 'hi' }

const by = (now: Standing, command: Command, scopes?: readonly Scope[]) =>
  told(decide(standing(now), bot(scopes), command, NOW))

describe('[AP1] what a program does', () => {
  test.each<[string, Standing, Command, string]>([
    ['its words take no conversation from the waiting', WAITING, HI, 'joined Order bot, said'],
    ['nor do they take anybody’s', BENS, HI, 'joined Order bot, said'],
    ['they open a closed one, as anybody’s do', CLOSED, HI, 'closed>waiting, joined Order bot, said'],
    ['a note', WAITING, { type: 'add_note', text: 'hm' }, 'noted'],
    ['a blank one is refused', WAITING, { type: 'add_note', text: ' ' }, '!message_blank'],
    ['assigning', WAITING, { type: 'assign', to: ANA }, 'assigned nobody>ana'],
    ['assigning as it is', BENS, { type: 'assign', to: BEN }, '!already_assigned'],
    ['giving it to nobody', BENS, { type: 'assign', to: null }, 'assigned ben>nobody'],
    ['letting somebody follow', WAITING, { type: 'add_collaborator', member: ANA }, 'added ana'],
    ['closing', BENS, { type: 'close' }, 'active>closed'],
    ['closing by status', BENS, { type: 'set_status', to: 'closed' }, 'active>closed'],
    ['closing what is closed', CLOSED, { type: 'set_status', to: 'closed' }, '!already_closed'],
    ['letting it wait', BENS, { type: 'set_status', to: 'waiting_human' }, 'active>waiting'],
    ['a status it has already', WAITING, { type: 'set_status', to: 'waiting_human' }, '!status_unchanged'],
    ['reopening', CLOSED, { type: 'reopen' }, 'closed>waiting'],
    ['deleting', BENS, { type: 'delete' }, 'deleted'],
    ['undoing where there is nothing to undo', BENS, { type: 'restore' }, '!not_deleted'],
    ['accepting is for members', WAITING, { type: 'accept' }, '!not_allowed'],
    ['beginning is for visitors', WAITING, { type: 'start', text: 'hi' }, '!not_allowed'],
    ['releasing is for the system', BENS, { type: 'release', from: BEN }, '!not_allowed'],
    ['what others wrote it cannot edit', WAITING, { type: 'edit_message', ref: 2, text: 'ho' }, '!message_not_found'],
  ])('[AP1] %s', (_, now, command, expected) => {
    expect(by(now, command)).toBe(expected)
  })

  test('[AP1] it introduces itself once, and takes the place of no person who serves', () => {
    const once = took(standing(BENS), bot(), HI, NOW, 1)
    expect(once.public.people['key:k_bot']).toBe('Order bot')
    expect(once.public.servedBy).toBe(`agent:${BEN}`)
    expect(told(decide(once, bot(), HI, NOW))).toBe('said')
  })

  test('[AP1] nothing of it counts as unread', () => {
    const before = standing(WAITING)
    const after = took(took(before, bot(), HI, NOW, 1), bot(), { type: 'add_note', text: 'hm' }, NOW, 2)
    expect(after.team.visitorMessages).toBe(before.team.visitorMessages)
  })
})

describe('[AP1] scopes', () => {
  const COMMANDS: Command[] = [
    HI,
    { type: 'edit_message', ref: 2, text: 'ho' },
    { type: 'delete_message', ref: 2 },
    { type: 'add_note', text: 'hm' },
    { type: 'assign', to: ANA },
    { type: 'add_collaborator', member: ANA },
    { type: 'remove_collaborator', member: ANA },
    { type: 'set_status', to: 'closed' },
    { type: 'close' },
    { type: 'reopen' },
    { type: 'delete' },
    { type: 'restore' },
  ]

  test.each(COMMANDS)('[AP1] $type takes its own, and no other will do', (command) => {
    const scope = scopeOf(command)
    const others = SCOPES.filter((each) => each !== scope)
    expect(scope).not.toBeNull()
    expect(by(WAITING, command, others)).toBe('!scope_missing')
    expect(by(WAITING, command, scope ? [scope] : [])).not.toBe('!scope_missing')
  })

  test('[AP1] each says in a sentence what it opens', () => {
    for (const sentence of Object.values(SCOPE_WORDS)) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })
})
