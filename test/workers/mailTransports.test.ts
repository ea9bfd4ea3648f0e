/** What became of a mail: taken, certainly not taken, or not to be known (TR6), by real servers of every temper. */
import { env } from 'cloudflare:workers'
import PostalMime from 'postal-mime'
import { describe, expect, inject, test } from 'vitest'
import { cloudflareMail } from '../../worker/mail/cloudflareMail.ts'
import { compose } from '../../worker/mail/compose.ts'
import type { ComposedMail } from '../../worker/mail/mail.ts'
import type { Patience, SmtpAccount } from '../../worker/mail/smtp/deliver.ts'
import { smtp } from '../../worker/mail/smtp/smtp.ts'
import { MAIL_ACCOUNT } from '../support/mailAccount.ts'

const ports = inject('smtp')
const PATIENT: Patience = { replyMs: 5_000, acceptMs: 5_000 }

async function composed(to: string, text = 'Hello'): Promise<ComposedMail> {
  const mail = await compose({
    from: { address: 'support@shop.example', name: 'Tide & Thread' },
    to: { address: to },
    subject: 'Grüße',
    text,
    html: `<p>${text.length}</p>`,
    id: 'tr_1',
    at: Date.UTC(2026, 10, 21),
  })
  if (!mail.ok) throw new Error(JSON.stringify(mail.fault))
  return mail.mail
}

function account(server: string, change: Partial<SmtpAccount> = {}): SmtpAccount {
  const security = server === 'starttls' || server === 'plain' || server === 'injecting' ? 'starttls' : 'tls'
  return { host: 'localhost', port: ports[server] ?? 0, security, ...MAIL_ACCOUNT, ...change }
}

async function arrivedAt(to: string) {
  const answer = await fetch(`http://127.0.0.1:${ports['mails']}/mails/${encodeURIComponent(to)}`)
  return (await answer.json()) as Array<{ from: string; raw: string; method: string; secure: boolean }>
}

describe('a mail server', () => {
  test.each([
    ['tls', 'PLAIN'],
    ['starttls', 'PLAIN'],
    ['login', 'LOGIN'],
  ])('[TR3] that speaks %s gets the mail as it was composed, signed in by %s', async (server, method) => {
    const mail = await composed(`vic-${server}@example.com`)
    expect(await smtp(account(server), 'shop.example').send(mail)).toEqual({ outcome: 'accepted' })
    const arrived = await arrivedAt(mail.to)
    expect(arrived).toMatchObject([{ from: 'support@shop.example', method, secure: true }])
    expect(arrived[0]?.raw.trimEnd()).toBe(mail.raw.trimEnd())
  })

  test('[TR3] gets lines that begin with a dot, and a mail of many packets, whole', async () => {
    const mail = await composed('dots@example.com', 'x\n'.repeat(150_000))
    const dotted = { ...mail, raw: mail.raw.replace('\r\n\r\n', '\r\n\r\n.\r\n..\r\n.hidden\r\n') }
    expect(await smtp(account('tls'), 'shop.example').send(dotted)).toEqual({ outcome: 'accepted' })
    const [arrived] = await arrivedAt(mail.to)
    expect(arrived?.raw.trimEnd() === dotted.raw.trimEnd()).toBe(true)
    expect((await PostalMime.parse(arrived?.raw ?? '')).subject).toBe('Grüße')
  })

  test('[TR3] that speaks in pieces is understood', async () => {
    const sent = await smtp(account('unreliable'), 'shop.example').send(await composed('in-pieces@example.com'))
    expect(sent).toEqual({ outcome: 'accepted' })
  })

  test.each([
    ['nobody@example.com', 'tls', {}, true, /recipient: 550 No such user/],
    ['busy@example.com', 'tls', {}, false, /recipient: 450 Try later/],
    ['spam@example.com', 'starttls', {}, true, /554 Looks like spam/],
    ['vic@example.com', 'tls', { password: 'wrong' }, true, /user and password: 535/],
    ['vic@example.com', 'plain', {}, true, /offers no encryption/],
    ['vic@example.com', 'injecting', {}, false, /before encryption/],
    ['vic@example.com', 'tls', { port: 1 }, false, /./],
    ['vic@example.com', 'tls', { host: 'nowhere.invalid' }, false, /./],
    ['drop-at-rcpt@example.com', 'unreliable', {}, false, /./],
    ['drop-in-data@example.com', 'unreliable', {}, false, /./],
    ['later-after-dot@example.com', 'unreliable', {}, false, /451 busy try later/],
  ] as const)('[TR6] to %s by %s %j is certainly not sent', async (to, server, change, permanent, reason) => {
    // More than fits into the buffers on the way, so that a connection which breaks within it is noticed within it.
    const mail = await composed(to, 'x'.repeat(to.startsWith('drop-in') ? 3_000_000 : 10))
    const outcome = await smtp(account(server, change), 'shop.example', PATIENT).send(mail)
    expect(outcome).toMatchObject({ outcome: 'refused', permanent, reason: expect.stringMatching(reason) })
    expect(JSON.stringify(outcome)).not.toContain(MAIL_ACCOUNT.password)
  })

  test.each(['drop-after-dot', 'garbage-after-dot', 'silent-after-dot'])(
    '[TR6] [Q6] that does %s leaves it unknown',
    async (wish) => {
      const patience = { ...PATIENT, acceptMs: wish.startsWith('silent') ? 300 : 5_000 }
      const mail = await composed(`${wish}@example.com`)
      expect(await smtp(account('unreliable'), 'shop.example', patience).send(mail)).toMatchObject({
        outcome: 'unknown',
      })
    },
  )

  test('[TR6] that never greets is given up', async () => {
    const silent = account('mails', { security: 'tls' })
    const outcome = await smtp(silent, 'shop.example', { replyMs: 300, acceptMs: 300 }).send(
      await composed('a@b.example'),
    )
    expect(outcome).toMatchObject({ outcome: 'refused', permanent: false })
  })
})

describe('the Email Service', () => {
  const failing = (error: unknown): SendEmail => ({ send: () => Promise.reject(error) })
  const coded = (code: string) => Object.assign(new Error('no'), { code })

  test('[TR3] gets envelope and mail as they were composed', async () => {
    const seen: unknown[] = []
    const binding: SendEmail = {
      send: async (message: { from: unknown; to?: unknown }) => {
        seen.push([message.from, message.to])
        return { messageId: 'x' }
      },
    }
    const mail = await composed('vic@example.com')
    expect(await cloudflareMail(binding).send(mail)).toEqual({ outcome: 'accepted' })
    expect(seen).toEqual([['support@shop.example', 'vic@example.com']])
  })

  test('[TR3] takes what was composed, as it stands in for itself on one’s own machine', async () => {
    expect(await cloudflareMail(env.MAIL).send(await composed('vic@example.com'))).toEqual({ outcome: 'accepted' })
  })

  test.each([
    ['E_SENDER_NOT_VERIFIED', 'refused', true],
    ['E_RECIPIENT_SUPPRESSED', 'refused', true],
    ['E_DELIVERY_FAILED', 'refused', true],
    ['E_HEADERS_TOO_LARGE', 'refused', true],
    ['E_RATE_LIMIT_EXCEEDED', 'refused', false],
    ['E_DAILY_LIMIT_EXCEEDED', 'refused', false],
    ['E_INTERNAL_SERVER_ERROR', 'unknown', undefined],
    ['E_OF_TOMORROW', 'unknown', undefined],
  ])('[TR6] [Q6] %s means %s', async (code, outcome, permanent) => {
    const told = await cloudflareMail(failing(coded(code))).send(await composed('vic@example.com'))
    expect(told).toMatchObject(permanent === undefined ? { outcome } : { outcome, permanent })
  })

  test.each([
    ['fails without a code', failing(new Error('boom'))],
    ['throws something else', failing('boom')],
    ['takes too long', { send: () => new Promise<never>(() => undefined) } satisfies SendEmail],
  ])('[TR6] [Q6] that %s leaves it unknown', async (_, binding) => {
    expect(await cloudflareMail(binding, 50).send(await composed('vic@example.com'))).toMatchObject({
      outcome: 'unknown',
    })
  })
})
