/** The mails that stay on one's own machine, and the page that shows them. */
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Mail } from '../../worker/mail/mail.ts'
import { platformTransport, post } from '../../worker/mail/post.ts'
import { XSS } from '../support/corpora/xss.ts'
import { ask } from '../support/play.ts'

const mail = (change: Partial<Mail>): Mail => ({
  from: { address: 'foyer@foyer.example', name: 'Foyer' },
  to: { address: 'vic@example.com' },
  subject: 'Hello',
  text: 'See https://shop.example/reset#token=1 now',
  html: '<p>See <b>it</b></p>',
  id: 'x_1',
  at: Date.UTC(2026, 10, 21),
  ...change,
})

const send = (change: Partial<Mail>) => post(mail(change), platformTransport(env))

/** Nothing in it is an element or an attribute that a mail brought. */
function expectTexts(page: string): void {
  const tags = [...page.matchAll(/<\/?([a-zA-Z][^\s/>]*)/g)].map(([, name]) => name)
  const ours =
    'html head title meta link body nav header h1 h2 p ul li a strong time span main article dl dt dd iframe pre'
  expect(tags.filter((name) => !ours.split(' ').includes(name ?? ''))).toEqual([])
  expect(page).not.toMatch(/<[a-z][^>]*\son[a-z]+\s*=/i)
  expect(page).not.toMatch(/href="(?!\/mailbox|https?:)/)
}

describe('the local mailbox', () => {
  test('says so while it is empty', async () => {
    expect((await ask('/mailbox')).body).toContain('No mail yet')
  })

  test('keeps a copy of each mail and shows it as HTML, as text and as it is', async () => {
    expect(await send({})).toEqual({ outcome: 'accepted' })
    const list = await ask('/mailbox')
    const path = /\/mailbox\/lm_\w+/.exec(String(list.body))?.[0] ?? ''
    expect(list.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(list.body).toContain('vic@example.com')
    const body = await ask(`${path}/body`)
    expect(body.body).toBe('<p>See <b>it</b></p>')
    expect(body.headers.get('content-security-policy')).toMatch(
      /^sandbox allow-popups (?!.*(script|allow-same-origin))/,
    )
    expect((await ask(`${path}?view=text`)).body).toContain('<a href="https://shop.example/reset#token=1"')
    expect((await ask(`${path}?view=source`)).body).toContain('Message-ID: &lt;x_1@foyer.example&gt;')
  })

  test('keeps one of several megabytes whole', async () => {
    await send({ subject: 'Long', text: 'ä'.repeat(1_200_000) })
    const path = /\/mailbox\/lm_\w+/.exec(String((await ask('/mailbox')).body))?.[0] ?? ''
    expect((await ask(`${path}?view=text`)).body).toContain('ä'.repeat(1_200_000))
  })

  test('[Q18] shows what a mail says as text', async () => {
    for (const payload of XSS) {
      // What has line breaks is refused as a subject.
      const subject = payload.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim()
      await send({
        subject,
        text: `${payload.replace(/[^\P{Cc}\n\t]/gu, ' ')} .`,
        from: { address: 'a@b.example', name: subject },
      })
      const list = await ask('/mailbox?view=text')
      expectTexts(String(list.body))
      expectTexts(String((await ask('/mailbox?view=source')).body))
    }
  })

  test('is not there under another name, or for an id that is none', async () => {
    expect((await ask('/mailbox/lm_none')).status).toBe(404)
    expect((await ask('/mailbox/lm_none/body')).status).toBe(404)
  })
})
