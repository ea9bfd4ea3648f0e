import { describe, expect, test } from 'vitest'
import { CLOSE } from '../../core/protocol/close.ts'
import { FRAME_FAULTS, FRAME_MAX, parseClientFrame } from '../../core/protocol/frames.ts'
import { fc } from '../support/properties.ts'

const text = (frame: unknown) => JSON.stringify(frame)
const send = { type: 'command', id: 'tab:1', command: { type: 'send_message', text: 'hi' } }
const bytes = (data: string) => new TextEncoder().encode(data).length

describe('what may be said', () => {
  test.each([
    send,
    { ...send, retry: true, expectedRev: 0 },
    { ...send, command: { type: 'send_message', text: '', quote: 1 } },
    { ...send, command: { type: 'add_note', text: 'n', quote: 't12' } },
    { ...send, command: { type: 'add_note', text: 'n', quote: 12 } },
    { ...send, command: { type: 'accept' } },
    { ...send, command: { type: 'set_status', to: 'closed' } },
    { ...send, command: { type: 'close' } },
    { ...send, command: { type: 'reopen' } },
    { type: 'seen', public: 0 },
    { type: 'more' },
    { type: 'more', before: { public: 3 } },
    { type: 'more', after: { public: 3, team: 0 } },
  ])('%o', (frame) => {
    expect(parseClientFrame(text(frame))).toEqual(frame)
  })
})

test('a plain message is read as the schema reads it', () => {
  const anything = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant({}))
  const mostly = (value: string) => fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, anything)
  const command = fc.record(
    { type: mostly('send_message'), text: mostly('hi'), more: anything },
    { requiredKeys: ['type', 'text'] },
  )
  const frame = fc.record(
    {
      type: fc.constant('command'),
      id: mostly('tab:1'),
      command: fc.oneof({ weight: 3, arbitrary: command }, anything),
    },
    { requiredKeys: ['type', 'command'] },
  )
  let plain = 0
  fc.assert(
    fc.property(frame, (json) => {
      const read = parseClientFrame(text(json))
      // With one key more it is no plain message, and means the same.
      const bySchema = parseClientFrame(text({ ...json, retry: false }))
      expect(bySchema).toEqual('fault' in read ? read : { ...read, retry: false })
      if (!('fault' in read)) plain += 1
    }),
    { numRuns: 1_000 },
  )
  expect(plain).toBeGreaterThan(20)
})

describe('faults', () => {
  test.each([
    ['', 'frame_not_json'],
    ['{', 'frame_not_json'],
    ['hello', 'frame_not_json'],
    ["{'type':'seen'}", 'frame_not_json'],
    ['{"type":"seen","public":1}x', 'frame_not_json'],
    ['null', 'frame_invalid'],
    ['true', 'frame_invalid'],
    ['1', 'frame_invalid'],
    ['"seen"', 'frame_invalid'],
    ['[]', 'frame_invalid'],
    ['{}', 'frame_invalid'],
    ['[{"type":"seen","public":1}]', 'frame_invalid'],
    [text({ type: 'sing' }), 'frame_invalid'],
    [text({ type: 'welcome' }), 'frame_invalid'],
    [text({ type: 'entries', list: [] }), 'frame_invalid'],
    [text({ type: ['seen'], public: 1 }), 'frame_invalid'],
    [text({ type: 'seen' }), 'frame_invalid'],
    [text({ type: 'seen', public: -1 }), 'frame_invalid'],
    [text({ type: 'seen', public: 1.5 }), 'frame_invalid'],
    [text({ type: 'seen', public: '1' }), 'frame_invalid'],
    ['{"type":"seen","public":1e999}', 'frame_invalid'],
    ['{"type":"seen","public":9007199254740993}', 'frame_invalid'],
    [text({ type: 'seen', public: 1, team: 1 }), 'frame_invalid'],
    ['{"type":"seen","public":1,"__proto__":{"a":1}}', 'frame_invalid'],
    [text({ type: 'seen', public: 1, constructor: {} }), 'frame_invalid'],
    [text({ type: 'more', before: 3 }), 'frame_invalid'],
    [text({ type: 'more', before: { team: 3 } }), 'frame_invalid'],
    [text({ type: 'more', before: { public: 3, secret: 1 } }), 'frame_invalid'],
    [text({ type: 'more', after: null }), 'frame_invalid'],
  ] as const)('%s: %s', (data, fault) => {
    expect(parseClientFrame(data)).toEqual({ fault })
    expect(FRAME_FAULTS[fault]).toMatch(/\.$/)
  })

  test.each([
    { ...send, id: 'tab' },
    { ...send, id: 'tab:0' },
    { ...send, author: 'agent:m_ana' },
    { ...send, at: 1 },
    { ...send, expectedRev: -1 },
    { ...send, retry: 'yes' },
    { ...send, command: null },
    { ...send, command: { type: 'start', text: 'hi' } },
    { ...send, command: { type: 'assign', to: 'm_ana' } },
    { ...send, command: { type: 'delete' } },
    { ...send, command: { type: 'send_message' } },
    { ...send, command: { type: 'send_message', text: 1 } },
    { ...send, command: { type: 'send_message', text: { toString: 1 } } },
    { ...send, command: { type: 'send_message', text: 'x', author: 'system' } },
    { ...send, command: { type: 'send_message', text: 'x', quote: 0 } },
    { ...send, command: { type: 'send_message', text: 'x', quote: 't1' } },
    { ...send, command: { type: 'add_note', text: 'x', quote: 't0' } },
    { ...send, command: { type: 'add_note', text: 'x', quote: 'x1' } },
    { ...send, command: { type: 'set_status', to: 'awaiting_offline_info' } },
    { ...send, command: { type: 'send_message', text: 'x', epoch: 1 } },
    { ...send, command: { type: 'hand_off', epoch: 1 } },
    { ...send, command: { type: 'set_status', to: 'open' } },
    { ...send, command: { type: 'close', force: true } },
    { ...send, command: [{ type: 'close' }] },
  ])('a wrong command still names itself: %o', (frame) => {
    expect(parseClientFrame(text(frame))).toEqual({ fault: 'frame_invalid', id: frame.id })
  })

  test('a name too long, or of another type, is not repeated', () => {
    for (const id of ['x'.repeat(65), 7, null, { a: 1 }])
      expect(parseClientFrame(text({ ...send, id }))).toEqual({ fault: 'frame_invalid' })
    expect(parseClientFrame(text({ type: 'command', command: send.command }))).toEqual({ fault: 'frame_invalid' })
  })
})

describe('32 KiB are counted in bytes', () => {
  /** A frame of exactly so many bytes, filled with a character of `width` bytes. */
  const filled = (size: number, character: string) => {
    const width = bytes(character)
    const frame = (count: number, rest: number) =>
      text({ ...send, command: { type: 'send_message', text: character.repeat(count) + 'x'.repeat(rest) } })
    const room = size - bytes(frame(0, 0))
    return frame(Math.floor(room / width), room % width)
  }

  test.each(['x', 'é', '漢', '😍'])('of %s', (character) => {
    const [fits, tooLong] = [filled(FRAME_MAX, character), filled(FRAME_MAX + 1, character)]
    expect([bytes(fits), bytes(tooLong)]).toEqual([32_768, 32_769])
    expect(parseClientFrame(fits)).toMatchObject({ type: 'command' })
    expect(parseClientFrame(tooLong)).toEqual({ fault: 'frame_too_large' })
  })

  test('what is too large is not parsed: neither text nor bytes', () => {
    expect(parseClientFrame('{'.repeat(1_000_000))).toEqual({ fault: 'frame_too_large' })
    expect(parseClientFrame(`[${'漢'.repeat(Math.ceil(FRAME_MAX / 3))}`)).toEqual({ fault: 'frame_too_large' })
    expect(parseClientFrame(new ArrayBuffer(FRAME_MAX + 1))).toEqual({ fault: 'frame_too_large' })
  })

  test('bytes are no frame, whatever they hold', () => {
    const encoded = new TextEncoder().encode(text(send))
    expect(parseClientFrame(encoded.buffer)).toEqual({ fault: 'frame_not_json' })
    expect(parseClientFrame(new ArrayBuffer(0))).toEqual({ fault: 'frame_not_json' })
  })

  test('nesting as deep as a frame allows is an answer, not a crash', () => {
    for (const open of ['[', '{"a":'])
      expect(parseClientFrame(open.repeat(Math.floor(FRAME_MAX / open.length)))).toHaveProperty('fault')
    expect(parseClientFrame('['.repeat(16_000) + ']'.repeat(16_000))).toEqual({ fault: 'frame_invalid' })
  })
})

test('20,000 frames of nonsense: an answer to each', () => {
  const types = fc.constantFrom('command', 'seen', 'more', 'send_message', 'close', 'start', 'constructor')
  const leaf = fc.oneof(types, fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null))
  const key = fc.constantFrom(
    'type',
    'id',
    'command',
    'text',
    'quote',
    'public',
    'team',
    'before',
    'after',
    'to',
    '__proto__',
  )
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 5 }),
    ),
  })).any
  const mutated = fc
    .tuple(fc.constant(text(send)), fc.nat(60), fc.string({ maxLength: 3 }))
    .map(([frame, at, put]) => frame.slice(0, at) + put + frame.slice(at + 1))
  const position = fc.record({ public: fc.nat(9), team: fc.nat(9) }, { requiredKeys: ['public'] })
  const good = fc.oneof(
    fc.record({ type: fc.constant('more'), before: position }),
    fc.record({ type: fc.constant('seen'), public: fc.integer({ min: -1, max: 9 }) }),
  )
  const frame = fc.oneof(
    value.map((v) => text(v)),
    good.map((v) => text(v)),
    mutated,
    fc.string({ unit: 'binary' }),
    fc.string(),
  )
  const seen = new Set<string>()
  fc.assert(
    fc.property(frame, (data) => {
      const parsed = parseClientFrame(data)
      seen.add('fault' in parsed ? parsed.fault : parsed.type)
      if ('fault' in parsed) expect(FRAME_FAULTS).toHaveProperty(parsed.fault)
      // Nothing but the known fields ever passes.
      else
        expect(
          Object.keys(parsed).every((name) =>
            ['type', 'id', 'retry', 'expectedRev', 'command', 'public', 'before', 'after'].includes(name),
          ),
        ).toBe(true)
    }),
    { numRuns: 20_000 },
  )
  // The generator reaches good frames as well as each fault that random text can have.
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['command', 'frame_invalid', 'frame_not_json', 'more', 'seen']),
  )
}, 60_000)

test('close codes are those that browsers may be told', () => {
  expect(CLOSE).toEqual({ unauthorized: 4401, forbidden: 4403, gone: 4404, deleting: 4410, renew: 4408, later: 1013 })
})
