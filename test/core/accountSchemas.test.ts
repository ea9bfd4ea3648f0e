import { describe, expect, test } from 'vitest'
import { Email, LinkToken, Password, PersonName, TimeZone, Website } from '../../core/api/accounts.ts'
import { ConversationChange, ConversationListQuery, EntriesQuery } from '../../core/api/conversations.ts'
import { websiteFault } from '../../core/website.ts'

const parsed = (schema: { safeParse(value: unknown): { success: boolean; data?: unknown } }, value: unknown) => {
  const outcome = schema.safeParse(value)
  return outcome.success ? outcome.data : null
}

describe('[VW5] the address of a website is reduced to its origin', () => {
  test.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://shop.example/', 'https://shop.example'],
    ['  https://shop.example  ', 'https://shop.example'],
    ['shop.example', 'https://shop.example'],
    ['www.shop.example/tea?x=1#y', 'https://www.shop.example'],
    ['HTTPS://Shop.EXAMPLE', 'https://shop.example'],
    ['http://shop.example', 'http://shop.example'],
    ['https://shop.example:443', 'https://shop.example'],
    ['http://shop.example:80/', 'http://shop.example'],
    ['https://shop.example:80', 'https://shop.example:80'],
    ['http://shop.example:443', 'http://shop.example:443'],
    ['https://shop.example:8443/x', 'https://shop.example:8443'],
    ['https://shop.example:65535', 'https://shop.example:65535'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['localhost:3000/demo', 'https://localhost:3000'],
    ['http://127.0.0.1:8788', 'http://127.0.0.1:8788'],
    ['192.168.0.10/shop', 'https://192.168.0.10'],
    ['http://shop.localhost:3000', 'http://shop.localhost:3000'],
    ['https://1.shop2.example', 'https://1.shop2.example'],
    ['https://xn--bcher-kva.example', 'https://xn--bcher-kva.example'],
    ['https://a-b.c-d.example', 'https://a-b.c-d.example'],
    ['https://shop.example?x', 'https://shop.example'],
    ['https://shop.example#x', 'https://shop.example'],
    ['shop.example/?from=https://other.example', 'https://shop.example'],
    ['https://shop.example/; script-src *', 'https://shop.example'],
  ])('[VW5] %j is %j', (typed, origin) => {
    expect(parsed(Website, typed)).toBe(origin)
  })

  test.each(
    [
      '',
      ' ',
      'https://',
      'https:///',
      'https:shop.example',
      '//shop.example',
      'ftp://shop.example',
      'javascript://shop.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'https://user:secret@shop.example',
      'https://shop.example@evil.example',
      'https://nonsense',
      'nonsense',
      'http://intranet:8080/start',
      'https://localhosts',
      'https://1.2',
      'https://256.1.1.1',
      'https://1.2.3.4.5',
      'https://01.2.3.4',
      'https://2130706433',
      'https://shop.0x7f',
      'https://*.shop.example',
      'https://*',
      '*',
      "'self'",
      'https://shop.example; script-src *',
      'https://shop.example https://evil.example',
      'https://shop.example,https://evil.example',
      'https://shop.example:0',
      'https://shop.example:65536',
      'https://shop.example:99999',
      'https://shop.example:',
      'https://shop.example:x',
      'https://-shop.example',
      'https://shop-.example',
      'https://.shop.example',
      'https://shop..example',
      'https://shop_.example',
      'https://[::1]:80',
      'https://shop.example\n.evil.example',
      'https://shop.example\\@evil.example',
      'https://shop%2eexample',
      `https://${'x'.repeat(64)}.example`,
      `https://${'x.'.repeat(150)}example`,
      'null',
      ...[null, undefined, 7, {}, ['https://shop.example']],
    ].filter((typed) => typed !== 'null'),
  )('[VW5] %j is none', (typed) => {
    expect(parsed(Website, typed)).toBe(null)
  })

  test('[VW5] what comes out is exactly what a browser calls the origin', () => {
    for (const typed of ['shop.example', 'http://SHOP.example:80/x', 'https://a.b.c:444?x', 'localhost:3000']) {
      const origin = String(parsed(Website, typed))
      expect(new URL(origin).origin).toBe(origin)
    }
  })

  test.each([
    [['https://shop.example', 'localhost:3000'], undefined],
    [['https://nonsense'], /^This has no dot, .* like https:\/\/shop\.example\.$/],
    [['https://shop.example', ' nonsense '], /^“ nonsense ” has no dot/],
    [['300.1.1.1'], /^This is not an IP address/],
    [['ftp://shop.example'], /^This is not the address of a website/],
  ])('[VW5] %j: the form says %s', (addresses, sentence) => {
    const fault = websiteFault(addresses)
    if (sentence) expect(fault).toMatch(sentence)
    else expect(fault).toBe(undefined)
  })

  test('[VW5] no address takes long to be refused', () => {
    const start = performance.now()
    for (const typed of [`https://${'a-'.repeat(145)}!`, `https://${'a.'.repeat(145)}!`, `https://${'a'.repeat(290)}!`])
      expect(parsed(Website, typed)).toBe(null)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

describe('people', () => {
  test.each([
    ['Ana@Example.COM', 'ana@example.com'],
    ['a.b+c@shop.example', 'a.b+c@shop.example'],
    ['ana@localhost', null],
    ['ana', null],
    ['@example.com', null],
    ['ana@@example.com', null],
    ['ana@example.com\n', null],
    ['ana@exa mple.com', null],
    ['Ana <ana@example.com>', null],
    ['ana@example.com,ben@example.com', null],
    [`${'x'.repeat(250)}@example.com`, null],
  ])('the email %j is %j', (typed, expected) => {
    expect(parsed(Email, typed)).toBe(expected)
  })

  test.each([
    [' Ana ', 'Ana'],
    ['Łukasz 山田 😍', 'Łukasz 山田 😍'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), null],
    ['', null],
    ['   ', null],
    ['a\nb', null],
    ['a\0b', null],
    ['a\u009fb', null],
    ['\u200b', null],
    ['\u3164', null],
    ['\u2800', null],
  ])('the name %j is %j', (typed, expected) => {
    expect(parsed(PersonName, typed)).toBe(expected)
  })

  test('a password has 10 to 200 characters and is kept as typed', () => {
    expect([9, 10, 200, 201].map((length) => parsed(Password, 'x'.repeat(length)) !== null)).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(parsed(Password, '  spaces  ')).toBe('  spaces  ')
  })

  test.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['America/Argentina/Buenos_Aires', true],
    ['Mars/Olympus', false],
    ['', false],
    ['Europe/Berlin\n', false],
    ['../etc/passwd', false],
    ['x'.repeat(65), false],
  ])('the time zone %j: %s', (zone, ok) => {
    expect(parsed(TimeZone, zone) !== null).toBe(ok)
  })

  test.each([
    ['a'.repeat(43), true],
    ['a'.repeat(19), false],
    ['a'.repeat(101), false],
    [`${'a'.repeat(42)}=`, false],
    [`${'a'.repeat(42)}\n`, false],
    [`${'a'.repeat(42)}'`, false],
  ])('the link token %j: %s', (token, ok) => {
    expect(parsed(LinkToken, token) !== null).toBe(ok)
  })
})

describe('queries', () => {
  test.each([
    [{}, { view: 'all', limit: 50 }],
    [
      { view: 'mine', limit: '100' },
      { view: 'mine', limit: 100 },
    ],
    [{ view: 'nobody' }, null],
    [{ limit: '0' }, null],
    [{ limit: '101' }, null],
    [{ limit: '-1' }, null],
    [{ limit: '1.5' }, null],
    [{ limit: '' }, null],
    [{ limit: 'many' }, null],
    [{ workspace: 'w' }, null],
  ])('a list: %o', (query, expected) => {
    expect(parsed(ConversationListQuery, query)).toEqual(expected)
  })

  test.each(['12', '12.3', '0.0', '999999999999999'])('the position %s', (before) => {
    expect(parsed(EntriesQuery, { before })).not.toBe(null)
  })

  test.each(['', '.', '1.', '.1', '-1', '1.2.3', 't1', '1 ', '1e3', '9999999999999999'])(
    'not a position: %j',
    (after) => {
      expect(parsed(EntriesQuery, { after })).toBe(null)
    },
  )

  test('[CV6] a change is of the status or of the assignee, one of them', () => {
    expect(parsed(ConversationChange, {})).toBe(null)
    expect(parsed(ConversationChange, { status: 'closed', assignee: null })).toBe(null)
    expect(parsed(ConversationChange, { status: 'active_ai' })).toEqual({ status: 'active_ai' })
    expect(parsed(ConversationChange, { status: 'awaiting_offline_info' })).toBe(null)
    expect(parsed(ConversationChange, { assignee: null })).toEqual({ assignee: null })
    expect(parsed(ConversationChange, { status: 'closed', expectedRev: 3 })).toEqual({
      status: 'closed',
      expectedRev: 3,
    })
    expect(parsed(ConversationChange, { status: 'closed', rev: 3 })).toBe(null)
  })
})
