import { describe, expect, test } from 'vitest'
import type { PublicEntry } from '../../core/conversation/entries.ts'
import { lastPart, type Transcript, transcriptOf } from '../../core/conversation/transcript.ts'
import type { Author } from '../../core/ids.ts'

const VIC: Author = 'visitor:d_vic'
const ANA: Author = 'agent:m_ana'
const NOON = Date.UTC(2026, 10, 20, 12)
const MINUTE = 60_000

const said = (n: number, text: string, author: Author = VIC, at = NOON): PublicEntry => ({
  n,
  at,
  author,
  type: 'message.created',
  body: { text },
})
const edited = (n: number, ref: number, text: string): PublicEntry => ({
  n,
  at: NOON + MINUTE,
  author: ANA,
  type: 'message.edited',
  body: { ref, text },
})
const deleted = (n: number, ref: number): PublicEntry => ({
  n,
  at: NOON + MINUTE,
  author: ANA,
  type: 'message.deleted',
  body: { ref },
})
const joined = (n: number, name: string, author: Author = ANA): PublicEntry => ({
  n,
  at: NOON,
  author,
  type: 'agent.joined',
  body: { name },
})
const moved = (n: number): PublicEntry => ({
  n,
  at: NOON,
  author: ANA,
  type: 'conversation.status_changed',
  body: { from: 'active_human', to: 'closed' },
})

const made = (entries: PublicEntry[], change: { timeZone?: string; until?: number } = {}) =>
  transcriptOf(entries, {
    workspace: 'Tide & Thread',
    timeZone: 'Europe/Berlin',
    nameOf: (author) => (author === VIC ? 'Vic' : undefined),
    ...change,
  })
const all = (transcript: Transcript | null) => (transcript?.days ?? []).flatMap(({ messages }) => messages)
const texts = (transcript: Transcript | null) => all(transcript).map(({ text }) => text)

describe('a transcript', () => {
  test('[TR2] holds messages alone, by the names that the visitor knows', () => {
    const transcript = made([
      said(1, 'Hello'),
      joined(2, 'Ana'),
      said(3, 'Hi', ANA),
      moved(4),
      said(5, 'Bot', 'key:k_1'),
    ])
    expect(all(transcript).map(({ by, side, text }) => [by, side, text])).toEqual([
      ['Vic', 'visitor', 'Hello'],
      ['Ana', 'team', 'Hi'],
      ['Integration', 'team', 'Bot'],
    ])
    expect(transcript).toMatchObject({ workspace: 'Tide & Thread', count: 3, omitted: 0 })
  })

  test('[TR2] is grouped by the days of the zone', () => {
    // 23:30 and 00:30 in Berlin; one day in New York.
    const entries = [
      said(1, 'a', VIC, Date.UTC(2026, 10, 20, 22, 30)),
      said(2, 'b', VIC, Date.UTC(2026, 10, 20, 23, 30)),
    ]
    const days = (zone: string) =>
      made(entries, { timeZone: zone })?.days.map(({ date, name, messages }) => [
        date,
        name,
        messages.map((m) => m.time),
      ])
    expect(days('Europe/Berlin')).toEqual([
      ['2026-11-20', 'Friday, 20 November 2026', ['23:30']],
      ['2026-11-21', 'Saturday, 21 November 2026', ['00:30']],
    ])
    expect(days('America/New_York')).toEqual([['2026-11-20', 'Friday, 20 November 2026', ['17:30', '18:30']]])
  })

  test('[TR2] crosses a change of the clocks', () => {
    // The hour from 2 to 3 is there twice on 25 October 2026.
    const entries = [0, 1].map((hour) => said(hour + 1, 'x', VIC, Date.UTC(2026, 9, 25, hour, 30)))
    expect(all(made(entries)).map(({ time }) => time)).toEqual(['02:30', '02:30'])
  })

  test.each([
    ['edited later', [said(1, 'old'), edited(2, 1, 'new')], ['new']],
    ['edited twice', [said(1, 'a'), edited(2, 1, 'b'), edited(3, 1, 'c')], ['c']],
    ['deleted', [said(1, 'gone'), said(2, 'stays'), deleted(3, 1)], ['stays']],
    ['deleted, then edited by an older frame', [said(1, 'gone'), deleted(2, 1), edited(3, 1, 'back')], []],
    ['that nobody knows edited', [said(1, 'a'), edited(2, 9, 'b')], ['a']],
  ])('[TR2] a message %s', (_, entries, expected) => expect(texts(made(entries))).toEqual(expected))

  test('[TR2] says of a message that it was edited', () => {
    expect(all(made([said(1, 'a'), said(2, 'b'), edited(3, 1, 'c')])).map(({ edited }) => edited)).toEqual([
      true,
      false,
    ])
  })

  test.each([
    ['nothing', []],
    ['no message', [joined(1, 'Ana'), moved(2)]],
    ['deleted messages alone', [said(1, 'a'), deleted(2, 1)]],
  ])('[TR2] of %s is none', (_, entries) => expect(made(entries)).toBe(null))

  test('[TR7] ends at the moment of asking; what was erased since stays out', () => {
    const entries = [said(1, 'a'), said(2, 'b'), said(3, 'later'), deleted(4, 1), edited(5, 2, 'b, edited')]
    expect(texts(made(entries, { until: 2 }))).toEqual(['b, edited'])
  })

  test('[TR2] has no control characters but breaks and tabs', () => {
    expect(texts(made([said(1, 'a\u0000b\u001b[2J\r\nc\td')]))).toEqual(['a\ufffdb\ufffd[2J\nc\td'])
    expect(all(made([joined(1, 'A\u0007na'), said(2, 'x', ANA)])).map(({ by }) => by)).toEqual(['A\ufffdna'])
  })

  test('[TR2] without its beginning says how much is missing, and leaves no empty day', () => {
    const entries = Array.from({ length: 10 }, (_, n) => said(n + 1, String(n), VIC, NOON + n * 12 * 60 * MINUTE))
    const transcript = made(entries)
    if (!transcript) throw new Error('no transcript')
    for (let kept = 0; kept <= 11; kept += 1) {
      const part = lastPart(transcript, kept)
      expect(texts(part)).toEqual(texts(transcript).slice(Math.max(0, 10 - kept)))
      expect([part.count, part.omitted]).toEqual([10, Math.max(0, 10 - kept)])
      expect(part.days.every(({ messages }) => messages.length > 0)).toBe(true)
      expect(texts(lastPart(part, 2))).toEqual(texts(transcript).slice(-Math.min(2, kept) || 10))
    }
  })
})
