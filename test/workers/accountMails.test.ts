/** Links that come by mail: to set a new password, to accept an invitation. */
import { env } from 'cloudflare:workers'
import PostalMime from 'postal-mime'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { RESET_MAILS_PER_EMAIL } from '../../worker/auth/throttle.ts'
import { keptMails, keptSource } from '../../worker/mail/localMailbox.ts'
import { REQUESTED_RESET_MS } from '../../worker/routes/accounts.ts'
import { XSS } from '../support/corpora/xss.ts'
import { eventually } from '../support/eventually.ts'
import { installation, member, type Signed } from '../support/installation.ts'
import { ask } from '../support/play.ts'

let owner: Signed
beforeAll(async () => {
  owner = (await installation()).owner
  await named('Rita', 'rita@example.com')
})
afterEach(() => vi.useRealTimers())

/** Every mail to somebody so far, newest first. */
async function mailsTo(to: string) {
  const mails = (await keptMails(env.DB)).filter(({ recipient }) => recipient === to)
  return Promise.all(mails.map(async ({ id }) => PostalMime.parse((await keptSource(env.DB, id)) ?? '')))
}

const mailTo = (to: string, count = 1) =>
  eventually(async () => {
    const mails = await mailsTo(to)
    if (mails.length < count) throw new Error(`${mails.length} of ${count} mails`)
    return mails[0]
  })

async function named(name: string, email: string): Promise<void> {
  const { member: id } = await member(name)
  const update = 'UPDATE users SET email = ? WHERE id = (SELECT user_id FROM members WHERE id = ?)'
  await env.DB.prepare(update).bind(email, id).run()
}

let addresses = 0
const nextAddress = () => {
  addresses += 1
  return `203.0.113.${addresses}`
}
const requestReset = (email: string, ip = nextAddress()) =>
  ask('/api/v1/password-reset-requests', { body: { email }, headers: { 'cf-connecting-ip': ip } })

const tokenIn = (text: string | undefined, page: string) =>
  new RegExp(`http://localhost/dashboard/${page}#token=([\\w-]+)`).exec(text ?? '')?.[1] ?? ''

describe('a new password by mail', () => {
  test('is set by the link in the mail, once, and ends every other link', async () => {
    expect((await requestReset('RITA@example.com')).status).toBe(204)
    const first = tokenIn((await mailTo('rita@example.com'))?.text, 'reset-password')
    await requestReset('rita@example.com')
    const mail = await mailTo('rita@example.com', 2)
    expect(mail?.from).toEqual({ address: 'foyer@foyer.example', name: 'Foyer' })
    expect(mail?.html).toContain(`#token=${tokenIn(mail?.text, 'reset-password')}`)
    const set = (token: string) => ask('/api/v1/password-resets', { body: { token, password: 'a new battery staple' } })
    expect((await set(tokenIn(mail?.text, 'reset-password'))).status).toBe(204)
    expect((await set(tokenIn(mail?.text, 'reset-password'))).status).toBe(404)
    expect((await set(first)).status).toBe(404)
  })

  test('answers alike for an account that does not exist, and mails nothing', async () => {
    const known = await requestReset('rita@example.com')
    const unknown = await requestReset('nobody@example.com')
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
    await mailTo('rita@example.com', 3)
    expect(await mailsTo('nobody@example.com')).toEqual([])
  })

  test('its link is of no use an hour later', async () => {
    const email = 'ben@example.com'
    await named('Ben', email)
    await requestReset(email)
    const token = tokenIn((await mailTo(email))?.text, 'reset-password')
    vi.useFakeTimers({ now: Date.now() + REQUESTED_RESET_MS, toFake: ['Date'] })
    const late = await ask('/api/v1/password-resets', { body: { token, password: 'a new battery staple' } })
    expect(late.status).toBe(404)
  })

  test('is asked for a few times an hour, whether there is an account or not', async () => {
    for (const email of ['ana-not@example.com', `${'x'.repeat(20)}@example.com`]) {
      for (let n = 0; n < RESET_MAILS_PER_EMAIL.burst; n += 1) expect((await requestReset(email)).status).toBe(204)
      const refused = await requestReset(email)
      expect([refused.status, refused.body.code]).toEqual([429, 'too_many_attempts'])
    }
    const statuses = []
    for (let n = 0; n < 25; n += 1) statuses.push((await requestReset(`n${n}@example.com`, '198.51.100.7')).status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
  })

  test('is told in the audit log', async () => {
    const log = await ask('/api/v1/audit-log?kind=member', {
      headers: { cookie: owner.cookie, 'foyer-workspace': owner.workspace },
    })
    expect(log.body.list.map((entry: { action: string }) => entry.action)).toContain('member.reset_requested')
  })
})

describe('an invitation by mail', () => {
  const invite = (email: string) =>
    ask('/api/v1/invitations', {
      body: { email, role: 'agent' },
      headers: { cookie: owner.cookie, 'foyer-workspace': owner.workspace },
    })

  test('carries the very link that the inviter is shown, under the name of the workspace', async () => {
    const { status, body } = await invite('carla@example.com')
    expect([status, body.mailed]).toEqual([201, true])
    const mail = await mailTo('carla@example.com')
    expect(mail?.subject).toBe('Ana Owner invites you to Tide & Thread')
    expect(mail?.text).toContain(body.link)
    const preview = { token: tokenIn(mail?.text, 'invitation') }
    expect((await ask('/api/v1/invitations/preview', { body: preview })).body.email).toBe('carla@example.com')
  })

  test('[Q18] says names as texts', async () => {
    const rename = env.DB.prepare('UPDATE workspaces SET name = ? WHERE id = ?')
    for (const [n, payload] of XSS.filter((text) => !/[\p{Cc}\u2028]/u.test(text)).entries()) {
      if (n % 12 !== 0) continue
      await rename.bind(payload, owner.workspace).run()
      const to = `xss${n}@example.com`
      await invite(to)
      const html = (await mailTo(to))?.html ?? ''
      const tags = [...html.matchAll(/<\/?([a-zA-Z!][^\s/>]*)/g)].map(([, name]) => name?.toLowerCase())
      const ours = [
        '!doctype',
        'html',
        'head',
        'meta',
        'title',
        'style',
        'body',
        'div',
        'table',
        'tr',
        'td',
        'h1',
        'p',
        'a',
      ]
      expect(tags.filter((name) => !ours.includes(name ?? ''))).toEqual([])
    }
    await rename.bind('Tide & Thread', owner.workspace).run()
  })
})

test('where no address is set, links are handed over as ever', async () => {
  const from = env.MAIL_FROM
  Object.assign(env, { MAIL_FROM: '' })
  try {
    expect((await ask('/api/v1/installation')).body).toEqual({ setUp: true, mail: false })
    expect((await requestReset('rita@example.com')).body.code).toBe('no_mail')
    const { body } = await ask('/api/v1/invitations', {
      body: { email: 'dora@example.com', role: 'agent' },
      headers: { cookie: owner.cookie, 'foyer-workspace': owner.workspace },
    })
    expect(body).toMatchObject({ mailed: false, link: expect.stringContaining('/dashboard/invitation#token=') })
    expect(await mailsTo('dora@example.com')).toEqual([])
  } finally {
    Object.assign(env, { MAIL_FROM: from })
  }
})
