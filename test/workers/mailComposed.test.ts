/** What is put together says what was meant, whatever was meant (Q19). */
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { compose } from '../../worker/mail/compose.ts'
import { MAIL_MAX_BYTES } from '../../worker/mail/faults.ts'
import type { Mail } from '../../worker/mail/mail.ts'
import { MAIL_INJECTIONS } from '../support/corpora/mailInjection.ts'
import { fc } from '../support/properties.ts'
import { times } from '../support/scale.ts'

const RUNS = times(2_000)
const AT = Date.UTC(2026, 10, 21, 7, 30, 1)

const MAIL: Mail = {
  from: { address: 'support@shop.example', name: 'Tide & Thread' },
  to: { address: 'vic@example.com', name: 'Vic' },
  subject: 'Your conversation',
  text: 'Hello',
  html: '<p>Hello</p>',
  id: 'tr_1',
  at: AT,
}

/** The mail with a text in one part, for each part. */
const PLACES: Record<string, (text: string) => Mail> = {
  'from.address': (address) => ({ ...MAIL, from: { address } }),
  'from.name': (name) => ({ ...MAIL, from: { ...MAIL.from, name } }),
  'to.address': (address) => ({ ...MAIL, to: { address } }),
  'to.name': (name) => ({ ...MAIL, to: { ...MAIL.to, name } }),
  'replyTo.address': (address) => ({ ...MAIL, replyTo: { address } }),
  'replyTo.name': (name) => ({ ...MAIL, replyTo: { address: 'ana@shop.example', name } }),
  subject: (subject) => ({ ...MAIL, subject }),
  text: (text) => ({ ...MAIL, text }),
  html: (html) => ({ ...MAIL, html }),
  id: (id) => ({ ...MAIL, id }),
  'header name': (name) => ({ ...MAIL, headers: { [name]: 'value' } }),
  'header value': (value) => ({ ...MAIL, headers: { 'X-Foyer': value } }),
  'file name': (name) => ({ ...MAIL, attachments: [file(name)] }),
  'content type': (type) => ({ ...MAIL, attachments: [{ ...file('a.txt'), type }] }),
}

const file = (name: string) => ({ name, type: 'text/plain', content: new TextEncoder().encode('Hello') })

/** Every header of the head, by name, without folding. */
function headOf(raw: string): Record<string, string[]> {
  const lines = (raw.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]/g, ' ').split('\r\n')
  const found: Record<string, string[]> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    found[name] = [...(found[name] ?? []), line.slice(colon + 2)]
  }
  return found
}

/** That a reader, who knows nothing of how it was made, finds the mail that was meant. */
async function expectSame(raw: string, mail: Mail): Promise<void> {
  expect(raw).toMatch(/^[\r\n\t -~]*$/)
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  const addresses = [mail.from, mail.to, mail.replyTo].flatMap((box) => (box ? [`<${box.address}>`] : []))
  // An address and an id stand whole on their lines: broken in two they would be others to some readers.
  const whole = [...addresses, `<${mail.id}@${mail.from.address.split('@')[1]}>`]
  const long = raw.split('\r\n').filter((line) => line.length > 78 && !whole.some((one) => line.endsWith(one)))
  expect(long).toEqual([])
  const head = headOf(raw)
  const extra = Object.keys(mail.headers ?? {}).map((name) => name.toLowerCase())
  const own = ['date', 'from', 'to', 'message-id', 'subject', 'mime-version', 'content-type']
  expect(Object.keys(head).sort()).toEqual([...own, ...(mail.replyTo ? ['reply-to'] : []), ...extra].sort())
  for (const values of Object.values(head)) expect(values).toHaveLength(1)
  const read = await PostalMime.parse(raw)
  const named = ({ address, name = '' }: Mail['to']) => ({ address, name })
  expect(read.from).toEqual(named(mail.from))
  expect(read.to).toEqual([named(mail.to)])
  expect(read.replyTo ?? []).toEqual(mail.replyTo ? [named(mail.replyTo)] : [])
  expect([read.cc, read.bcc, read.sender]).toEqual([undefined, undefined, undefined])
  expect(read.subject).toBe(mail.subject)
  expect([read.text, read.html].map((body) => body?.replaceAll('\r\n', '\n').trimEnd())).toEqual(
    [mail.text, mail.html].map((body) => body.trimEnd()),
  )
  expect(
    read.attachments.map(({ filename, mimeType, content }) => [
      filename,
      mimeType,
      [...(typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content))],
    ]),
  ).toEqual((mail.attachments ?? []).map(({ name, type, content }) => [name, type, [...content]]))
}

describe('an injection', () => {
  test('the corpus has its size', () => expect(new Set(MAIL_INJECTIONS).size).toBeGreaterThanOrEqual(60))

  test.each(Object.entries(PLACES))('[Q19] [TR8] in the %s is refused before, or is a text', async (_, placed) => {
    for (const payload of MAIL_INJECTIONS) {
      const mail = placed(payload)
      const composed = await compose(mail)
      if (composed.ok) await expectSame(composed.mail.raw, mail)
      // It is found where it stands, not in what came of it.
      else expect(composed.fault.code, JSON.stringify(payload)).not.toBe('altered')
    }
  })

  test.each([
    'from.address',
    'from.name',
    'to.address',
    'to.name',
    'subject',
    'header name',
    'header value',
    'file name',
    'content type',
  ])('[Q19] a line break in the %s is refused, wherever it stands', async (place) => {
    for (const at of [0, 2, 1_000]) {
      for (const line of ['\r\n', '\n', '\r']) {
        const sound = place.endsWith('address') ? 'vic@example.com' : place === 'content type' ? 'text/plain' : 'Vic'
        const text = sound.slice(0, at) + line + sound.slice(at)
        expect(await compose(PLACES[place]?.(text) ?? MAIL)).toMatchObject({ ok: false, fault: { code: 'malformed' } })
      }
    }
  })
})

const atom = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}$/)
const label = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9-]{0,8}[A-Za-z0-9])?$/)
const address = fc
  .tuple(fc.array(atom, { minLength: 1, maxLength: 3 }), fc.array(label, { minLength: 2, maxLength: 4 }))
  .map(([local, domain]) => `${local.join('.')}@${domain.join('.')}`)
/** Any characters of Unicode, and often those that mean something to a mail. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '"',
    '\\',
    '<',
    '>',
    ',',
    ';',
    ':',
    '@',
    '(',
    ')',
    '=?utf-8?B?',
    '?=',
    "''",
    '%0D%0A',
    '--',
    '.',
    'שלום',
    '😀',
  ),
)
const line = (max: number) =>
  fc
    .array(piece, { minLength: 1, maxLength: 10 })
    .map((pieces) =>
      [...pieces.join('').replace(/[\p{Cc}\p{Surrogate}\u2028\u2029]/gu, '')].slice(0, max).join('').trim(),
    )
    .filter((text) => text !== '')
const body = fc
  .array(fc.oneof(piece, fc.constantFrom('\n', '\n\n', '\t', '.\n', '\n.\n', '\n--')), { minLength: 1, maxLength: 30 })
  .map((pieces) => pieces.join('').replace(/[\p{Surrogate}]|[^\P{Cc}\n\t]/gu, ''))
  .filter((text) => text.trim() !== '')
const mailbox = fc.record({ address, name: line(200) }, { requiredKeys: ['address'] })
const attachment = fc.record({
  name: line(150)
    .map((name) => name.replace(/[/\\]/g, '').replaceAll('=?', '!'))
    .filter((name) => name === name.trim() && !/^\.*$/.test(name)),
  type: fc.constantFrom('text/plain', 'text/html', 'image/png', 'application/octet-stream'),
  content: fc.uint8Array({ maxLength: 200 }),
})
const headers = fc.dictionary(
  fc.stringMatching(/^X-[A-Za-z][A-Za-z0-9]{0,10}$/).map((name) => name.toLowerCase()),
  fc.stringMatching(/^[!-~]{1,20}( [!-~]{1,20})?$/),
  { maxKeys: 3 },
)
const anyMail: fc.Arbitrary<Mail> = fc.record(
  {
    from: mailbox,
    to: mailbox,
    replyTo: mailbox,
    subject: line(250),
    text: body,
    html: body,
    headers,
    attachments: fc.array(attachment, { maxLength: 2 }),
    id: fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/),
    at: fc.integer({ min: 0, max: AT }),
  },
  { requiredKeys: ['from', 'to', 'subject', 'text', 'html', 'id', 'at'] },
)

test('[Q19] whatever a mail says, a reader finds the same', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyMail, async (mail) => {
      const composed = await compose(mail)
      if (!composed.ok) throw new Error(`refused: ${JSON.stringify(composed.fault)}`)
      await expectSame(composed.mail.raw, mail)
      expect(composed.mail).toMatchObject({ from: mail.from.address, to: mail.to.address })
    }),
    { numRuns: RUNS },
  )
})

test.each([undefined, 'Vic'])('[Q19] an address as long as they come stands whole, with the name %s', async (name) => {
  const address = `${'a'.repeat(64)}@${Array(3).fill('b'.repeat(61)).join('.')}.cd`
  expect(address).toHaveLength(253)
  const mail = { ...MAIL, replyTo: name === undefined ? { address } : { address, name } }
  const composed = await compose(mail)
  if (!composed.ok) throw new Error(`refused: ${JSON.stringify(composed.fault)}`)
  await expectSame(composed.mail.raw, mail)
})

test('[Q19] what is larger than the provider takes is refused', async () => {
  const content = new Uint8Array(MAIL_MAX_BYTES * 0.75)
  const composed = await compose({
    ...MAIL,
    attachments: [{ name: 'a.bin', type: 'application/octet-stream', content }],
  })
  expect(composed).toEqual({ ok: false, fault: { part: 'mail', code: 'too_large' } })
})
