/** Settings → Senders (TR1): whose address it is, how often one may guess, and how mail from it leaves. */
import { env } from 'cloudflare:workers'
import PostalMime from 'postal-mime'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { seal, unseal } from '../../worker/auth/sealed.ts'
import { CODES_PER_ADDRESS, SMTP_TESTS_PER_WORKSPACE } from '../../worker/auth/throttle.ts'
import { CODE_MS, CODE_TRIES } from '../../worker/db/senders.ts'
import { openWorkspace } from '../../worker/db/workspace.ts'
import { keptMails, keptSource } from '../../worker/mail/localMailbox.ts'
import { routeOf, sendBy, wayOut } from '../../worker/mail/workspaceMail.ts'
import { installation, member, type Signed } from '../support/installation.ts'
import { MAIL_ACCOUNT } from '../support/mailAccount.ts'
import { ask } from '../support/play.ts'

const ports = inject('smtp')
let owner: Signed
beforeAll(async () => {
  owner = (await installation()).owner
})
beforeEach(() => env.DB.prepare('DELETE FROM throttles').run())
afterEach(() => vi.useRealTimers())

const asks = (path: string, options: { method?: string; body?: unknown } = {}, who = owner) =>
  ask(`/api/v1/${path}`, { ...options, headers: { cookie: who.cookie, 'foyer-workspace': who.workspace } })

async function mailsTo(to: string) {
  const mails = (await keptMails(env.DB)).filter(({ recipient }) => recipient === to)
  return Promise.all(mails.map(async ({ id }) => PostalMime.parse((await keptSource(env.DB, id)) ?? '')))
}

const codesTo = async (to: string) => (await mailsTo(to)).map(({ subject }) => subject?.slice(0, 6) ?? '')

/** An address that waits for its code, which only its owner knows. */
async function added(address: string) {
  const { body } = await asks('senders', { body: { address } })
  const [code = ''] = await codesTo(address)
  return { id: String(body.id), code, wrong: code === '000000' ? '000001' : '000000' }
}

const types = (id: string, code: string) => asks(`senders/${id}/verification`, { body: { code } })

async function verified(address: string): Promise<void> {
  const { id, code } = await added(address)
  expect((await types(id, code)).status).toBe(200)
}

describe('an address', () => {
  test('[TR1] is verified by the code that was mailed to it', async () => {
    const { id, code } = await added('help@shop.example')
    expect((await asks('senders')).body.list).toMatchObject([{ id, address: 'help@shop.example', verifiedAt: null }])
    const mail = (await mailsTo('help@shop.example'))[0]
    expect([mail?.text, mail?.html].every((body) => body?.includes(code) && body.includes('Tide &'))).toBe(true)
    const { status, body } = await types(id, code)
    expect([status, body.route, typeof body.verifiedAt]).toEqual([200, 'service', 'number'])
    expect((await types(id, code)).body.code).toBe('already_verified')
    const actions = (await asks('audit-log?kind=sender')).body.list.map((entry: { action: string }) => entry.action)
    expect(actions).toEqual(['sender.verified', 'sender.added'])
  })

  test('[TR1] is not verified by a sixth guess, however many come at once', async () => {
    const { id, code, wrong } = await added('guessed@shop.example')
    const answers = await Promise.all(Array.from({ length: 12 }, () => types(id, wrong)))
    const codes = answers.map(({ body }) => body.code).sort()
    expect(codes.filter((told) => told === 'code_wrong')).toHaveLength(CODE_TRIES - 1)
    expect((await types(id, code)).body.code).toBe('code_gone')
  })

  test('[TR1] says how many tries are left', async () => {
    const { id, wrong } = await added('tries@shop.example')
    expect((await types(id, wrong)).body.detail).toMatch(/4 tries are left/)
    for (let n = 0; n < 2; n += 1) await types(id, wrong)
    expect((await types(id, wrong)).body.detail).toMatch(/One try is left/)
  })

  test('[TR1] [Q8] is verified within 15 minutes and not a millisecond later', async () => {
    const { id, code } = await added('late@shop.example')
    const row = await env.DB.prepare('SELECT code_expires_at AS at FROM senders WHERE id = ?')
      .bind(id)
      .first<{ at: number }>()
    vi.useFakeTimers({ now: row?.at ?? 0, toFake: ['Date'] })
    expect((await types(id, code)).body.code).toBe('code_gone')
    vi.setSystemTime((row?.at ?? 0) - 1)
    expect((await types(id, code)).status).toBe(200)
    expect(CODE_MS).toBe(15 * 60_000)
  })

  test('[TR1] gets another code, after which the first no longer works; not without end', async () => {
    const { id, code } = await added('again@shop.example')
    expect((await asks(`senders/${id}/codes`, { method: 'POST' })).status).toBe(204)
    const fresh = (await codesTo('again@shop.example')).find((other) => other !== code) ?? ''
    expect((await types(id, code)).body.code).toBe('code_wrong')
    expect((await types(id, fresh)).status).toBe(200)
    const { id: other } = await added('flooded@shop.example')
    const statuses = []
    for (let n = 0; n < 5; n += 1) statuses.push((await asks(`senders/${other}/codes`, { method: 'POST' })).status)
    // The first was mailed when it was added.
    expect(statuses.filter((status) => status === 204)).toHaveLength(CODES_PER_ADDRESS.burst - 1)
    expect(statuses.at(-1)).toBe(429)
  })

  test('[TR1] is in the list once, and of one workspace', async () => {
    await added('once@shop.example')
    expect((await asks('senders', { body: { address: 'ONCE@shop.example' } })).body.code).toBe('sender_exists')
    const mallory = await member('Mallory', 'admin', true)
    const { id, code } = await added('ours@shop.example')
    for (const [path, options] of [
      [`senders/${id}/verification`, { body: { code } }],
      [`senders/${id}/codes`, { method: 'POST' }],
      [`senders/${id}`, { method: 'DELETE' }],
    ] as const)
      expect((await asks(path, options, mallory)).status).not.toBeLessThan(400)
    expect((await asks('senders', {}, mallory)).body.list ?? []).toEqual([])
  })

  test('[TR1] is removed, and can be added again', async () => {
    const { id } = await added('gone@shop.example')
    expect((await asks(`senders/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await asks(`senders/${id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await asks('senders', { body: { address: 'gone@shop.example' } })).status).toBe(201)
  })

  test('[TR1] needs no code that stands in the database', async () => {
    const { code } = await added('secret@shop.example')
    const rows = await env.DB.prepare("SELECT * FROM senders WHERE address = 'secret@shop.example'").all()
    expect(JSON.stringify(rows.results)).not.toContain(code)
  })
})

describe('a mail server of one’s own', () => {
  const server = (name: string, change: object = {}) => ({
    host: 'localhost',
    port: ports[name],
    security: name === 'starttls' ? 'starttls' : 'tls',
    ...MAIL_ACCOUNT,
    ...change,
  })
  const put = (body: object) => asks('smtp', { method: 'PUT', body })

  test('[TR3] is entered, tested and forgotten; its password is shown to nobody and kept encrypted', async () => {
    await verified('sales@elsewhere.example')
    const { status, body } = await put(server('starttls'))
    expect([status, body.smtp.host, body.smtp.user]).toEqual([200, 'localhost', MAIL_ACCOUNT.user])
    const everything = JSON.stringify([
      body,
      (await asks('smtp')).body,
      (await asks('audit-log')).body,
      (await env.DB.prepare('SELECT * FROM smtp_servers').all()).results,
    ])
    expect(everything).not.toContain(JSON.stringify(MAIL_ACCOUNT.password).slice(1, -1))
    const tested = await asks('smtp/tests', { method: 'POST' })
    expect(tested.body).toEqual({ outcome: 'accepted', reason: null, to: 'ana@example.com' })
    const arrived = await (await fetch(`http://127.0.0.1:${ports['mails']}/mails/ana%40example.com`)).json()
    expect(arrived).toMatchObject([{ method: 'PLAIN', secure: true }])
    expect((await asks('smtp', { method: 'DELETE' })).status).toBe(204)
    expect((await asks('smtp')).body).toEqual({ smtp: null })
    expect((await asks('smtp/tests', { method: 'POST' })).status).toBe(404)
  })

  test('[TR3] says why it does not work', async () => {
    await put(server('tls', { password: 'wrong' }))
    const { body } = await asks('smtp/tests', { method: 'POST' })
    expect(body).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/did not accept user and password/),
    })
    for (let n = 1; n < SMTP_TESTS_PER_WORKSPACE.burst; n += 1) await asks('smtp/tests', { method: 'POST' })
    expect((await asks('smtp/tests', { method: 'POST' })).status).toBe(429)
    await asks('smtp', { method: 'DELETE' })
  })

  test.each([
    ['host', '127.0.0.1'],
    ['host', 'smtp.shop.example\r\nX: y'],
    ['host', '-smtp.shop.example'],
    ['host', ''],
    ['port', 25],
    ['port', 70_000],
    ['security', 'none'],
    ['user', ''],
    ['password', ''],
  ])('[TR3] with the %s %j is refused at its field', async (field, value) => {
    const { status, body } = await put(server('tls', { [field]: value }))
    expect([status, body.errors?.[0]?.path]).toEqual([422, field])
  })
})

describe('mail from an address', () => {
  const workspace = () =>
    openWorkspace(env.DB, {
      workspace: owner.workspace,
      member: owner.member,
      name: 'Ana',
      role: 'owner',
      available: true,
    })
  const mail = { to: { address: 'vic@example.com' }, subject: 'Hi', text: 'Hi', html: '<p>Hi</p>', id: 'x_1', at: 1e12 }

  test.each([
    ['help@shop.example', false, 'service'],
    ['help@SHOP.example', false, 'service'],
    ['help@foyer.example', false, 'service'],
    ['help@notshop.example', false, 'reply_to'],
    ['help@shop.example.evil.example', false, 'reply_to'],
    ['help@elsewhere.example', true, 'smtp'],
  ])('[TR1] %s, with a server of one’s own: %s, goes by %s', (address, hasSmtp, route) => {
    expect(routeOf(env, address, hasSmtp)).toBe(route)
    if (!hasSmtp) expect(routeOf({ ...env, MAIL_FROM: '' }, address, false)).toBe('none')
  })

  test('[TR1] of a foreign domain comes from us, and answers go to it', async () => {
    const way = await wayOut(env, workspace(), { address: 'help@elsewhere.example', name: 'Tide' })
    if (!way) throw new Error('no way out')
    expect(await sendBy(way, mail)).toEqual({ outcome: 'accepted' })
    const [read] = await mailsTo('vic@example.com')
    expect(read?.from).toEqual({ address: 'foyer@foyer.example', name: 'Tide' })
    expect(read?.replyTo).toEqual([{ address: 'help@elsewhere.example', name: 'Tide' }])
  })

  test('[TR1] has no way out without a server and an address of the installation', async () => {
    expect(await wayOut({ ...env, MAIL_FROM: '' }, workspace(), { address: 'help@shop.example' })).toBe(null)
  })
})

describe('what is sealed', () => {
  test('opens with the same secret for the same place, and in no other way', async () => {
    const sealed = await seal('secret', 'smtp w_a', 'pass ☕')
    expect(await unseal('secret', 'smtp w_a', sealed)).toBe('pass ☕')
    expect(await seal('secret', 'smtp w_a', 'pass ☕')).not.toBe(sealed)
    const [format, iv, text = ''] = sealed.split('.')
    for (const [secret, place, kept] of [
      ['other', 'smtp w_a', sealed],
      ['secret', 'smtp w_b', sealed],
      ['secret', 'smtp w_a', [format, iv, `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`].join('.')],
      ['secret', 'smtp w_a', ''],
      ['secret', 'smtp w_a', 'v1.!.!'],
    ] as const)
      expect(await unseal(secret, place, kept)).toBe(null)
  })
})
