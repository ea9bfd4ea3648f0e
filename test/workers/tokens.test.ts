import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DeviceId, WorkspaceId } from '../../core/ids.ts'
import {
  mintBadgeToken,
  mintVisitorToken,
  readBadgeToken,
  readVisitorToken,
  VISITOR_TOKEN_MS,
} from '../../worker/auth/visitorToken.ts'
import { knock, knockSocket } from '../support/corpora/knock.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { forgedCookies, forgedVisitorTokens, goodClaims, signedVisitorToken } from '../support/corpora/tokens.ts'
import { cookieFor, installation, member } from '../support/installation.ts'
import { agent, visitor } from '../support/play.ts'

const NOW = Date.now()
const SOURCE = { page: null, title: null, referrer: null }
let channel: string
let vic: Awaited<ReturnType<typeof visitor>>
let workspace: WorkspaceId
let conversation: string
let forged: Array<[name: string, token: string]>
let knocks = 0

/** Each knock from another address: it is tokens that are to be refused here, not crowds. */
const from = () => {
  knocks += 1
  return { 'cf-connecting-ip': `203.0.113.${knocks % 250}` }
}
const session = (token: string | undefined, bindings: Partial<Env> = {}) =>
  knock('/widget/v1/sessions', {
    body: { channel, ...(token === undefined ? {} : { token }) },
    headers: from(),
    bindings,
  })

beforeAll(async () => {
  const made = await installation()
  channel = made.channel
  workspace = made.owner.workspace
  vic = await visitor({ ip: '198.51.100.1' })
  const other = await visitor({ ip: '198.51.100.2' })
  conversation = (await vic.start('Hello')).body.id
  const claims = goodClaims(workspace, vic.you.slice('visitor:'.length), NOW)
  forged = await forgedVisitorTokens(vic.token, other.token, claims, NOW)
})

describe('[VW4] a good visitor token', () => {
  test.each(['Bearer', 'bearer', 'BEARER'])('[VW4] is one behind %s, since schemes have no case', async (scheme) => {
    const headers = { ...from(), authorization: `${scheme} ${vic.token}` }
    expect((await knock('/widget/v1/conversations', { headers })).status).toBe(200)
  })

  test.each(['Basic', 'Bearers', ''])('[VW4] is none behind “%s”', async (scheme) => {
    const headers = { ...from(), authorization: `${scheme} ${vic.token}` }
    expectProblem(await knock('/widget/v1/conversations', { headers }), 401, 'invalid_token')
  })
})

/** What a header can carry; anything else cannot even be sent. */
const sendable = (token: string) => /^[\x21-\x7e]*$/.test(token)

describe('[VW4] a forged visitor token', () => {
  test('[VW4] there are enough of them, and the way they are made can make a good one', async () => {
    expect(forged.length).toBeGreaterThanOrEqual(60)
    expect(new Set(forged.map(([, token]) => token)).size).toBe(forged.length)
    const good = await signedVisitorToken(goodClaims(workspace, 'd_good', NOW))
    expect(await readVisitorToken(env, good, NOW)).toEqual({ workspace, device: 'd_good', stale: false })
  })

  test('[VW4] is nobody', async () => {
    const taken = []
    for (const [name, token] of forged) if ((await readVisitorToken(env, token, NOW)) !== null) taken.push(name)
    expect(taken).toEqual([])
    expect(await readVisitorToken(env, undefined, NOW)).toBe(null)
  })

  test('[VW4] starts the session of somebody new', async () => {
    for (const [name, token] of forged) {
      const answer = await session(token)
      if (token.length > 2_000) {
        expectProblem(answer, answer.status, /invalid_request/)
        continue
      }
      expect([name, answer.status, answer.body.renewed]).toEqual([name, 201, true])
      expect(answer.body.you).not.toBe(vic.you)
      expect(answer.body.token).not.toBe(token)
    }
    for (const token of [null, 7, {}, [vic.token]])
      expectProblem(
        await knock('/widget/v1/sessions', { body: { channel, token }, headers: from() }),
        422,
        'invalid_request',
      )
  })

  test('[VW4] starts no conversation', async () => {
    const body = { channel, clientId: 'forged:1', text: 'x', source: SOURCE }
    for (const [, token] of forged.filter(([, t]) => sendable(t)))
      expectProblem(
        await knock('/widget/v1/conversations', { body, headers: { ...from(), authorization: `Bearer ${token}` } }),
        401,
        'invalid_token',
      )
    for (const authorization of [
      null,
      '',
      'Bearer',
      'Bearer ',
      `Basic ${vic.token}`,
      vic.token,
      `Bearer: ${vic.token}`,
    ])
      expectProblem(
        await knock('/widget/v1/conversations', { body, headers: { ...from(), authorization } }),
        401,
        'invalid_token',
      )
  })

  test('[VW4] opens no socket: closed with 4401', async () => {
    const path = `/widget/v1/conversations/${conversation}/socket`
    for (const [name, token] of forged.filter(([, t]) => sendable(t))) {
      const line = await knockSocket(path, { 'sec-websocket-protocol': `foyer.v1, t.${token}` })
      expect([name, await line.gone(), line.frames]).toEqual([name, 4401, []])
    }
    for (const offer of ['foyer.v1', `foyer.v1, ${vic.token}`, `foyer.v1, T.${vic.token}`, `t.x, t.${vic.token}`])
      expect(await (await knockSocket(path, { 'sec-websocket-protocol': offer })).gone()).toBe(4401)
    // Neither an address, nor a cookie, nor a header is a place for it.
    for (const where of [`?token=${vic.token}`, `?t=${vic.token}`])
      expect(
        await (
          await knockSocket(path + where, { cookie: `token=${vic.token}`, authorization: `Bearer ${vic.token}` })
        ).gone(),
      ).toBe(4401)
  })

  test('[VW4] the good one opens all of them, and the protocol selected is ours alone', async () => {
    expect((await session(vic.token)).body).toMatchObject({ you: vic.you, renewed: false, token: vic.token })
    const line = await knockSocket(`/widget/v1/conversations/${conversation}/socket`, {
      'sec-websocket-protocol': `foyer.v1, t.${vic.token}`,
    })
    await line.get((frame) => frame.type === 'welcome')
    expect(line.protocol).toBe('foyer.v1')
    line.close()
  })
})

describe('[VW4] a good token of somewhere else', () => {
  test('[VW4] of another workspace or device opens nothing here', async () => {
    const { workspace: elsewhere } = await member('Mallory', 'admin', true)
    const device = vic.you.slice('visitor:'.length) as DeviceId
    const foreign = await mintVisitorToken(env, elsewhere, device, NOW)
    expect((await session(foreign)).body).toMatchObject({ renewed: true })
    expect((await session(foreign)).body.you).not.toBe(vic.you)
    const body = { channel, clientId: 'foreign:1', text: 'x', source: SOURCE }
    expectProblem(
      await knock('/widget/v1/conversations', { body, headers: { ...from(), authorization: `Bearer ${foreign}` } }),
      404,
      'not_found',
    )
    const other = await mintVisitorToken(env, workspace, 'd_other' as DeviceId, NOW)
    for (const token of [foreign, other])
      expect(
        await (
          await knockSocket(`/widget/v1/conversations/${conversation}/socket`, {
            'sec-websocket-protocol': `foyer.v1, t.${token}`,
          })
        ).gone(),
      ).toBe(4404)
  })

  test('[VW4] is no agent', async () => {
    const path = `/api/v1/conversations/${conversation}`
    expectProblem(await knock(path, { headers: { authorization: `Bearer ${vic.token}` } }), 401, 'invalid_key')
    expect(
      await (await knockSocket(`${path}/socket`, { 'sec-websocket-protocol': `foyer.v1, t.${vic.token}` })).gone(),
    ).toBe(4401)
  })
})

describe('[VW4] how long a token lives', () => {
  const device = 'd_life' as DeviceId
  const minted = (age: number) => mintVisitorToken(env, workspace, device, NOW - age)
  const DAY = 86_400_000

  test.each([
    ['fresh', 0, { stale: false }],
    ['a week less a second', 7 * DAY - 1_000, { stale: false }],
    ['a week and a second', 7 * DAY + 1_000, { stale: true }],
    ['a year', 365 * DAY, { stale: true }],
    ['its whole life less two seconds', VISITOR_TOKEN_MS - 2_000, { stale: true }],
    ['its whole life', VISITOR_TOKEN_MS, null],
    ['longer', VISITOR_TOKEN_MS + DAY, null],
  ])('[VW4] %s', async (_, age, expected) => {
    // One that was signed here, and the same as any other isolate reads it.
    const claims = goodClaims(workspace, device, NOW - age)
    const elsewhere = await signedVisitorToken({ ...claims, exp: Math.floor((NOW - age + VISITOR_TOKEN_MS) / 1000) })
    for (const token of [await minted(age), elsewhere]) {
      const read = await readVisitorToken(env, token, NOW)
      if (expected) expect(read).toMatchObject({ workspace, device, ...expected })
      else expect(read).toBe(null)
    }
  })

  test('[VW4] an old one is exchanged for a new one of the same visitor', async () => {
    const old = await minted(8 * DAY)
    const { body } = await session(old)
    expect(body).toMatchObject({ you: `visitor:${device}`, renewed: false })
    expect(body.token).not.toBe(old)
    expect(await readVisitorToken(env, body.token, NOW)).toMatchObject({ device, stale: false })
  })
})

describe('[VW4] a token that was found right before', () => {
  const device = 'd_again' as DeviceId
  const reads = (token: string, now: number, secrets: Pick<Env, 'VISITOR_SECRET' | 'VISITOR_SECRET_PREVIOUS'> = env) =>
    readVisitorToken(secrets, token, now)

  test('[VW4] ends when it ends', async () => {
    const token = await mintVisitorToken(env, workspace, device, NOW)
    const end = Math.floor((NOW + VISITOR_TOKEN_MS) / 1000) * 1000
    expect(await reads(token, NOW)).toMatchObject({ device })
    expect(await reads(token, end - 1)).toMatchObject({ device, stale: true })
    expect(await reads(token, end)).toBe(null)
  })

  test('[VW4] is right for nothing else, under no other key, and not with a letter changed', async () => {
    const token = await mintVisitorToken(env, workspace, device, NOW)
    const badge = await mintBadgeToken(env, { workspace, device, conversation }, NOW)
    expect([await reads(token, NOW), await readBadgeToken(env, badge, NOW)]).toMatchObject([{ device }, { device }])
    expect([await reads(badge, NOW), await readBadgeToken(env, token, NOW)]).toEqual([null, null])
    expect(await reads(token, NOW, { VISITOR_SECRET: 'another', VISITOR_SECRET_PREVIOUS: '' })).toBe(null)
    const other = token.at(-5) === 'A' ? 'B' : 'A'
    expect(await reads(token.slice(0, -5) + other + token.slice(-4), NOW)).toBe(null)
  })
})

describe('[VW4] when the key is changed', () => {
  const VISITOR_SECRET = 'the next key, of as many characters .....'
  const rotated = () => ({ VISITOR_SECRET, VISITOR_SECRET_PREVIOUS: env.VISITOR_SECRET })

  test('[VW4] tokens of the former key are taken everywhere, and exchanged', async () => {
    const { body } = await session(vic.token, rotated())
    expect(body).toMatchObject({ you: vic.you, renewed: false })
    expect(body.token).not.toBe(vic.token)
    expect(await readVisitorToken({ VISITOR_SECRET }, body.token, Date.now())).toMatchObject({ stale: false })
    expect(await readVisitorToken(env, body.token, Date.now())).toBe(null)
    const path = `/widget/v1/conversations/${conversation}/socket`
    for (const token of [vic.token, body.token]) {
      const line = await knockSocket(path, { 'sec-websocket-protocol': `foyer.v1, t.${token}` }, rotated())
      await line.get((frame) => frame.type === 'welcome')
      line.close()
    }
    const start = await knock('/widget/v1/conversations', {
      body: { channel, clientId: 'rotated:1', text: 'x', source: SOURCE },
      headers: { ...from(), authorization: `Bearer ${vic.token}` },
      bindings: rotated(),
    })
    expect(start.status).toBe(201)
  })

  test('[VW4] once the former key is gone, so are they', async () => {
    expect((await session(vic.token, { VISITOR_SECRET })).body).toMatchObject({ renewed: true })
    const line = await knockSocket(
      `/widget/v1/conversations/${conversation}/socket`,
      { 'sec-websocket-protocol': `foyer.v1, t.${vic.token}` },
      { VISITOR_SECRET },
    )
    expect(await line.gone()).toBe(4401)
  })

  test('[VW4] an empty former key opens nothing', async () => {
    const bindings = { VISITOR_SECRET, VISITOR_SECRET_PREVIOUS: '' }
    for (const [, token] of forged) expect(await readVisitorToken(bindings, token, NOW)).toBe(null)
  })
})

describe('a forged session cookie', () => {
  test('opens nothing, over HTTP or socket', async () => {
    const owner = await agent()
    const token = decodeURIComponent(owner.cookie).split('=')[1]?.split('.')[0] ?? ''
    expect(await cookieFor(token)).toBe(owner.cookie)
    const cookies = await forgedCookies(owner.cookie, token)
    expect(cookies.length).toBeGreaterThanOrEqual(20)
    for (const [name, cookie] of cookies) {
      const headers = { cookie, 'foyer-workspace': owner.workspace }
      for (const path of ['/api/v1/session', '/api/v1/members', `/api/v1/conversations/${conversation}`]) {
        const answer = await knock(path, { headers })
        expect([name, path, answer.status]).toEqual([name, path, 401])
        expectProblem(answer, 401, 'unauthorized')
        expect(answer.headers.get('set-cookie')).toBe(null)
      }
      for (const path of [
        `/api/v1/inbox/socket?workspace=${owner.workspace}`,
        `/api/v1/conversations/${conversation}/socket`,
      ]) {
        const line = await knockSocket(path, { cookie })
        expect([name, path, await line.gone(), line.raw]).toEqual([name, path, 4401, []])
      }
    }
    expect((await knock('/api/v1/session', { headers: { cookie: `a=b; ${owner.cookie}; c=d` } })).status).toBe(200)
  })

  test('one of an expired or ended session is worth nothing', async () => {
    const lea = await member('Lea')
    const expire = (at: number) =>
      env.DB.prepare('UPDATE sessions SET expires_at = ? WHERE user_id = (SELECT user_id FROM members WHERE id = ?)')
        .bind(at, lea.member)
        .run()
    const open = () => knock('/api/v1/session', { headers: { cookie: lea.cookie } })
    expect((await open()).status).toBe(200)
    await expire(Date.now() - 1)
    expectProblem(await open(), 401, 'unauthorized')
    await expire(Date.now() + 60_000)
    const out = await knock('/api/v1/session', { method: 'DELETE', headers: { cookie: lea.cookie } })
    expect(out.status).toBe(204)
    expectProblem(await open(), 401, 'unauthorized')
  })
})
