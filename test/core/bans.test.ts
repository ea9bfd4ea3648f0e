import { describe, expect, it } from 'vitest'
import { type BanKind, type Hold, isInForce, liftsAt, nameOf, remarked, strongest } from '../../core/bans/ban.ts'
import { countedAs, isWithin, networkAround, parseAddress, parseNetwork } from '../../core/bans/network.ts'
import { banFault } from '../../core/conversation/blocking.ts'
import type { Actor, Command } from '../../core/conversation/command.ts'
import { DEFAULT_POLICY, policyView } from '../../core/conversation/policy.ts'
import { nextTimer } from '../../core/conversation/timers.ts'
import type { DeviceId, MemberId } from '../../core/ids.ts'
import { untouched } from '../support/corpora/records.ts'
import { fc } from '../support/properties.ts'

const hold = (kind: BanKind, until: number | null = null, version = 1): Hold => ({ version, kind, until })

describe('[BN4] a network is read in every spelling', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['203.0.113.7/32', '203.0.113.7'],
    ['203.0.113.7/24', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7/120', '203.0.113.0/24'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:1:2:3:4:5:6/64', '2001:db8:1:2::/64'],
    ['::1', '::1'],
    ['2001:db8::', '2001:db8::'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ])('%s is %s', (text, written) => {
    expect(parseNetwork(text)).toMatchObject({ text: written })
  })

  it.each([
    '',
    'localhost',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.07',
    '0203.0.113.7',
    '0xcb.0.113.7',
    '3405803783',
    '203.0.113.7/33',
    '203.0.113.7/-1',
    '203.0.113.7/024',
    '203.0.113.0/24/24',
    '203.0.113.7/',
    '2001:db8:::1',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '2001:db8::12345',
    'fe80::1%eth0',
    '[2001:db8::1]',
    '::203.0.113.7:1',
    '2001:db8::/129',
  ])('%j is none', (text) => {
    expect(parseNetwork(text)).toBe('not_a_network')
  })

  it.each([
    '0.0.0.0/0',
    '128.0.0.0/1',
    '10.0.0.0/7',
    '::/0',
    '2000::/3',
    '::/64',
    '::/80',
    '::ffff:0:0/96',
    '::ffff:10.0.0.0/103',
  ])('%s is too wide', (text) => {
    expect(parseNetwork(text)).toBe('too_wide')
  })

  const v4 = fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255))).map((parts) => parts.join('.'))
  const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  const spelled = (list: number[], pad: boolean, upper: boolean) => {
    const text = list.map((group) => (pad ? group.toString(16).padStart(4, '0') : group.toString(16))).join(':')
    return upper ? text.toUpperCase() : text
  }

  it('every spelling of one IPv6 address is written alike, and reads as itself', () => {
    fc.assert(
      fc.property(groups, fc.boolean(), fc.boolean(), (list, pad, upper) => {
        const network = parseNetwork(spelled(list, pad, upper))
        if (typeof network === 'string') throw new Error(network)
        expect(parseNetwork(network.text)).toEqual(network)
        expect(parseAddress(network.text)).toBe(network.first)
        expect(network).toEqual(parseNetwork(spelled(list, !pad, !upper)))
      }),
    )
  })

  it('an IPv4 address lies within its networks in whatever notation, and its neighbour beyond them does not', () => {
    fc.assert(
      fc.property(v4, fc.integer({ min: 8, max: 32 }), (address, prefix) => {
        const network = parseNetwork(`${address}/${prefix}`)
        if (typeof network === 'string') throw new Error(network)
        const number = parseAddress(address) ?? 0n
        const mapped = `::ffff:${((number >> 16n) & 0xffffn).toString(16)}:${(number & 0xffffn).toString(16)}`
        expect([isWithin(network, address), isWithin(network, mapped)]).toEqual([true, true])
        expect(network.last - network.first).toBe((1n << BigInt(32 - prefix)) - 1n)
        expect(parseNetwork(network.text)).toEqual(network)
      }),
    )
  })

  it('what is banned of who is at an address is all that they have of IPv6, and one address of IPv4', () => {
    expect(['203.0.113.7', '::ffff:203.0.113.7', '2001:db8:1:2:3::4', 'unknown'].map(networkAround)).toEqual([
      '203.0.113.7',
      '203.0.113.7',
      '2001:db8:1:2::/64',
      null,
    ])
  })

  it('[DL9] limits count a /64 of IPv6 as one, and whatever else as it is', () => {
    const given = ['203.0.113.7', '::ffff:203.0.113.7', '2001:db8:1:2:3::4', '2001:db8:1:2::9', ':::', 'unknown']
    const two = '2001:db8:1:2::/64'
    expect(given.map(countedAs)).toEqual(['203.0.113.7', '203.0.113.7', two, two, ':::', 'unknown'])
  })

  it('what is no address lies in no network', () => {
    const network = parseNetwork('203.0.113.0/24')
    if (typeof network === 'string') throw new Error(network)
    expect(['unknown', '', '203.0.114.0', '203.0.112.255'].filter((ip) => isWithin(network, ip))).toEqual([])
  })
})

describe('what holds somebody', () => {
  it('[BN4] ends at the very millisecond that was said', () => {
    expect([isInForce(hold('ban', 1_000), 999), isInForce(hold('ban', 1_000), 1_000)]).toEqual([true, false])
    expect(isInForce(hold('ban'), Number.MAX_SAFE_INTEGER)).toBe(true)
  })

  it('[BN3] is as strong as the strongest of it that is in force', () => {
    expect(strongest([hold('ban', null), hold('block', 1_000)], 999)).toBe('block')
    expect(strongest([hold('ban', null), hold('block', 1_000)], 1_000)).toBe('ban')
    expect(strongest([hold('ban', 1_000)], 1_000)).toBeNull()
    expect(strongest(undefined, 0)).toBeNull()
  })

  it('[BN1] is known by the changes that made it, in whatever order they come', () => {
    expect(nameOf([hold('ban', null, 7), hold('block', null, 3)])).toBe('3.7')
    expect([nameOf([]), nameOf(undefined)]).toEqual(['', ''])
  })

  it('[BN4] is due when the next of it lifts itself', () => {
    const record = { ...untouched(), bans: [hold('ban', 9_000), hold('block', 5_000), hold('ban')] }
    expect(liftsAt(record.bans)).toBe(5_000)
    expect(nextTimer(record, 10)).toBe(5_000)
  })

  it('[BN1] marks a row once per scope', () => {
    const mark = { scope: 'contact', kind: 'ban', until: null } as const
    const told = remarked([mark], { ...mark, kind: 'block', lifted: false })
    expect(told).toEqual([{ ...mark, kind: 'block' }])
    expect(remarked(told, { ...mark, lifted: true })).toEqual([])
  })
})

describe('what a ban leaves of a conversation', () => {
  const vic: Actor = { kind: 'visitor', device: 'd_vic' as DeviceId }
  const ana: Actor = { kind: 'agent', member: 'm_ana' as MemberId, name: 'Ana', role: 'owner' }
  const key: Actor = { kind: 'key', id: 'k', name: 'Key', scopes: ['messages:write', 'notes:write'] }
  const nova: Actor = { kind: 'assistant', id: 'a', name: 'Nova' }
  const says: Command = { type: 'send_message', text: 'hello' }
  const goesOn = { type: 'continue_in', conversation: 'x' } as unknown as Command
  const fault = (kind: BanKind, actor: Actor, command: Command, now = 0) =>
    banFault({ bans: [hold(kind, 1_000)] }, actor, command, now)?.code ?? null

  it.each([
    ['[BN2] a banned visitor writes on', 'ban', vic, says, null],
    ['[BN2] and closes', 'ban', vic, { type: 'close' }, null],
    ['[BN2] but begins nothing new', 'ban', vic, { type: 'start', text: 'hi' }, 'banned'],
    ['[BN2] not even by going on', 'ban', vic, goesOn, 'banned'],
    ['[BN2] agents answer', 'ban', ana, says, null],
    ['[BN3] nothing of a blocked visitor passes', 'block', vic, says, 'blocked'],
    ['[BN3] not even that they leave', 'block', vic, { type: 'close' }, 'blocked'],
    ['[BN3] nothing passes to them', 'block', ana, says, 'contact_blocked'],
    [
      '[BN3] nor by another word for an old one',
      'block',
      ana,
      { type: 'edit_message', ref: 1, text: 'x' },
      'contact_blocked',
    ],
    ['[BN3] nor a question how it was', 'block', ana, { type: 'request_rating' }, 'contact_blocked'],
    ['[BN3] nor their answer to one', 'block', vic, { type: 'submit_rating', score: 1 }, 'blocked'],
    ['[BN2] which a ban lets pass', 'ban', vic, { type: 'submit_rating', score: 1 }, null],
    ['[BN3] nor from a program', 'block', key, says, 'contact_blocked'],
    ['[BN3] nor from the assistant', 'block', nova, { ...says, epoch: 0 }, 'contact_blocked'],
    ['[BN3] what was said can be taken back', 'block', ana, { type: 'delete_message', ref: 1 }, null],
    ['[NT1] notes stay possible', 'block', ana, { type: 'add_note', text: 'x' }, null],
    ['[NT1] to programs, too', 'block', key, { type: 'add_note', text: 'x' }, null],
    ['[BN3] and so does closing', 'block', ana, { type: 'close' }, null],
    ['[CV13] and what Foyer does by itself', 'block', { kind: 'system' }, { type: 'close' }, null],
  ] as Array<[string, BanKind, Actor, Command, string | null]>)('%s', (_, kind, actor, command, code) => {
    expect(fault(kind, actor, command)).toBe(code)
    expect(fault(kind, actor, command, 1_000)).toBeNull()
  })

  it('[BN2] the visitor is told that it is so, and nothing more', () => {
    expect(policyView('visitor', DEFAULT_POLICY, 'ban')).toEqual({
      mayWrite: true,
      mayStart: false,
      reopen: 'any_message',
    })
    expect(policyView('visitor', DEFAULT_POLICY, 'block')).toEqual({
      mayWrite: false,
      mayStart: false,
      reopen: 'any_message',
    })
    expect(policyView('team', DEFAULT_POLICY, 'block')).toMatchObject({ ban: 'block' })
    expect(policyView('visitor', DEFAULT_POLICY)).toEqual({ mayWrite: true, reopen: 'any_message' })
  })
})
