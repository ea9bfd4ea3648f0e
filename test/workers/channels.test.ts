import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { CAPABILITIES, CHANNEL_KINDS } from '../../core/channelKinds.ts'
import { app } from '../../worker/app.ts'
import { factsOf } from '../../worker/facts.ts'
import { knock } from '../support/corpora/knock.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { installation, ORIGIN } from '../support/installation.ts'
import { agent, colleague, indexed, stranger, visitor } from '../support/play.ts'

type Agent = Awaited<ReturnType<typeof agent>>
let owner: Agent
beforeAll(async () => {
  owner = await agent()
})

const create = (body: object, by = owner) => by.ask('/api/v1/channels', { body })
const change = (id: string, body: object, by = owner) => by.ask(`/api/v1/channels/${id}`, { method: 'PATCH', body })

describe('[VW5] channels', () => {
  it('[VW5] several in a workspace, each with name, websites, colour and greeting; dashboards are told', async () => {
    const watching = await (await colleague('Ben')).watches()
    const told = async (from: number) => watching.get((f) => f.type === 'changed' && f.what === 'channels', from)
    const made = await create({ name: ' Blog ', origins: ['blog.example/path?x=1', 'HTTP://Localhost:8080'] })
    await told(0)
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      id: expect.stringMatching(/^ch_/),
      kind: 'web',
      name: 'Blog',
      origins: ['https://blog.example', 'http://localhost:8080'],
      colour: '#1d5fc4',
      greeting: '',
    })
    const from = watching.frames.length
    const changed = await change(made.body.id, { colour: '#AB12CD', greeting: '  Hello <b>there</b>\n👋 ' })
    await told(from)
    expect(changed.body).toEqual({ ...made.body, colour: '#ab12cd', greeting: 'Hello <b>there</b>\n👋' })
    expect((await change(made.body.id, {})).body).toEqual(changed.body)
    const { list } = (await owner.ask('/api/v1/channels')).body
    expect(list.map((c: { name: string }) => c.name)).toEqual(['Website', 'Blog'])
    expect(list[1]).toEqual(changed.body)
    // The widget has it from its own session, and stands on its own websites alone.
    const session = await knock('/widget/v1/sessions', { body: { channel: made.body.id } })
    expect(session.body).toMatchObject({ colour: '#ab12cd', greeting: changed.body.greeting, email: null })
    const frame = await knock(`/widget/frame?channel=${made.body.id}`)
    if (frame.status === 200)
      expect(frame.headers.get('content-security-policy')).toContain(
        "frame-ancestors 'self' https://blog.example http://localhost:8080",
      )
  })

  it.each([
    ['no website', { origins: [] }],
    ['twenty-one websites', { origins: Array.from({ length: 21 }, (_, i) => `a${i}.example`) }],
    ['a scheme that is none', { origins: ['javascript:alert(1)'] }],
    ['a policy in a website', { origins: ['https://a.example; script-src *'] }],
    ['two websites in one', { origins: ['https://a.example https://b.example'] }],
    ['a wildcard', { origins: ['https://*.example'] }],
    ['a name of blanks', { name: '  ' }],
    ['a long name', { name: 'x'.repeat(61) }],
    ['a long greeting', { greeting: 'x'.repeat(301) }],
    ['a colour in words', { colour: 'red' }],
    ['a colour with a tail', { colour: '#112233;background:url(//evil.example)' }],
    ['a short colour', { colour: '#123' }],
    ['a kind without websites', { kind: 'email' }],
    ['a kind that is none', { kind: 'fax' }],
    ['another workspace', { workspaceId: 'w_other' }],
  ])('[VW5] %s is refused', async (_, wrong) => {
    expectProblem(await create({ name: 'X', origins: ['x.example'], ...wrong }), 422, 'invalid_request')
    expectProblem(await change((await installation()).channel, wrong), 422, 'invalid_request')
  })

  it('[CH8] of every kind, and a conversation of each, are made by the API', async () => {
    for (const kind of CHANNEL_KINDS) {
      const origins = CAPABILITIES[kind].widget ? ['kinds.example'] : []
      const made = await create({ kind, name: CAPABILITIES[kind].name, origins })
      expect([made.status, made.body.kind, made.body.origins.length]).toEqual([201, kind, origins.length])
      const body = { channel: made.body.id, text: `By ${kind}`, contact: {} }
      const started = await owner.ask('/api/v1/conversations', { body })
      expect(started.status).toBe(201)
      const read = await owner.ask(`/api/v1/conversations/${started.body.id}`)
      expect(read.body).toMatchObject({ channel: made.body.id, lastMessage: { text: `By ${kind}` } })
      if (origins.length > 0) continue
      // What is not put on websites has no widget, and names none.
      expectProblem(await knock('/widget/v1/sessions', { body: { channel: made.body.id } }), 404, 'not_found')
      const wrong = await change(made.body.id, { origins: ['kinds.example'] })
      expect(expectProblem(wrong, 422, 'invalid_request').errors).toEqual([
        { path: 'origins', message: 'are for channels of the kind web' },
      ])
      expect((await change(made.body.id, { name: 'Renamed' })).body.name).toBe('Renamed')
    }
  })

  it('[PR2] of another workspace is not there', async () => {
    const mallory = await stranger()
    const { channel } = await installation()
    expectProblem(await change(channel, { name: 'Mine now' }, mallory), 404, 'not_found')
    expect((await mallory.ask('/api/v1/channels')).body.list).toEqual([])
    const own = (await create({ name: 'Elsewhere', origins: ['m.example'] }, mallory)).body
    expectProblem(await change(own.id, { name: 'Theirs' }), 404, 'not_found')
    // A visitor of one workspace starts nothing in a channel of another.
    const browser = await visitor()
    const body = { channel: own.id, clientId: 'x:1', text: 'x', source: { page: null, title: null, referrer: null } }
    expectProblem(
      await knock('/widget/v1/conversations', { body, headers: { authorization: `Bearer ${browser.token}` } }),
      404,
      'not_found',
    )
  })
})

describe('[PR1] one more workspace', () => {
  it('[PR1] is made by who owns one, who owns it alone; nobody of the first sees into it', async () => {
    const answer = await owner.ask('/api/v1/workspaces', { body: { name: 'Second', timeZone: 'Asia/Tokyo' } })
    expect(answer.status).toBe(201)
    const second = answer.body.memberships.find((m: { workspace: { name: string } }) => m.workspace.name === 'Second')
    expect(second).toMatchObject({ role: 'owner', workspace: { timeZone: 'Asia/Tokyo' } })
    const there = await agent({ ...owner, workspace: second.workspace.id, member: second.member })
    expect((await there.ask('/api/v1/members')).body.list).toMatchObject([{ id: second.member, role: 'owner' }])
    for (const path of ['/api/v1/channels', '/api/v1/conversations'])
      expect((await there.ask(path)).body.list).toEqual([])
    const ben = await colleague('Ben', 'admin')
    expectProblem(await ben.ask('/api/v1/workspaces', { body: { name: 'Mine', timeZone: 'UTC' } }), 403, 'forbidden')
    const sneaky = await agent({ ...ben, workspace: second.workspace.id })
    expectProblem(await sneaky.ask('/api/v1/members'), 403, 'forbidden')
    expect(await (await sneaky.watches()).gone()).toBe(4403)
    // One session watches both, each with what is its own.
    const [here, other] = [await owner.watches(), await there.watches()]
    const vic = await (await visitor()).arrives('only in the first')
    await here.get((f) => f.type === 'rows' && f.list.some((r) => r.id === vic.id))
    expect(other.raw.join()).not.toContain('only in the first')
    expect((await there.ask(`/api/v1/conversations/${vic.id}`)).status).toBe(200)
  })
})

describe('[CP3] contacts', () => {
  it('[CP3] first seen is when they first wrote, before D1 has it and after, in every conversation', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const read = async (id: string) => (await owner.ask(`/api/v1/conversations/${id}`)).body
    const { startedAt, contact } = await read(vic.id)
    expect(contact.createdAt).toBe(startedAt)
    await indexed(owner.workspace)
    expect((await read(vic.id)).contact.createdAt).toBe(startedAt)
    const second = await browser.arrives('me again')
    const later = await read(second.id)
    expect(later.startedAt).toBeGreaterThan(startedAt)
    expect(later.contact).toEqual(contact)
    await indexed(owner.workspace)
    const { list } = (await owner.ask('/api/v1/conversations')).body
    const theirs = list.filter((c: { contact: { id: string } }) => c.contact.id === contact.id)
    expect(theirs.map((c: { contact: object }) => c.contact)).toEqual([contact, contact])
  })

  it('[CP3] name and email are changed in place, each dashboard sees it, and lists say it', async () => {
    const vic = await (await visitor()).arrives('hello')
    const watching = await (await colleague('Ben')).watches()
    const { contact } = (await owner.ask(`/api/v1/conversations/${vic.id}`)).body
    const put = (body: object, by: Agent = owner) => by.ask(`/api/v1/contacts/${contact.id}`, { method: 'PATCH', body })
    await indexed(owner.workspace)
    const named = await put({ name: ' Vic <script>alert(1)</script> ' })
    const nameless = { id: contact.id, name: null, email: null, createdAt: contact.createdAt }
    const expected = { ...nameless, name: 'Vic <script>alert(1)</script>' }
    expect([named.status, named.body]).toEqual([200, expected])
    expect(await watching.get((f) => f.type === 'contact')).toEqual({ type: 'contact', contact: expected })
    expect((await put({ email: 'VIC@Example.com' })).body).toEqual({ ...expected, email: 'vic@example.com' })
    for (const path of ['/api/v1/conversations', `/api/v1/conversations/${vic.id}`]) {
      const { body } = await owner.ask(path)
      const found = body.list?.find((c: { id: string }) => c.id === vic.id) ?? body
      expect(found.contact).toEqual({ ...expected, email: 'vic@example.com' })
    }
    expect((await put({ name: null, email: null })).body).toEqual(nameless)
    expect((await put({})).body).toEqual(nameless)
    expectProblem(await put({ name: 'x' }, await stranger()), 404, 'not_found')
    for (const wrong of [
      { name: ' ' },
      { name: 'x'.repeat(81) },
      { name: 'a\u0000b' },
      { email: 'vic' },
      { id: 'c_x' },
    ])
      expectProblem(await put(wrong), 422, 'invalid_request')
  })
})

describe('[CP3][CP4] what the edge knows of a visit', () => {
  const CHROME =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36'
  const PHONE =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
  const NOTHING = { page: null, title: null, referrer: null }
  const SOURCE_KEYS = ['browser', 'country', 'device', 'language', 'os', 'page', 'referrer', 'title', 'utm']

  const request = (headers: Record<string, string>, country?: unknown) =>
    new Request('http://localhost/', { headers, ...(country === undefined ? {} : { cf: { country } as never }) })

  it('[CP3] browser, system, device, language and country, once the conversation starts', async () => {
    const { channel } = await installation()
    const browser = await visitor()
    const page = 'https://shop.example/tea?utm_source=News%20letter&utm_medium=email&utm_campaign=&utm_content=%20x%20'
    const sent = new Request('http://localhost/widget/v1/conversations', {
      method: 'POST',
      headers: {
        origin: ORIGIN,
        'content-type': 'application/json',
        authorization: `Bearer ${browser.token}`,
        'user-agent': CHROME,
        'accept-language': 'de-CH,de;q=0.9,en;q=0.8',
      },
      body: JSON.stringify({
        channel,
        clientId: 'facts:1',
        text: 'hello',
        source: { page, title: 'Tea <img src=x onerror=alert(1)>', referrer: 'https://news.example/' },
      }),
      cf: { country: 'CH' } as never,
    })
    const started: { id: string } = await (await app.fetch(sent, env)).json()
    const { source } = (await owner.ask(`/api/v1/conversations/${started.id}`)).body
    expect(source).toEqual({
      page,
      title: 'Tea <img src=x onerror=alert(1)>',
      referrer: 'https://news.example/',
      utm: { source: 'News letter', medium: 'email', campaign: null, term: null, content: 'x' },
      browser: 'Chrome 129',
      os: expect.stringMatching(/^Windows/),
      device: 'desktop',
      language: 'de-CH',
      country: 'CH',
    })
    // The first source stays with the contact, whatever comes later.
    await indexed(owner.workspace)
    const stored = await env.DB.prepare(
      'SELECT first_source FROM contacts WHERE id = (SELECT contact_id FROM conversations WHERE id = ?)',
    )
      .bind(started.id)
      .first<{ first_source: string }>()
    expect(JSON.parse(stored?.first_source ?? '')).toEqual(source)
    expect((await browser.start('again', 'facts:2')).status).toBe(201)
    await indexed(owner.workspace)
    const after = await env.DB.prepare('SELECT first_source FROM contacts WHERE id = ?')
      .bind((await owner.ask(`/api/v1/conversations/${started.id}`)).body.contact.id)
      .first<{ first_source: string }>()
    expect(after).toEqual(stored)
    // None of it is for the visitor's side.
    const seat = await browser.opens(started.id)
    expect(seat.line.raw.join()).not.toMatch(/Chrome|utm|de-CH|"source"/)
  })

  it('[CP3] a phone is a phone', () => {
    expect(factsOf(request({ 'user-agent': PHONE }), NOTHING)).toMatchObject({
      browser: 'Safari 17',
      os: 'iOS 17.5',
      device: 'mobile',
    })
  })

  it.each<[string, Record<string, string>, unknown]>([
    ['nothing at all', {}, undefined],
    ['an empty user agent', { 'user-agent': '' }, undefined],
    ['10 kB of user agent', { 'user-agent': `${CHROME} ${'x/1.0 ('.repeat(1_400)}` }, undefined],
    ['a user agent of brackets', { 'user-agent': '('.repeat(10_000) }, undefined],
    ['a script in the user agent', { 'user-agent': '<script>alert(1)</script>/9 Chrome/<b>1</b>' }, undefined],
    ['a statement', { 'user-agent': "'; DROP TABLE conversations; --", 'accept-language': "' OR 1=1" }, undefined],
    ['a language that is none', { 'accept-language': 'q=1,*,_,<script>' }, 7],
    ['a wildcard language', { 'accept-language': '*' }, ''],
    ['10 kB of a valid language', { 'accept-language': `en-x-${'abcdefgh-'.repeat(1_000)}a` }, 'de'],
    ['languages without end', { 'accept-language': 'en,'.repeat(4_000) }, 'USA'],
    ['a country that is an object', {}, { code: 'CH' }],
    ['the unknown country', {}, 'XX'],
    ['Tor', {}, 'T1'],
    ['a script as country', {}, '<script>'],
  ])('[CP3] %s: short texts or null, never an error', (_, headers, country) => {
    const facts = factsOf(request(headers, country), NOTHING)
    expect(Object.keys(facts).sort()).toEqual(SOURCE_KEYS)
    const { page: _page, title: _title, referrer: _referrer, utm, ...rest } = facts
    expect([utm, facts.country]).toEqual([null, null])
    for (const value of Object.values(rest))
      expect(value === null || (value.length > 0 && value.length <= 200)).toBe(true)
    expect(facts.language ?? 'en').toMatch(/^[A-Za-z0-9-]{2,35}$/)
  })

  it.each([
    ['javascript:alert(1)?utm_source=x', null],
    ['not an address', null],
    ['', null],
    ['https://a.example/', null],
    ['https://a.example/?utm_source=', null],
    ['https://a.example/?utm_source=%20%20', null],
    ['https://a.example/#utm_source=x', null],
    ['https://a.example/?UTM_SOURCE=x', null],
    ['https://a.example/?utm_source=%E0%A4%A', '\uFFFDA'],
    ['https://a.example/?utm_source=one&utm_source=two', 'one'],
    ['https://a.example/?utm_source=<script>alert(1)</script>', '<script>alert(1)</script>'],
    [`https://a.example/?utm_source=${'x'.repeat(1_900)}`, 'x'.repeat(200)],
  ])('[CP4] the campaign in %j', (page, source) => {
    const { utm } = factsOf(request({}), { ...NOTHING, page })
    if (page.startsWith('javascript:')) return expect(JSON.stringify(utm ?? null).length).toBeLessThan(200)
    expect(utm?.source ?? null).toEqual(source === '\uFFFDA' ? expect.stringMatching(/\uFFFD/) : source)
  })

  it('[CP4] what the page tells may be odd, not endless; who claims more is refused', async () => {
    const { channel } = await installation()
    const browser = await visitor()
    const start = (source: object, n: number) =>
      knock('/widget/v1/conversations', {
        body: { channel, clientId: `odd:${n}`, text: 'x', source },
        headers: { authorization: `Bearer ${browser.token}` },
      })
    expect(
      (await start({ page: 'javascript:alert(1)', title: '\u202e<b>', referrer: 'x'.repeat(2_000) }, 1)).status,
    ).toBe(201)
    for (const wrong of [
      { ...NOTHING, page: 'x'.repeat(2_001) },
      { ...NOTHING, country: 'CH' },
      { ...NOTHING, utm: { source: 'x' } },
      { page: null, title: null },
    ])
      expectProblem(await start(wrong, 2), 422, 'invalid_request')
  })
})
