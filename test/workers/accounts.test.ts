import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Session } from '../../core/api/accounts.ts'
import { hashPassword, verifyPassword } from '../../worker/auth/password.ts'
import { LINKS_PER_IP, SIGN_IN_PER_EMAIL, SIGN_IN_PER_IP, throttle } from '../../worker/auth/throttle.ts'
import { acceptInvitation, findInvitation } from '../../worker/db/accounts.ts'
import { Problem } from '../../worker/problem.ts'
import { knock, knockSocket } from '../support/corpora/knock.ts'
import {
  accept,
  cookieOf,
  count,
  everythingStored,
  invite,
  inWorkspace,
  newAddress,
  newMember,
  PASSWORD,
  type Person,
  person,
  reset,
  resetLink,
  secretOf,
  send,
  signIn,
  wanted,
} from '../support/corpora/people.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { member } from '../support/installation.ts'

const hashed = vi.hoisted(() => ({ times: 0 }))
vi.mock('../../worker/auth/password.ts', async (original) => {
  const real = await original<typeof import('../../worker/auth/password.ts')>()
  return {
    hashPassword: (password: string) => ++hashed.times && real.hashPassword(password),
    verifyPassword: (given: { hash: string; password: string }) => ++hashed.times && real.verifyPassword(given),
  }
})

const HOUR = 3_600_000
const DAY = 24 * HOUR
let ana: Person

/** Only the date: what waits, waits in real time. */
function at(moment: number): void {
  vi.setSystemTime(moment)
}
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

describe('the first run', () => {
  test('before it nothing is there', async () => {
    expect((await send('/api/v1/installation')).body).toEqual({ setUp: false, mail: true })
    expectProblem(await send('/demo/channel.json'), 404, 'not_found')
    expectProblem(await signIn('ana@example.com'), 401, 'invalid_credentials')
  })

  test('another token sets up nothing', async () => {
    const right = env.SETUP_TOKEN
    for (const token of [right.slice(0, -1), `${right}x`, right.toUpperCase(), 'x'.repeat(right.length)])
      expectProblem(await send('/api/v1/installation', { body: wanted('Eve', { token }) }), 403, 'invalid_setup_token')
    for (const token of ['', 'x', null, [right]])
      expectProblem(await send('/api/v1/installation', { body: wanted('Eve', { token }) }), 422, 'invalid_request')
    expect((await send('/api/v1/installation')).body).toEqual({ setUp: false, mail: true })
  })

  test.each([
    ['owner.password', { owner: { name: 'Eve', email: 'eve@example.com', password: 'x'.repeat(9) } }],
    ['owner.password', { owner: { name: 'Eve', email: 'eve@example.com', password: 'x'.repeat(201) } }],
    ['owner.email', { owner: { name: 'Eve', email: 'eve', password: PASSWORD } }],
    ['owner.name', { owner: { name: ' ', email: 'eve@example.com', password: PASSWORD } }],
    ['workspace.timeZone', { workspace: { name: 'Shop', timeZone: 'Mars/Olympus' } }],
    ['workspace.name', { workspace: { name: '', timeZone: 'UTC' } }],
    ['website', { website: 'javascript:alert(1)' }],
  ])('what is wrong is said where it is: %s', async (path, change) => {
    const { errors } = expectProblem(
      await send('/api/v1/installation', { body: wanted('Eve', change) }),
      422,
      'invalid_request',
    )
    expect([...new Set(errors?.map((error) => error.path))]).toEqual([path])
  })

  test('five people at the same moment: exactly one wins, the others leave nothing', async () => {
    const names = ['Ana', 'Eva', 'Ida', 'Ole', 'Una']
    const answers = await Promise.all(names.map((name) => send('/api/v1/installation', { body: wanted(name) })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409])
    for (const answer of answers) if (answer.status === 409) expectProblem(answer, 409, 'already_set_up')
    const tables = ['installation', 'users', 'accounts', 'workspaces', 'members', 'channels', 'sessions']
    expect(await Promise.all(tables.map(count))).toEqual(tables.map(() => 1))
    const won = answers.find((answer) => answer.status === 201)
    if (!won) throw new Error('nobody won')
    ana = person(won)
    const { user, memberships } = Session.parse(won.body)
    expect(memberships).toMatchObject([{ name: user.name, role: 'owner', workspace: { timeZone: 'Europe/Berlin' } }])
    // So that the rest of the play knows her name.
    await env.DB.batch([
      env.DB.prepare("UPDATE users SET name = 'Ana', email = 'ana@example.com'"),
      env.DB.prepare("UPDATE members SET name = 'Ana'"),
    ])
  })

  test('after it the link is dead, the channel stands', async () => {
    expect((await send('/api/v1/installation')).body).toEqual({ setUp: true, mail: true })
    expectProblem(await send('/api/v1/installation', { body: wanted('Eve') }), 409, 'already_set_up')
    const token = 'x'.repeat(43)
    expectProblem(await send('/api/v1/installation', { body: wanted('Eve', { token }) }), 403, 'invalid_setup_token')
    const { body } = await ana.asks('/api/v1/channels')
    expect(body.list).toMatchObject([{ kind: 'web', origins: ['https://shop.example'] }])
    expect((await send('/demo/channel.json')).body).toEqual({ channel: body.list[0].id })
  })

  test('no password and no secret is stored as it is', async () => {
    expect(await everythingStored()).not.toMatch(new RegExp(`${PASSWORD}|${env.SETUP_TOKEN}|${env.AUTH_SECRET}`))
  })
})

describe('signing in and out', () => {
  test('opens a session; the cookie is for us alone', async () => {
    const answer = await signIn('ANA@Example.com')
    expect(answer.status).toBe(201)
    expect(Session.parse(answer.body).user).toMatchObject({ name: 'Ana', email: 'ana@example.com' })
    expect(Session.parse(answer.body).expiresAt - Date.now()).toBeLessThanOrEqual(14 * DAY)
    expect(answer.headers.getSetCookie()).toHaveLength(1)
    const attributes = answer.headers
      .getSetCookie()[0]
      ?.split(';')
      .slice(1)
      .map((part) => part.trim().toLowerCase())
    expect(attributes?.sort()).toEqual(['httponly', 'max-age=1209600', 'path=/', 'samesite=lax', 'secure'])
    expect(JSON.stringify(answer.body)).not.toContain(decodeURIComponent(cookieOf(answer)).split(/[=.]/)[1])
    expect((await person(answer).asks('/api/v1/session')).body).toEqual(answer.body)
  })

  test('each time another session: one that was brought along is not taken over', async () => {
    const first = await signIn('ana@example.com')
    const second = await signIn('ana@example.com', PASSWORD, { cookie: cookieOf(first) })
    expect(cookieOf(second)).not.toBe(cookieOf(first))
    const out = await person(first).asks('/api/v1/session', { method: 'DELETE' })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-foyer=; Path=\/; Max-Age=0; HttpOnly; Secure; SameSite=Lax$/)
    expectProblem(await person(first).asks('/api/v1/session'), 401, 'unauthorized')
    expectProblem(await person(first).asks('/api/v1/members'), 401, 'unauthorized')
    expect((await person(second).asks('/api/v1/session')).status).toBe(200)
    expect((await send('/api/v1/session', { method: 'DELETE' })).status).toBe(204)
  })

  test('an unknown account and a wrong password are answered alike, and both cost a hash', async () => {
    const tries = async (email: string) => {
      hashed.times = 0
      const answer = await signIn(email, 'wrong horse battery')
      const headers = [...answer.headers].filter(([name]) => name !== 'foyer-request-id')
      return { status: answer.status, body: { ...answer.body, requestId: '' }, headers, hashed: hashed.times }
    }
    const known = await tries('ana@example.com')
    expect(known).toMatchObject({ status: 401, body: { code: 'invalid_credentials' }, hashed: 1 })
    expect(await tries('nobody@example.com')).toEqual(known)
    // A person without a password of ours is unknown as well.
    const { member: id } = await member('Nora Nopass')
    const row = await env.DB.prepare('SELECT email FROM users WHERE id = (SELECT user_id FROM members WHERE id = ?)')
      .bind(id)
      .first<{ email: string }>()
    expect(await tries(row?.email ?? '')).toEqual(known)
  })

  test.each([
    ["' OR 1=1 --", 422],
    ['ana@example.com%00', 422],
    ['%@example.com', 422],
    ['_na@example.com', 401],
  ])('%j opens nothing', async (email, status) => {
    expectProblem(await signIn(email), status)
  })

  test.each(['', ' ', PASSWORD.toUpperCase(), `${PASSWORD} `, PASSWORD.slice(0, -1)])(
    'the password %j is not hers',
    async (password) => {
      await env.DB.prepare('DELETE FROM throttles').run()
      const answer = await signIn('ana@example.com', password)
      expectProblem(answer, password === '' ? 422 : 401)
      expect(answer.headers.get('set-cookie')).toBe(null)
    },
  )
})

describe('the throttle', () => {
  const START = Date.UTC(2030, 0, 1)

  test('by email: eight at once, then one a minute, to the millisecond, whatever the password', async () => {
    at(START)
    for (let i = 0; i < 8; i += 1)
      expectProblem(
        await signIn(i % 2 ? 'Throttled@example.com' : 'throttled@example.com', 'wrong horse'),
        401,
        'invalid_credentials',
      )
    const refused = await signIn('throttled@example.com')
    expect(expectProblem(refused, 429, 'too_many_attempts').retryAt).toBe(START + 60_000)
    expect(refused.headers.get('retry-after')).toBe('60')
    at(START + 59_999)
    const last = await signIn('throttled@example.com')
    expect(expectProblem(last, 429, 'too_many_attempts').retryAt).toBe(START + 60_000)
    expect(last.headers.get('retry-after')).toBe('1')
    at(START + 60_000)
    expectProblem(await signIn('throttled@example.com'), 401, 'invalid_credentials')
    expectProblem(await signIn('throttled@example.com'), 429, 'too_many_attempts')
    expectProblem(await signIn('other@example.com'), 401, 'invalid_credentials')
  })

  test.each([
    ['', newAddress(), null],
    [', and none of the same /64', '2001:db8:7:7:1:2:3:4', '2001:db8:7:7::/64'],
  ])('by address: no header of the client is another address%s', async (_, ip, network) => {
    at(START)
    const window = SIGN_IN_PER_IP.burst * SIGN_IN_PER_IP.everyMs
    await env.DB.prepare('INSERT INTO throttles (key, arrival) VALUES (?, ?)')
      .bind(`sign-in ip ${network ?? ip}`, START + window)
      .run()
    for (const headers of [
      {},
      { 'x-forwarded-for': '203.0.113.1' },
      { 'x-real-ip': '203.0.113.1' },
      { 'foyer-client-ip': '203.0.113.1' },
      { forwarded: 'for=203.0.113.1' },
    ]) {
      const answer = await signIn('fresh@example.com', PASSWORD, { 'cf-connecting-ip': ip, ...headers })
      expect(expectProblem(answer, 429, 'too_many_attempts').retryAt).toBe(START + SIGN_IN_PER_IP.everyMs)
      expect(answer.headers.get('retry-after')).toBe(String(SIGN_IN_PER_IP.everyMs / 1000))
    }
  })

  test.each([
    ['/api/v1/installation', wanted('Eve')],
    ['/api/v1/invitations/preview', { token: 'x'.repeat(43) }],
    ['/api/v1/invitations/accept', { token: 'x'.repeat(43), name: 'Eve', password: PASSWORD }],
    ['/api/v1/password-resets', { token: 'x'.repeat(43), password: PASSWORD }],
  ])('of links: %s', async (path, body) => {
    at(START)
    const ip = newAddress()
    const window = LINKS_PER_IP.burst * LINKS_PER_IP.everyMs
    await env.DB.prepare('INSERT INTO throttles (key, arrival) VALUES (?, ?)')
      .bind(`link ip ${ip}`, START + window)
      .run()
    const answer = await send(path, { body, headers: { 'cf-connecting-ip': ip } })
    expect(expectProblem(answer, 429, 'too_many_attempts').retryAt).toBe(START + LINKS_PER_IP.everyMs)
  })

  test.each([SIGN_IN_PER_EMAIL, SIGN_IN_PER_IP, LINKS_PER_IP])(
    '%o holds for any number at the same moment',
    async (limit) => {
      const key = `crowd ${limit.burst} ${limit.everyMs}`
      const outcomes = await Promise.allSettled(
        Array.from({ length: limit.burst + 12 }, () => throttle(env.DB, limit, key, START)),
      )
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(limit.burst)
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(outcome.reason instanceof Problem && outcome.reason.extra.retryAt).toBe(START + limit.everyMs)
      const later = START + limit.burst * limit.everyMs
      for (let i = 0; i < limit.burst; i += 1) await throttle(env.DB, limit, key, later)
      await expect(throttle(env.DB, limit, key, later)).rejects.toThrow(Problem)
    },
  )

  test('a clock that was ahead and went back shuts nobody out for longer than a window', async () => {
    for (let i = 0; i < 8; i += 1) await throttle(env.DB, SIGN_IN_PER_EMAIL, 'ahead', START + 8 * DAY)
    await throttle(env.DB, SIGN_IN_PER_EMAIL, 'ahead', START)
  })
})

describe('invitations', () => {
  test('a link for one email: shown once, used once', async () => {
    const made = await ana.asks('/api/v1/invitations', { body: { email: 'Ben@Example.com', role: 'agent' } })
    expect(made.status).toBe(201)
    expect(made.body.invitation).toMatchObject({
      email: 'ben@example.com',
      role: 'agent',
      expiresAt: made.body.invitation.createdAt + 7 * DAY,
    })
    const token = secretOf(made.body.link)
    expect(await everythingStored()).not.toContain(token)
    const listed = await ana.asks('/api/v1/invitations')
    expect(listed.body.list).toEqual([made.body.invitation])
    expect(JSON.stringify(listed.body)).not.toContain(token)
    const preview = await send('/api/v1/invitations/preview', { body: { token } })
    expect(preview.body).toEqual({
      email: 'ben@example.com',
      workspace: expect.any(String),
      hasAccount: false,
      expiresAt: made.body.invitation.expiresAt,
    })
    expectProblem(await accept(token, 'Ben', 'too short'), 422, 'invalid_request')
    const taken = await accept(token, ' Ben ')
    expect(taken.status).toBe(201)
    expect(Session.parse(taken.body)).toMatchObject({
      user: { email: 'ben@example.com' },
      memberships: [{ name: 'Ben', role: 'agent', workspace: { id: ana.workspace } }],
    })
    expectProblem(await accept(token, 'Eve'), 404, 'link_not_valid')
    expectProblem(await send('/api/v1/invitations/preview', { body: { token } }), 404, 'link_not_valid')
    expect((await ana.asks('/api/v1/invitations')).body.list).toEqual([])
    expect((await signIn('ben@example.com')).status).toBe(201)
    // [IB9] What was said before is read to a new member.
    const joined = await env.DB.prepare(
      "SELECT unread_from, created_at, available FROM members WHERE name = 'Ben'",
    ).first()
    expect(joined).toEqual({ unread_from: joined?.['created_at'], created_at: expect.any(Number), available: 1 })
  })

  test('the link says for whom: nobody can take it to another email', async () => {
    const token = await invite(ana, 'bound@example.com')
    const body = { token, name: 'Eve', password: PASSWORD, email: 'eve@example.com' }
    expectProblem(await send('/api/v1/invitations/accept', { body }), 422, 'invalid_request')
  })

  test('three at the same moment: one account, one member', async () => {
    const token = await invite(ana, 'crowd@example.com')
    const answers = await Promise.all(['A', 'B', 'C'].map((name) => accept(token, name)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 404, 404])
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 404, 'link_not_valid')
    for (const table of [
      "users WHERE email = 'crowd@example.com'",
      "members m JOIN users u ON u.id = m.user_id WHERE u.email = 'crowd@example.com'",
    ])
      expect(await count(table)).toBe(1)
  })

  test('the newest link counts', async () => {
    const [older, newer] = [await invite(ana, 'twice@example.com'), await invite(ana, 'twice@example.com', 'admin')]
    expectProblem(await accept(older), 404, 'link_not_valid')
    const { body } = await accept(newer)
    expect(body.memberships[0].role).toBe('admin')
  })

  test('seven days, to the millisecond', async () => {
    const start = Date.now()
    at(start)
    const token = await invite(ana, 'late@example.com')
    at(start + 7 * DAY - 1)
    expect((await send('/api/v1/invitations/preview', { body: { token } })).status).toBe(200)
    at(start + 7 * DAY)
    expectProblem(await send('/api/v1/invitations/preview', { body: { token } }), 404, 'link_not_valid')
    expectProblem(await accept(token), 404, 'link_not_valid')
    const { body } = await ana.asks('/api/v1/invitations')
    expect(body.list.map((open: { email: string }) => open.email)).not.toContain('late@example.com')
  })

  test('one that is withdrawn is dead, also for who holds it in hand', async () => {
    const made = await ana.asks('/api/v1/invitations', { body: { email: 'gone@example.com', role: 'agent' } })
    const token = secretOf(made.body.link)
    const held = await findInvitation(env.DB, token, Date.now())
    const mallory = await member('Mallory', 'admin', true)
    const elsewhere = inWorkspace(mallory.cookie, mallory.workspace, mallory.member)
    const path = `/api/v1/invitations/${made.body.invitation.id}`
    expectProblem(await elsewhere.asks(path, { method: 'DELETE' }), 404, 'not_found')
    expect((await ana.asks(path, { method: 'DELETE' })).status).toBe(204)
    expectProblem(await ana.asks(path, { method: 'DELETE' }), 404, 'not_found')
    expectProblem(await accept(token), 404, 'link_not_valid')
    if (!held) throw new Error('the invitation was not there')
    expect(await acceptInvitation(env.DB, held, { name: 'Eve', password: PASSWORD }, Date.now())).toBe(false)
    expect(await count("users WHERE email = 'gone@example.com'")).toBe(0)
  })

  test('who is a member cannot be invited, and nobody as owner', async () => {
    expectProblem(
      await ana.asks('/api/v1/invitations', { body: { email: 'ANA@example.com', role: 'agent' } }),
      409,
      'already_member',
    )
    expectProblem(
      await ana.asks('/api/v1/invitations', { body: { email: 'x@example.com', role: 'owner' } }),
      422,
      'invalid_request',
    )
  })

  test('two workspaces invite the same new person: the second link is no crash', async () => {
    const mallory = await member('Mallory', 'admin', true)
    const elsewhere = inWorkspace(mallory.cookie, mallory.workspace, mallory.member)
    const tokens = [await invite(ana, 'both@example.com'), await invite(elsewhere, 'both@example.com')] as const
    const [first, second] = [
      await findInvitation(env.DB, tokens[0], Date.now()),
      await findInvitation(env.DB, tokens[1], Date.now()),
    ]
    if (!first || !second) throw new Error('not invited')
    expect(await acceptInvitation(env.DB, first, { name: 'Bo', password: PASSWORD }, Date.now())).toBe(true)
    expect(await acceptInvitation(env.DB, second, { name: 'Bo', password: 'another password' }, Date.now())).toBe(false)
    // The link still works, now with the password of the account.
    expect((await accept(tokens[1], 'Bo')).body.memberships).toHaveLength(2)
  })
})

describe('an invitation for somebody who has an account', () => {
  let elsewhere: Person
  beforeAll(async () => {
    const mallory = await member('Mallory', 'admin', true)
    elsewhere = inWorkspace(mallory.cookie, mallory.workspace, mallory.member)
    await newMember(ana, 'Carla')
  })

  test('the link alone does not open it', async () => {
    const token = await invite(elsewhere, 'carla@example.com')
    expect((await send('/api/v1/invitations/preview', { body: { token } })).body.hasAccount).toBe(true)
    const refused = await accept(token, 'Eve', 'wrong horse battery')
    expectProblem(refused, 401, 'invalid_credentials')
    expect(refused.headers.get('set-cookie')).toBe(null)
    const before = await count('sessions')
    const taken = await accept(token, 'Carla there')
    expect(Session.parse(taken.body).memberships.map((m) => m.name)).toEqual(['Carla', 'Carla there'])
    expectProblem(await accept(token), 404, 'link_not_valid')
    // One sign-in, one session: none is left that nobody holds.
    expect(await count('sessions')).toBe(before + 1)
  })

  test('guessing the password there is throttled as at the door', async () => {
    at(Date.UTC(2031, 0, 1))
    await newMemberAt('Dora')
    const token = await invite(await freshly(elsewhere), 'dora@example.com')
    const answers = []
    for (let i = 0; i < 9; i += 1) answers.push((await accept(token, 'Eve', `wrong ${i} wrong`)).status)
    expect(answers).toEqual([...Array(8).fill(401), 429])
    expectProblem(await signIn('dora@example.com'), 429, 'too_many_attempts')
  })

  /** Sessions made before the jump in time are over; these people sign in anew. */
  async function freshly(who: Person): Promise<Person> {
    await env.DB.prepare('UPDATE sessions SET expires_at = ?')
      .bind(Date.now() + DAY)
      .run()
    return who
  }
  async function newMemberAt(name: string): Promise<void> {
    await newMember(await freshly(ana), name)
    // Signing in by accepting counts too; the test is to begin with none.
    await env.DB.prepare('DELETE FROM throttles').run()
  }
})

describe('reset links', () => {
  test('single use, every session ends, the old password is gone', async () => {
    const eli = await newMember(ana, 'Eli')
    const second = person(await signIn('eli@example.com'))
    const made = await ana.asks(`/api/v1/members/${eli.member}/password-resets`, { method: 'POST' })
    expect(made.body.expiresAt - Date.now()).toBeLessThanOrEqual(DAY)
    const token = secretOf(made.body.link)
    expect(await everythingStored()).not.toContain(token)
    expectProblem(await reset(token, 'too short'), 422, 'invalid_request')
    const done = await reset(token, 'a new password')
    expect([done.status, done.body, done.headers.get('set-cookie')]).toEqual([204, '', null])
    for (const who of [eli, second]) expectProblem(await who.asks('/api/v1/session'), 401, 'unauthorized')
    expectProblem(await signIn('eli@example.com'), 401, 'invalid_credentials')
    expect((await signIn('eli@example.com', 'a new password')).status).toBe(201)
    expectProblem(await reset(token, 'another password'), 404, 'link_not_valid')
    // Nobody else was signed out.
    expect((await ana.asks('/api/v1/session')).status).toBe(200)
  })

  test('two at the same moment: one of them', async () => {
    const finn = await newMember(ana, 'Finn')
    const token = await resetLink(ana, finn.member)
    const answers = await Promise.all(['password of one', 'password of two'].map((password) => reset(token, password)))
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 404])
    const winner = answers[0]?.status === 204 ? 'password of one' : 'password of two'
    expect((await signIn('finn@example.com', winner)).status).toBe(201)
  })

  test('24 hours to the millisecond, and the newest link counts', async () => {
    const gus = await newMember(ana, 'Gus')
    const start = Date.now()
    at(start)
    const older = await resetLink(ana, gus.member)
    const token = await resetLink(ana, gus.member)
    expectProblem(await reset(older, 'a new password'), 404, 'link_not_valid')
    at(start + DAY)
    expectProblem(await reset(token, 'a new password'), 404, 'link_not_valid')
    at(start + DAY - 1)
    expect((await reset(token, 'a new password')).status).toBe(204)
  })

  test('who may make one for whom', async () => {
    const [admin, other, agent] = [
      await newMember(ana, 'Hana', 'admin'),
      await newMember(ana, 'Ines', 'admin'),
      await newMember(ana, 'Jon'),
    ]
    const asks = (who: Person, member: string) =>
      who.asks(`/api/v1/members/${member}/password-resets`, { method: 'POST' })
    expectProblem(await asks(admin, ana.member), 403, 'forbidden')
    for (const target of [ana, admin, other, agent]) expectProblem(await asks(agent, target.member), 403, 'forbidden')
    for (const target of [other, agent, admin]) expect((await asks(admin, target.member)).status).toBe(201)
    expect((await asks(ana, ana.member)).status).toBe(201)
    const mallory = await member('Mallory', 'admin', true)
    for (const member of [mallory.member, 'm_none', "' OR 1=1", 'x'.repeat(64)])
      expectProblem(await asks(ana, member), 404, 'not_found')
  })
})

describe('a disabled member', () => {
  test('has no membership any more, not with an old session and not with a new one', async () => {
    const kim = await newMember(ana, 'Kim', 'admin')
    await env.DB.prepare('UPDATE members SET disabled_at = ? WHERE id = ?').bind(Date.now(), kim.member).run()
    for (const who of [kim, inWorkspace(cookieOf(await signIn('kim@example.com')), kim.workspace, kim.member)]) {
      expect((await who.asks('/api/v1/session')).body.memberships).toEqual([])
      for (const path of ['/api/v1/members', '/api/v1/conversations', '/api/v1/invitations', '/api/v1/channels'])
        expectProblem(await who.asks(path), 403, 'forbidden')
      expect(
        await (await knockSocket(`/api/v1/inbox/socket?workspace=${kim.workspace}`, { cookie: who.cookie })).gone(),
      ).toBe(4403)
    }
    const { body } = await ana.asks('/api/v1/members')
    // Listed all the same: the name stands in old conversations.
    expect(body.list.find((one: { id: string }) => one.id === kim.member)).toMatchObject({
      name: 'Kim',
      disabledAt: expect.any(Number),
    })
    expect(body.list.find((one: { id: string }) => one.id === ana.member)).toMatchObject({ disabledAt: null })
    expectProblem(await ana.asks(`/api/v1/members/${kim.member}/password-resets`, { method: 'POST' }), 404, 'not_found')
  })
})

describe('how long a session lives', () => {
  test('fourteen days without use, to the millisecond', async () => {
    const start = Date.UTC(2032, 0, 1)
    at(start)
    const lou = person(await signIn('ana@example.com'))
    const body = (await lou.asks('/api/v1/session')).body
    expect(body.expiresAt).toBe(start + 14 * DAY)
    at(start + 14 * DAY - 1)
    expect((await lou.asks('/api/v1/members')).status).toBe(200)
    at(start + 14 * DAY)
    expectProblem(await lou.asks('/api/v1/session'), 401, 'unauthorized')
    expectProblem(await lou.asks('/api/v1/members'), 401, 'unauthorized')
  })

  test('in use it is prolonged, at most once a day, under the same cookie', async () => {
    const start = Date.UTC(2033, 0, 1)
    at(start)
    const max = person(await signIn('ana@example.com'))
    at(start + DAY - 1)
    const early = await max.asks('/api/v1/session')
    expect([early.headers.get('set-cookie'), early.body.expiresAt]).toEqual([null, start + 14 * DAY])
    for (let day = 1; day <= 40; day += 10) {
      at(start + day * DAY)
      const { headers, body } = await max.asks('/api/v1/session')
      expect(body.expiresAt).toBe(start + (day + 14) * DAY)
      expect(headers.get('set-cookie')).toBe(`${max.cookie}; Path=/; Max-Age=1209600; HttpOnly; Secure; SameSite=Lax`)
      expect((await max.asks('/api/v1/session')).headers.get('set-cookie')).toBe(null)
    }
  })
})

describe('password hashes', () => {
  test('are salted, and tell the right one from all others', async () => {
    const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)]
    expect(one).not.toBe(two)
    expect(one).toMatch(/^scrypt\$16384\$8\$/)
    for (const hash of [one, two]) expect(await verifyPassword({ hash, password: PASSWORD })).toBe(true)
    expect(await verifyPassword({ hash: one, password: `${PASSWORD}!` })).toBe(false)
    // The same letters from another keyboard.
    expect(
      await verifyPassword({ hash: await hashPassword('ﬁsh ① Å cafe\u0301'), password: 'fish 1 \u00c5 caf\u00e9' }),
    ).toBe(true)
  })

  test.each([
    '',
    '$',
    'scrypt',
    'scrypt$16384$8$$',
    'scrypt$16384$8$***$***',
    'scrypt$x$y$AAAA$AAAA',
    'scrypt$3$8$AAAA$AAAA',
    'bcrypt$16384$8$AAAA$AAAA',
    'plain text',
  ])('one that cannot be read is nobody’s: %j', async (hash) => {
    expect(await verifyPassword({ hash, password: PASSWORD })).toBe(false)
    expect(await verifyPassword({ hash, password: hash })).toBe(false)
  })
})

test('the front door needs no database for a body that is wrong', async () => {
  expectProblem(await knock('/api/v1/session', { body: { email: 'x', password: 'y' } }), 422, 'invalid_request')
})
