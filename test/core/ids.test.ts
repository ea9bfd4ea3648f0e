import { describe, expect, test } from 'vitest'
import { contactName } from '../../core/contactName.ts'
import type { DeviceId, MemberId, WorkspaceId } from '../../core/ids.ts'
import {
  authorKind,
  base32,
  bytesOf,
  isClientId,
  isConversationId,
  isVisitorAuthor,
  memberOf,
  parseClientId,
} from '../../core/ids.ts'
import type { Membership } from '../../core/membership.ts'
import { decodeIdentity, encodeIdentity, type Identity } from '../../core/protocol/identity.ts'
import { fc } from '../support/properties.ts'

describe('base32', () => {
  // RFC 4648, section 10, in lower case and without padding.
  test.each([
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('%j is %j, and back', (text, encoded) => {
    const bytes = new TextEncoder().encode(text)
    expect(base32(bytes)).toBe(encoded)
    expect(bytesOf(encoded)).toEqual(bytes)
  })

  test('different bytes of one length never share a text; 20 bytes are 32 characters', () => {
    const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(base32(a)).toHaveLength(32)
        expect(isConversationId(base32(a))).toBe(true)
        expect(base32(a) === base32(b)).toBe(a.join() === b.join())
      }),
    )
  })
})

describe('[CV1] the shape of a conversation id', () => {
  const good = 'abcdefghijklmnopqrstuvwxyz234567'
  test.each([
    [good, true],
    [good.toUpperCase(), false],
    [good.slice(1), false],
    [`${good}a`, false],
    [`${good}\n`, false],
    [`\n${good}`, false],
    [good.replace('a', '0'), false],
    [good.replace('a', '1'), false],
    [good.replace('a', '='), false],
    [good.replace('a', 'á'), false],
    ['', false],
  ])('[CV1] %j: %s', (text, expected) => {
    expect(isConversationId(text)).toBe(expected)
  })
})

describe('[DL2] client ids', () => {
  test.each([
    ['tab:1', { instance: 'tab', n: 1 }],
    ['A-z_0:42', { instance: 'A-z_0', n: 42 }],
    [`${'x'.repeat(32)}:999999999999999`, { instance: 'x'.repeat(32), n: 999_999_999_999_999 }],
    [`${'x'.repeat(33)}:1`, null],
    ['tab:0', null],
    ['tab:01', null],
    ['tab:-1', null],
    ['tab:1.5', null],
    ['tab:1e3', null],
    ['tab:', null],
    [':1', null],
    ['tab', null],
    ['tab:1:2', null],
    ['tab:1\n', null],
    [' tab:1', null],
    ['täb:1', null],
    ['tab:9999999999999999', null],
    ['', null],
  ])('[DL2] %j', (text, expected) => {
    expect(parseClientId(text)).toEqual(expected)
    expect(isClientId(text)).toBe(expected !== null)
  })
})

test.each([
  ['visitor:d_1', 'visitor', null, true],
  ['agent:m_1', 'agent', 'm_1', false],
  ['assistant:a', 'assistant', null, false],
  ['key:agent:m_1', 'key', null, false],
  ['system', 'system', null, false],
] as const)('the author %s is of the kind %s', (author, kind, member, isVisitor) => {
  expect(authorKind(author)).toBe(kind)
  expect(memberOf(author)).toBe(member)
  expect(isVisitorAuthor(author)).toBe(isVisitor)
})

describe('[CP3] names for the nameless', () => {
  test('[CP3] are stable: these must never change, people know them', () => {
    expect(['c_a', 'c_b', 'c_abcdefghijklmnopqrstuvwx', ''].map(contactName)).toMatchInlineSnapshot(`
      [
        "Flint Gecko",
        "Cobalt Gecko",
        "Sand Lynx",
        "Slate Dove",
      ]
    `)
  })

  test('[CP3] are two words and spread evenly', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 20_000; i += 1) {
      const bytes = new Uint8Array(15)
      new DataView(bytes.buffer).setUint32(11, Math.imul(i, 2654435761))
      const name = contactName(`c_${base32(bytes)}`)
      expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    const words = [...counts.keys()].map((name) => name.split(' '))
    expect([new Set(words.map(([colour]) => colour)).size, new Set(words.map(([, animal]) => animal)).size]).toEqual([
      32, 32,
    ])
    expect(counts.size).toBeGreaterThan(1_000)
    // 19.5 each on average.
    expect(Math.max(...counts.values())).toBeLessThan(60)
  })
})

describe('the identity header', () => {
  const membership = (name: string): Membership => ({
    workspace: 'w_1' as WorkspaceId,
    member: 'm_1' as MemberId,
    name,
    role: 'agent',
  })
  const agent = (name: string): Identity => ({
    kind: 'agent',
    memberships: [membership(name)],
    sessionExpiresAt: 1,
    asOf: 1,
  })

  test.each([
    'Ana',
    'Łukasz Żółć',
    '山田 太郎',
    'Ελένη',
    'محمد',
    '😍',
    'a\r\nfoyer-identity: forged',
    '100% "quoted", ; =',
    '\ud800',
  ])('%j survives, in characters every header may carry', (name) => {
    const header = encodeIdentity(agent(name))
    expect(header).toMatch(/^[\x21-\x7e]+$/)
    expect(decodeIdentity(header)).toEqual(agent(name))
  })

  test('any name survives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(decodeIdentity(encodeIdentity(agent(name)))).toEqual(agent(name))
      }),
    )
  })

  test('a visitor survives, and no header is nobody', () => {
    const visitor: Identity = { kind: 'visitor', workspace: 'w_1' as WorkspaceId, device: 'd_1' as DeviceId }
    expect(decodeIdentity(encodeIdentity(visitor))).toEqual(visitor)
    expect(decodeIdentity(null)).toBe(null)
  })
})
