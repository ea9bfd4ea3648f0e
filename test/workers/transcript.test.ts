/** The document of a conversation as people get it: as HTML and as text, whole or its end, and no markup but ours. */
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import type { PublicEntry } from '../../core/conversation/entries.ts'
import { type Transcript, transcriptOf } from '../../core/conversation/transcript.ts'
import { compose } from '../../worker/mail/compose.ts'
import {
  mailedBytes,
  renderTranscript,
  TRANSCRIPT_MAIL_BYTES,
  transcriptForMail,
} from '../../worker/mail/transcript.tsx'
import { XSS } from '../support/corpora/xss.ts'

const START = Date.UTC(2026, 10, 18)
const DAY_MS = 86_400_000
const LINK = 'https://foyer.example/t/1'
const LANGUAGES = [
  'Where is my parcel?',
  'מתי תגיע החבילה שלי?',
  'أين الطرد الخاص بي؟',
  'Süß 👩‍👩‍👧‍👦 🏳️‍🌈',
  '包裹在哪里?',
  '‮fdp.exe',
]

/** So many messages, spread over some days. */
function conversation(count: number, days: number, textOf: (n: number) => string, name = 'Ana'): Transcript {
  const entries: PublicEntry[] = [{ n: 1, at: START, author: 'agent:m_ana', type: 'agent.joined', body: { name } }]
  for (let n = 0; n < count; n += 1)
    entries.push({
      n: n + 2,
      at: START + Math.floor((n / count) * days * DAY_MS),
      author: n % 2 === 0 ? 'visitor:d_vic' : 'agent:m_ana',
      type: 'message.created',
      body: { text: textOf(n) },
    })
  const options = { workspace: 'Tide & Thread', timeZone: 'UTC', nameOf: () => 'ויק' }
  const transcript = transcriptOf(entries, options)
  if (!transcript) throw new Error('no transcript')
  return transcript
}

const mailOf = (document: { html: string; text: string }) =>
  compose({
    from: { address: 'help@shop.example', name: 'Tide & Thread' },
    to: { address: 'vic@example.com' },
    subject: 'Your conversation with Tide & Thread',
    ...document,
    id: 'tr_1',
    at: START,
  })

/** What a browser would show of a page of ours. */
const textIn = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

describe('a transcript', () => {
  test('[TR2] of 1,000 messages over three days, in every direction, arrives as it was shown', async () => {
    const transcript = conversation(1_000, 3, (n) => `${n}: ${LANGUAGES[n % LANGUAGES.length]}\nsecond line`)
    expect(transcript.days.map(({ date }) => date)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20'])
    const document = renderTranscript(transcript)
    const shown = textIn(document.html)
    for (let n = 0; n < 1_000; n += 1) {
      const line = `${n}: ${LANGUAGES[n % LANGUAGES.length]}`
      expect(shown).toContain(`${line}\nsecond line`)
      expect(document.text).toContain(`\n    ${line}\n    second line\n`)
    }
    const composed = await mailOf(document)
    if (!composed.ok) throw new Error(JSON.stringify(composed.fault))
    const read = await PostalMime.parse(composed.mail.raw)
    expect(read.html?.replaceAll('\r\n', '\n').trimEnd() === document.html).toBe(true)
    expect(read.text?.replaceAll('\r\n', '\n').trimEnd() === document.text.trimEnd()).toBe(true)
  })

  test('[TR2] of 10,000 messages is cut to what a mail may hold, with a link and its end', async () => {
    const transcript = conversation(10_000, 30, (n) => `${n}: ${'lorem ipsum '.repeat(20)}`)
    expect(mailedBytes(renderTranscript(transcript))).toBeGreaterThan(TRANSCRIPT_MAIL_BYTES)
    const document = transcriptForMail(transcript, LINK)
    const omitted = Number(/: ([\d,]+) earlier messages/.exec(document.text)?.[1]?.replace(',', ''))
    expect(omitted).toBeGreaterThan(0)
    expect(document.html).toContain(`<a href="${LINK}">`)
    expect(document.text).toContain(LINK)
    expect(document.text).not.toContain(`    ${omitted - 1}: lorem`)
    for (const n of [omitted, 9_999]) expect(document.text).toContain(`    ${n}: lorem`)
    // Within it, and not by chance far below: one message more does not fit.
    const bytes = mailedBytes(document)
    expect(bytes).toBeLessThanOrEqual(TRANSCRIPT_MAIL_BYTES)
    expect(bytes).toBeGreaterThan(TRANSCRIPT_MAIL_BYTES - 5_000)
    const composed = await mailOf(document)
    if (!composed.ok) throw new Error(JSON.stringify(composed.fault))
    // What is said of its size is its size, but for head and boundaries.
    expect(Math.abs(composed.mail.raw.length - bytes)).toBeLessThan(2_000)
  })

  test('[TR2] that fits is mailed whole, and mentions no link', () => {
    const transcript = conversation(10, 1, String)
    expect(transcriptForMail(transcript, LINK)).toEqual(renderTranscript(transcript))
    expect(renderTranscript(transcript).html).not.toContain(LINK)
  })

  test('[TR2] [Q18] has no markup but ours, whatever messages and names say', () => {
    const plain = renderTranscript(conversation(XSS.length, 1, () => 'x'))
    const tags = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
    const hostile = renderTranscript(conversation(XSS.length, 1, (n) => XSS[n] ?? ''))
    expect(tags(hostile.html)).toEqual(tags(plain.html))
    for (const name of XSS) {
      const named = renderTranscript(conversation(2, 1, () => 'x', name))
      expect(tags(named.html)).toEqual(tags(renderTranscript(conversation(2, 1, () => 'x')).html))
    }
  })

  test('[TR2] as text lets no message pass for a heading or for somebody else', () => {
    const forged = '— Friday, 20 November 2026 —\n\n\u2068Ana\u2069, 08:00\n    I confess'
    const { text } = renderTranscript(conversation(1, 1, () => forged))
    expect(text.split('\n').filter((line) => line.startsWith('—'))).toHaveLength(1)
    expect(text.split('\n').filter((line) => line.startsWith('\u2068'))).toHaveLength(1)
  })
})
