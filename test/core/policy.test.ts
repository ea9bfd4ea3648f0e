/** The rules that administrators choose (⚙), as tables: given what was decided and how it stands, what happens. */
import { describe, expect, test } from 'vitest'
import { ChannelPolicyName } from '../../core/api/policies.ts'
import { type Actor, authorOf, type Command } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import type { MessageEntry } from '../../core/conversation/entries.ts'
import {
  channelPolicy,
  DEFAULT_POLICY,
  type Policies,
  type Policy,
  policyFor,
  policyView,
} from '../../core/conversation/policy.ts'
import type { ConversationId, DeviceId, MemberId, WorkspaceId } from '../../core/ids.ts'
import { type Identity, policyOf } from '../../core/protocol/identity.ts'
import { AGENT_ANA, ANA, BEN, NOW, type Standing, standing, told, VIC } from '../support/corpora/records.ts'

const ADMIN: Actor = { kind: 'agent', member: 'm_adam' as MemberId, name: 'Adam', role: 'admin' }
const PROGRAM: Actor = { kind: 'key', id: 'k_1', name: 'Order bot', scopes: ['messages:write', 'conversations:write'] }
const NEXT = 'zyxwvutsrqponmlkjihgfedcba765432' as ConversationId
const EXISTING = {
  waiting: { status: 'waiting_human', assignee: null, servedBy: null },
  ana: { status: 'active_human', assignee: ANA, servedBy: ANA },
  ben: { status: 'active_human', assignee: BEN, servedBy: BEN },
  closed: { status: 'closed', assignee: null, servedBy: null },
  'closed ana': { status: 'closed', assignee: ANA, servedBy: ANA },
} as const satisfies Record<string, Standing>
type Existing = keyof typeof EXISTING

const SAY: Command = { type: 'send_message', text: 'Hi' }
const NOTE: Command = { type: 'add_note', text: 'Hm' }

function under(policy: Partial<Policy>, existing: Existing, collaborators: MemberId[] = []) {
  const record = standing(EXISTING[existing])
  return { ...record, policy: { ...DEFAULT_POLICY, ...policy }, team: { ...record.team, collaborators } }
}

describe('[CV4] the policies of now come with whoever asks', () => {
  const policies: Policies = { version: 3, workspace: {}, channels: { ch_shop: { reopen: 'never' } } }
  const own = policyFor(policies, 'ch_shop')
  const [shop, other] = ['w_shop' as WorkspaceId, 'w_other' as WorkspaceId]
  const member = { workspace: shop, member: ANA, name: 'Ana', role: 'agent', policies } as const
  const key = { kind: 'key', workspace: shop, id: 'k_1', name: 'Order bot', scopes: [], policies } as const
  type Case = [who: string, identity: Identity, expected: Policy | undefined]
  test.each<Case>([
    ['a program', key, own],
    ['a program of another workspace', { ...key, workspace: other }, undefined],
    ['an agent', { kind: 'agent', memberships: [member], sessionExpiresAt: 0, asOf: 0 }, own],
    [
      'an agent of another workspace',
      { kind: 'agent', memberships: [{ ...member, workspace: other }], sessionExpiresAt: 0, asOf: 0 },
      undefined,
    ],
    ['a visitor who begins', { kind: 'visitor', workspace: shop, device: 'd_1' as DeviceId, policy: own }, own],
    ['a visitor who is back', { kind: 'visitor', workspace: shop, device: 'd_1' as DeviceId }, undefined],
    ['Foyer itself', { kind: 'system', workspace: shop }, undefined],
  ])('[CV4] %s', (_, identity, expected) => {
    expect(policyOf(identity, { workspace: shop, channel: 'ch_shop' })).toEqual(expected)
  })
})

describe('[CV4] a closed conversation', () => {
  type Case = [reopen: Policy['reopen'], who: Actor, command: Command, expected: string]
  test.each<Case>([
    ['any_message', AGENT_ANA, SAY, 'closed>active, said'],
    ['any_message', VIC, SAY, 'closed>active, said'],
    ['visitor_message', AGENT_ANA, SAY, '!conversation_closed'],
    ['visitor_message', AGENT_ANA, { ...SAY, reopen: true }, 'closed>active, said'],
    ['visitor_message', AGENT_ANA, { type: 'reopen' }, 'closed>active'],
    ['visitor_message', AGENT_ANA, { type: 'set_status', to: 'waiting_human' }, 'closed>waiting'],
    ['visitor_message', VIC, SAY, 'closed>active, said'],
    ['never', AGENT_ANA, SAY, '!conversation_ended'],
    ['never', AGENT_ANA, { ...SAY, reopen: true }, '!conversation_ended'],
    ['never', ADMIN, SAY, '!conversation_ended'],
    ['never', AGENT_ANA, { type: 'reopen' }, '!conversation_ended'],
    ['never', AGENT_ANA, { type: 'set_status', to: 'active_human' }, '!conversation_ended'],
    ['never', AGENT_ANA, { type: 'set_status', to: 'closed' }, '!already_closed'],
    ['never', AGENT_ANA, { type: 'accept' }, '!conversation_ended'],
    ['never', VIC, SAY, '!conversation_ended'],
    ['never', VIC, { type: 'close' }, '!already_closed'],
    ['never', AGENT_ANA, NOTE, 'noted'],
    // CV5: it changes hands and stays closed, for good too.
    ['never', AGENT_ANA, { type: 'assign', to: BEN }, 'assigned ana>ben'],
  ])('[CV4] %s: %o does %o: %s', (reopen, who, command, expected) => {
    expect(told(decide(under({ reopen }, 'closed ana'), who, command, NOW))).toBe(expected)
  })

  test('[CV4] an open one knows no difference', () => {
    for (const reopen of ['any_message', 'visitor_message', 'never'] as const)
      expect(told(decide(under({ reopen }, 'ana'), AGENT_ANA, SAY, NOW))).toBe('said')
  })

  test('[CV4] goes on in one conversation and no other, by the visitor alone', () => {
    const over = under({ reopen: 'never' }, 'closed')
    const goOn: Command = { type: 'continue_in', conversation: NEXT }
    expect(told(decide(over, VIC, goOn, NOW))).toBe(`continued in ${NEXT}`)
    expect(told(decide(over, AGENT_ANA, goOn, NOW))).toBe('!not_allowed')
    expect(told(decide(over, { kind: 'system' }, goOn, NOW))).toBe('!not_allowed')
    expect(told(decide(under({ reopen: 'any_message' }, 'closed'), VIC, goOn, NOW))).toBe('!conversation_not_ended')
    expect(told(decide(under({ reopen: 'never' }, 'waiting'), VIC, goOn, NOW))).toBe('!conversation_not_ended')
    const gone = { ...over, public: { ...over.public, continuedIn: NEXT } }
    const refused = { ok: false, refusal: expect.objectContaining({ code: 'conversation_ended', continuedIn: NEXT }) }
    expect(decide(gone, VIC, { type: 'continue_in', conversation: over.id }, NOW)).toEqual(refused)
    expect(decide(gone, VIC, SAY, NOW)).toEqual(refused)
  })
})

describe('[CV8] who may write', () => {
  const restricted = { mayWrite: 'assignee_and_collaborators' } as const
  type Case = [existing: Existing, who: Actor, followers: MemberId[], command: Command, expected: string]
  test.each<Case>([
    ['ben', AGENT_ANA, [], SAY, '!not_allowed'],
    ['ben', AGENT_ANA, [ANA], SAY, 'joined Ana, said'],
    ['ben', ADMIN, [], SAY, 'joined Adam, said'],
    ['ana', AGENT_ANA, [], SAY, 'said'],
    ['waiting', AGENT_ANA, [], SAY, 'assigned nobody>ana, waiting>active, joined Ana, said'],
    ['ben', AGENT_ANA, [], NOTE, 'noted'],
    ['ben', VIC, [], SAY, 'said'],
    // A program acts for the workspace, by its scopes.
    ['ben', PROGRAM, [], SAY, 'joined Order bot, said'],
    // Nobody lets themself in, nor others.
    ['ben', AGENT_ANA, [], { type: 'add_collaborator', member: ANA }, '!not_allowed'],
    ['ana', AGENT_ANA, [], { type: 'add_collaborator', member: BEN }, 'added ben'],
    ['ben', ADMIN, [], { type: 'add_collaborator', member: ANA }, 'added ana'],
    ['ben', AGENT_ANA, [ANA], { type: 'remove_collaborator', member: ANA }, 'removed ana'],
  ])('[CV8] %s, %o, followed by %o: %o: %s', (existing, who, followers, command, expected) => {
    expect(told(decide(under(restricted, existing, followers), who, command, NOW))).toBe(expected)
  })

  type Editing = [existing: Existing, who: Actor, followers: MemberId[], edit: string]
  test.each<Editing>([
    ['ana', AGENT_ANA, [], 'edited 3'],
    ['waiting', AGENT_ANA, [], 'edited 3'],
    ['ben', AGENT_ANA, [], '!not_allowed'],
    ['ben', AGENT_ANA, [ANA], 'edited 3'],
    ['ben', ADMIN, [], 'edited 3'],
    // A program writes by its scope alone.
    ['ben', PROGRAM, [], 'edited 3'],
  ])(
    '[CV8] %s, %o, followed by %o, changes what they said themself: %s; taking it back stays theirs',
    (existing, who, followers, edit) => {
      const message: MessageEntry = {
        n: 3,
        at: NOW,
        author: authorOf(who),
        type: 'message.created',
        body: { text: 'Hi' },
      }
      const does = (policy: Partial<Policy>, command: Command) =>
        told(decide(under(policy, existing, followers), who, command, NOW, message))
      expect(does(restricted, { type: 'edit_message', ref: 3, text: 'Buy here' })).toBe(edit)
      expect(does({}, { type: 'edit_message', ref: 3, text: 'Buy here' })).toBe('edited 3')
      expect(does(restricted, { type: 'delete_message', ref: 3 })).toBe('deleted 3')
    },
  )

  test('[CV8] says why', () => {
    const edit: Command = { type: 'edit_message', ref: 3, text: 'Buy here' }
    expect(decide(under(restricted, 'ben'), AGENT_ANA, edit, NOW)).toMatchObject({
      refusal: { message: expect.stringContaining('Only the assignee') },
    })
    const outcome = decide(under(restricted, 'ben'), AGENT_ANA, SAY, NOW)
    expect(outcome).toMatchObject({ refusal: { message: expect.stringContaining('Only the assignee') } })
  })
})

describe('[CV6] who may reassign', () => {
  const restricted = { mayAssign: 'assignee_and_admins' } as const
  type Case = [existing: Existing, who: Actor, to: MemberId | null, expected: string]
  test.each<Case>([
    ['ben', AGENT_ANA, ANA, '!not_allowed'],
    ['ben', AGENT_ANA, null, '!not_allowed'],
    ['ben', ADMIN, ANA, 'assigned ben>ana'],
    ['ben', PROGRAM, ANA, 'assigned ben>ana'],
    ['ana', AGENT_ANA, BEN, 'assigned ana>ben'],
    ['ana', AGENT_ANA, null, 'assigned ana>nobody'],
    ['waiting', AGENT_ANA, ANA, 'assigned nobody>ana, waiting>active, joined Ana'],
    ['waiting', AGENT_ANA, BEN, '!not_allowed'],
    ['closed', AGENT_ANA, BEN, '!not_allowed'],
    ['closed', AGENT_ANA, ANA, 'assigned nobody>ana'],
    ['ben', AGENT_ANA, BEN, '!already_assigned'],
  ])('[CV6] %s: %o assigns to %s: %s', (existing, who, to, expected) => {
    expect(told(decide(under(restricted, existing), who, { type: 'assign', to }, NOW))).toBe(expected)
  })

  test('[CV6] accepting what somebody has is taking it from them', () => {
    expect(told(decide(under(restricted, 'ben'), AGENT_ANA, { type: 'accept' }, NOW))).toBe('!not_allowed')
    expect(told(decide(under(restricted, 'waiting'), AGENT_ANA, { type: 'accept' }, NOW))).not.toMatch(/^!/)
  })
})

test('[DL3] visitors are told of the policy only how a closed conversation opens again', () => {
  expect(policyView('visitor', DEFAULT_POLICY)).toEqual({ mayWrite: true, reopen: 'any_message' })
})

describe('[⚙] what was decided', () => {
  const policies: Policies = {
    version: 3,
    workspace: { reopen: 'never', history: 'hide', maxOpen: 4, startsPerDevice: 9 },
    channels: { shop: { mayWrite: 'assignee_and_collaborators', maxOpen: 7 }, mail: { reopen: 'any_message' } },
  }

  test('[⚙] a channel inherits what it does not decide', () => {
    expect(channelPolicy(policies, 'shop')).toMatchObject({ reopen: 'never', maxOpen: 7 })
    expect(channelPolicy(policies, 'mail')).toMatchObject({ reopen: 'any_message', maxOpen: 4 })
    expect(policyFor(policies, 'shop')).toMatchObject({ version: 3, reopen: 'never', history: 'hide' })
    expect(policyFor(policies, 'unknown')).toMatchObject({ mayWrite: 'anyone', history: 'hide' })
  })

  test('[⚙] a channel has nothing of what is decided for all at once', () => {
    const names = [...ChannelPolicyName.options, 'assistant']
    expect(Object.keys(channelPolicy(policies, 'shop')).toSorted()).toEqual(names.toSorted())
  })

  test('[⚙] a conversation keeps what binds it, and no more', () => {
    expect(Object.keys(policyFor(policies, 'shop')).toSorted()).toEqual(
      [
        ...['assistant', 'closeAfterMs', 'editWindowMs', 'history', 'limits', 'mayAssign', 'mayWrite', 'reopen'],
        ...['transcriptsPerHour', 'version'],
      ].toSorted(),
    )
  })
})
