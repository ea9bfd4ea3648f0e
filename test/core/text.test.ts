import { describe, expect, test } from 'vitest'
import { preview } from '../../core/conversation/state.ts'
import { isBlank, normaliseText, TEXT_MAX, textFault, textLength } from '../../core/conversation/text.ts'
import { fc } from '../support/properties.ts'

const FAMILY = '👨‍👩‍👧‍👦'

describe('[MS1] length counts code points', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['ä', 1],
    ['a\u0308', 2],
    ['😑', 1],
    ['🇳🇴', 2],
    [FAMILY, 7],
    ['\ud83d', 1],
    ['漢字', 2],
  ])('[MS1] %j has %i', (text, length) => {
    expect(textLength(text)).toBe(length)
  })

  test.each([
    ['2,000 letters', 'x'.repeat(2000), null],
    ['2,001 letters', 'x'.repeat(2001), 'message_too_long'],
    ['2,000 emoji of two units each', '😍'.repeat(2000), null],
    ['2,001 emoji', '😍'.repeat(2001), 'message_too_long'],
    ['285 families of seven points', FAMILY.repeat(285), null],
    ['286 families', FAMILY.repeat(286), 'message_too_long'],
    ['1,999 emoji and one half of a pair', `${'😍'.repeat(1999)}\ud83d`, null],
    ['1,999 spaces and a letter', `${' '.repeat(1999)}x`, null],
    ['2,000 spaces and a letter', `${' '.repeat(2000)}x`, 'message_too_long'],
    ['one letter', 'x', null],
    ['one emoji', '🙂', null],
  ])('[MS1] %s', (_, text, fault) => {
    expect(textFault(text)).toBe(fault)
  })

  test('[MS1] any text of up to 2,000 points that shows something passes, one more does not', () => {
    const points = fc.integer({ min: 1, max: TEXT_MAX })
    fc.assert(
      fc.property(points, fc.constantFrom('x', '😍', '漢', '\u{10ffff}'), (length, character) => {
        expect(textFault(character.repeat(length))).toBe(null)
        expect(textFault(character.repeat(TEXT_MAX + length))).toBe('message_too_long')
      }),
    )
  })
})

describe('[MS1] blank is refused', () => {
  test.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['tab and line breaks', '\t\r\n\v\f'],
    ['no-break space', '\u00a0'],
    ['em space and friends', '\u2003\u2009\u202f\u3000'],
    ['line and paragraph separator', '\u2028\u2029'],
    ['byte order mark', '\ufeff'],
    ['zero width space', '\u200b'],
    ['zero width joiner and non-joiner', '\u200d\u200c'],
    ['word joiner', '\u2060'],
    ['invisible operators', '\u2061\u2062\u2063\u2064'],
    ['soft hyphen', '\u00ad'],
    ['direction marks', '\u200e\u200f\u202a\u202e\u2066\u2069'],
    ['NUL and controls', '\0\u0007\u001b\u007f\u0085'],
    ['Hangul fillers', '\u115f\u1160\u3164\uffa0'],
    ['empty Braille', '\u2800'],
    ['Mongolian vowel separator', '\u180e'],
    ['a variation selector alone', '\ufe0f'],
    ['a variation selector of the supplement', '\u{e0100}'],
    ['combining grapheme joiner', '\u034f'],
    ['Khmer inherent vowels', '\u17b4\u17b5'],
    ['Mongolian free variation selector', '\u180b'],
    ['tag characters', '\u{e0020}\u{e007f}'],
    ['all of it mixed', ' \u200b\n\u2060\u00a0\u3164\ufe0f '],
  ])('[MS1] %s', (_, text) => {
    expect(isBlank(text)).toBe(true)
    expect(textFault(text)).toBe('message_blank')
  })

  test.each(['.', '0', '🙂', '☺️', '\u0301a', 'ا', '\ufffd', '\ue000', '–', '​x​'])('[MS1] %j is not blank', (text) => {
    expect(isBlank(text)).toBe(false)
  })
})

describe('[MS1] normalising', () => {
  test.each([
    ['a\r\nb', 'a\nb'],
    ['a\rb', 'a\nb'],
    ['a\r\r\nb\n', 'a\n\nb\n'],
    ['half \ud83d pair', 'half \ufffd pair'],
    ['other half \ude0d', 'other half \ufffd'],
    ['swapped \ude0d\ud83d', 'swapped \ufffd\ufffd'],
    ['whole 😍', 'whole 😍'],
    ['  kept as typed  ', '  kept as typed  '],
    ['<b>kept</b> &amp;', '<b>kept</b> &amp;'],
  ])('[MS1] %j becomes %j', (raw, text) => {
    expect(normaliseText(raw)).toBe(text)
  })

  test('[MS1] once is enough, and what comes out survives UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (a, b) => {
        const text = normaliseText(`${a}\ud800${b}\r`)
        expect(normaliseText(text)).toBe(text)
        expect(new TextDecoder().decode(new TextEncoder().encode(`.${text}`))).toBe(`.${text}`)
      }),
    )
  })
})

describe('[IB1] the preview of a message', () => {
  test.each([
    ['short', 'short'],
    ['  two \n\n lines\t', 'two lines'],
    ['one\ntwo\tthree\u00a0four', 'one two three four'],
    ['one  two \u3000 three', 'one two three'],
    ['x'.repeat(140), 'x'.repeat(140)],
    ['x'.repeat(141), `${'x'.repeat(139)}…`],
  ])('[IB1] %j', (text, expected) => {
    expect(preview(text)).toBe(expected)
  })

  test('[IB1] never ends in half a character', () => {
    fc.assert(
      fc.property(fc.integer({ min: 130, max: 145 }), (letters) => {
        const cut = preview('x'.repeat(letters) + '😍'.repeat(20))
        expect(cut).toBe(normaliseText(cut))
        expect(cut.length).toBeLessThanOrEqual(140)
      }),
    )
  })
})
