import { createExecutionContext, runInDurableObject, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Entry } from '../../core/conversation/entries.ts'
import { KEY_LIMIT } from '../../core/conversation/limits.ts'
import { SCOPES, type Scope } from '../../core/scopes.ts'
import { app } from '../../worker/app.ts'
import { hashSecret } from '../../worker/ids.ts'
import { asleep } from '../support/asleep.ts'
import { type Knock, knock, knockSocket } from '../support/corpora/knock.ts'
import { filled, nameOf, operations } from '../support/corpora/operations.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { installation, member } from '../support/installation.ts'
import { agent, colleague, indexed, stranger, visitor } from '../support/play.ts'

type Agent = Awaited<ReturnType<typeof agent>>

let owner: Agent
let channel: string
beforeAll(async () => {
  owner = await agent()
  channel = (await installation()).channel
})
afterEach(() => {
  vi.useRealTimers()
})

/** A program with a key of its own. */
async function program(scopes: readonly Scope[] = SCOPES, name = 'Order bot', by = owner) {
  const { body } = await by.ask('/api/v1/keys', { body: { name, scopes } })
  const secret: string = body.secret
  const headers = { authorization: `Bearer ${secret}`, origin: null }
  return {
    secret,
    key: body.key as { id: string; hint: string },
    ask: (path: string, options: Knock = {}) =>
      knock(path, { ...options, headers: { ...headers, ...options.headers } }),
  }
}

const talk = async (text = 'hello') => (await visitor()).arrives(text)
const one = (id: string) => `/api/v1/conversations/${id}`
const entriesOf = async (id: string): Promise<Entry[]> => (await owner.ask(`${one(id)}/entries`)).body.list

describe('[AP1] a key', () => {
  it('[AP1] is shown once, kept as a hash, and known by its beginning', async () => {
    const { secret, key } = await program()
    expect(secret).toMatch(/^fk_[A-Za-z0-9_-]{43}$/)
    const { list } = (await owner.ask('/api/v1/keys')).body
    expect(list[0]).toMatchObject({ id: key.id, name: 'Order bot', hint: secret.slice(0, 9), createdBy: owner.member })
    const stored = JSON.stringify((await env.DB.prepare('SELECT * FROM api_keys').all()).results)
    expect(stored).toContain(await hashSecret(secret))
    for (const text of [stored, JSON.stringify(list), JSON.stringify((await owner.ask('/api/v1/audit-log')).body)])
      expect(text).not.toContain(secret)
  })

  it('[AP1] that was revoked opens nothing from that moment', async () => {
    const bot = await program()
    const vic = await talk()
    expect((await bot.ask(one(vic.id))).status).toBe(200)
    expect((await owner.ask(`/api/v1/keys/${bot.key.id}`, { method: 'DELETE' })).status).toBe(204)
    expectProblem(await bot.ask(one(vic.id)), 401, 'invalid_key')
    expectProblem(await owner.ask(`/api/v1/keys/${bot.key.id}`, { method: 'DELETE' }), 404, 'not_found')
    expect(JSON.stringify((await owner.ask('/api/v1/keys')).body)).not.toContain(bot.key.id)
    const { list } = (await owner.ask('/api/v1/audit-log?kind=key&limit=2')).body
    expect(list.map((e: { action: string; subjectName: string }) => [e.action, e.subjectName])).toEqual([
      ['key.revoked', 'Order bot'],
      ['key.created', 'Order bot'],
    ])
  })

  it('[AP1] that is wrong is refused, however it is wrong, and slowed down', async () => {
    const { secret } = await program()
    const ip = { 'cf-connecting-ip': '203.0.113.7' }
    const tries = ['Bearer', `Bearer ${secret}x`, `Bearer fk_${'a'.repeat(43)}`, `Bearer ${secret} ${secret}`]
    for (const authorization of tries)
      expectProblem(await knock('/api/v1/channels', { headers: { authorization, ...ip } }), 401, 'invalid_key')
    for (const authorization of ['', `Basic ${secret}`, secret])
      expect(
        expectProblem(await knock('/api/v1/channels', { headers: { authorization, ...ip } }), 401, 'unauthorized')
          .detail,
      ).toContain('"Authorization: Bearer" and an API key')
    const wrong = () => knock('/api/v1/channels', { headers: { authorization: `Bearer fk_${'b'.repeat(43)}`, ...ip } })
    const answers = []
    for (let i = 0; i < 40; i += 1) answers.push(await wrong())
    const refused = answers.find(({ status }) => status === 429)
    if (!refused) throw new Error('never slowed down')
    expectProblem(refused, 429, 'too_many_attempts')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    // Whoever has a right one is not in the way of it.
    const right = { headers: { authorization: `Bearer ${secret}`, ...ip } }
    expect((await knock('/api/v1/channels', right)).status).toBe(200)
  })

  it('[AP1] is not looked for where a proxy asks for a password of its own', async () => {
    const headers = { authorization: 'Basic cHJveHk6cHJveHk=' }
    expect((await owner.ask('/api/v1/channels', { headers })).status).toBe(200)
  })

  it('[AP1] says when it was last used, to the minute, and no answer waits for that', async () => {
    const bot = await program()
    const used = async () =>
      (await owner.ask('/api/v1/keys')).body.list.find((k: { id: string }) => k.id === bot.key.id).lastUsedAt
    const use = async () => {
      const ctx = createExecutionContext()
      const headers = { authorization: `Bearer ${bot.secret}` }
      await app.fetch(new Request('http://localhost/api/v1/channels', { headers }), env, ctx)
      await waitOnExecutionContext(ctx)
    }
    expect(await used()).toBeNull()
    await use()
    const first = await used()
    expect(first).toEqual(expect.any(Number))
    await use()
    expect(await used()).toBe(first)
    vi.useFakeTimers({ toFake: ['Date'], now: first + 60_000 })
    await use()
    expect(await used()).toBe(first + 60_000)
  })

  it('[AP1] belongs to one workspace, whatever the request says', async () => {
    const mallory = await stranger()
    const theirs = await program(SCOPES, 'Spy', mallory)
    const vic = await talk('secret words')
    for (const [method, path, body] of [
      ['GET', one(vic.id), undefined],
      ['GET', `${one(vic.id)}/entries`, undefined],
      ['POST', `${one(vic.id)}/messages`, { text: 'hi' }],
      ['PATCH', one(vic.id), { status: 'closed' }],
    ] as const)
      expectProblem(await theirs.ask(path, { method, ...(body ? { body } : {}) }), 404, 'not_found')
    const headers = { 'foyer-workspace': owner.workspace }
    for (const path of ['/api/v1/conversations', '/api/v1/channels', '/api/v1/members'])
      expectProblem(await theirs.ask(path, { headers }), 403, 'forbidden')
    const start = { channel, text: 'hi', contact: {} }
    expectProblem(await theirs.ask('/api/v1/conversations', { body: start }), 422, 'invalid_request')
    expectProblem(
      await theirs.ask(one(vic.id), { method: 'PATCH', body: { assignee: owner.member } }),
      422,
      'unknown_member',
    )
  })

  it('[AP1] is made and revoked by administrators, never by a key', async () => {
    const ben = await colleague('Ben')
    for (const who of [ben, await program()]) {
      const wish = { body: { name: 'Mine', scopes: [...SCOPES] } }
      expectProblem(await who.ask('/api/v1/keys', wish), 403, 'forbidden')
      expectProblem(await who.ask('/api/v1/keys'), 403, 'forbidden')
    }
    expectProblem(await owner.ask('/api/v1/keys', { body: { name: 'None', scopes: [] } }), 422, 'invalid_request')
    expectProblem(await owner.ask('/api/v1/keys', { body: { name: 'Odd', scopes: ['fly'] } }), 422, 'invalid_request')
  })

  it('[AP1] opens no socket', async () => {
    const { secret } = await program()
    const vic = await talk()
    const authorization = `Bearer ${secret}`
    for (const path of [`${one(vic.id)}/socket`, `/api/v1/inbox/socket?workspace=${owner.workspace}`])
      expect(await (await knockSocket(path, { authorization })).gone()).toBe(4401)
  })
})

describe('[AP1][PR2] scopes × routes', () => {
  const OPERATIONS = operations().filter((operation) => operation.by === 'agent')

  it.each(OPERATIONS)('[PR2] $method $path', async (operation) => {
    const vic = await talk()
    const target = await member('Target')
    const names = { channel, member: target.member, conversation: vic.id }
    const asked = operations(names).find((each) => nameOf(each) === nameOf(operation))
    const id = operation.path.includes('/conversations/') ? vic.id : 'x'
    const request = { method: operation.method, ...(asked?.body ? { body: asked.body } : {}) }
    const ask = async (scopes: readonly Scope[]) => (await program(scopes)).ask(filled(operation.path, id), request)
    // Routes of the session look at the cookie alone.
    const ofPeople = /session|workspaces$/.test(operation.path)
    const { scope } = operation
    const others = SCOPES.filter((each) => each !== scope)
    const without = await ask(others)
    const told = expectProblem(
      without,
      ofPeople ? 401 : 403,
      ofPeople ? 'unauthorized' : scope === undefined ? '(forbidden|not_allowed)' : 'scope_missing',
    )
    if (scope === undefined) return
    expect(told.detail).toBe(`This key does not have the scope ${scope}.`)
    const answer = await ask([scope])
    // What stands in the place of ids may name nothing, or something that is not the key's own.
    expect([nameOf(operation), answer.status, answer.body.code ?? 'fine']).toEqual([
      nameOf(operation),
      expect.toSatisfy((status: number) => status < 300 || [403, 404, 409].includes(status)),
      expect.not.stringMatching(/^(scope_missing|forbidden)$/),
    ])
  })
})

describe('[AP1] what a program writes', () => {
  it('[AP1] comes to the visitor under its name, and to the team as unread of nobody', async () => {
    const bot = await program(['messages:write', 'notes:write'])
    const vic = await talk()
    const seat = await owner.opens(vic.id)
    await bot.ask(`${one(vic.id)}/messages`, { body: { text: 'Your parcel is on its way.' } })
    await bot.ask(`${one(vic.id)}/notes`, { body: { text: 'tracked' } })
    await vic.sees('Your parcel is on its way.')
    await seat.sees('tracked')
    expect(vic.texts).not.toContain('tracked')
    const joined = vic.entries.find((entry) => entry.type === 'agent.joined')
    expect(joined).toMatchObject({ author: `key:${bot.key.id}`, body: { name: 'Order bot' } })
    const row = (await owner.ask(one(vic.id))).body
    expect(row).toMatchObject({ status: 'waiting_human', assignee: null, visitorMessages: 1 })
  })

  it('[NT1] is under its name for every agent, notes alone and after the key was revoked too', async () => {
    const [bot, ben] = [await program(['notes:write'], 'Parcel tracker'), await colleague('Ben')]
    const vic = await talk()
    await bot.ask(`${one(vic.id)}/notes`, { body: { text: 'tracked' } })
    await owner.ask(`/api/v1/keys/${bot.key.id}`, { method: 'DELETE' })
    const note = (await entriesOf(vic.id)).find((entry) => entry.type === 'note.created')
    const { list } = (await ben.ask('/api/v1/programs')).body as { list: Array<{ id: string; name: string }> }
    expect(list.find(({ id }) => `key:${id}` === note?.author)).toEqual({ id: bot.key.id, name: 'Parcel tracker' })
    const elsewhere = (await (await stranger()).ask('/api/v1/programs')).body
    expect(JSON.stringify(elsewhere)).not.toContain('Parcel tracker')
  })

  it('[DL9] is limited for each key and conversation, with the exact moment from which the next is taken', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const [bot, other] = [await program(['messages:write', 'notes:write']), await program(['notes:write'], 'Other')]
    const [vic, eve] = [await talk(), await talk()]
    const notes = `${one(vic.id)}/notes`
    const writes = async (text: string, who = bot, path = notes) => who.ask(path, { body: { text } })
    const named = { body: { text: 'named' }, headers: { 'idempotency-key': 'once' } }
    expect((await bot.ask(notes, named)).status).toBe(201)
    for (let i = 1; i < KEY_LIMIT.burst; i += 1) expect((await writes(`note ${i}`)).status).toBe(201)
    const now = Date.now()
    for (const answer of [await writes('too many'), await bot.ask(notes, named)]) {
      expectProblem(answer, 429, 'rate_limited')
      expect(answer.body.retryAt).toBe(now + KEY_LIMIT.everyMs)
      expect(answer.headers.get('retry-after')).toBe('1')
    }
    expect((await writes('another key', other)).status).toBe(201)
    expect((await writes('another conversation', bot, `${one(eve.id)}/notes`)).status).toBe(201)
    vi.setSystemTime(now + KEY_LIMIT.everyMs - 1)
    expectProblem(await writes('too soon'), 429, 'rate_limited')
    vi.setSystemTime(now + KEY_LIMIT.everyMs)
    expect((await writes('in time')).status).toBe(201)
    expectProblem(await writes('too soon again'), 429, 'rate_limited')
    const written = (await entriesOf(vic.id)).filter((entry) => entry.type === 'note.created')
    expect(written).toHaveLength(KEY_LIMIT.burst + 2)
  })

  it('[MS8] can be edited and deleted by the same key, by no other', async () => {
    const [bot, other] = [await program(['messages:write']), await program(['messages:write'], 'Other')]
    const vic = await talk()
    const sent = await bot.ask(`${one(vic.id)}/messages`, { body: { text: 'on Monday' } })
    const n = sent.body.entries.find((entry: Entry) => entry.type === 'message.created').n
    const path = `${one(vic.id)}/messages/${n}`
    expectProblem(await other.ask(path, { method: 'PATCH', body: { text: 'never' } }), 403, 'not_allowed')
    expect((await bot.ask(path, { method: 'PATCH', body: { text: 'on Tuesday' } })).status).toBe(200)
    expectProblem(await other.ask(path, { method: 'DELETE' }), 403, 'not_allowed')
    expect((await bot.ask(path, { method: 'DELETE' })).status).toBe(200)
  })

  it('[CV12] with the scope, deletes; a request by name is then answered by nothing, and undoing brings it back', async () => {
    const bot = await program()
    const vic = await talk()
    const path = one(vic.id)
    const sent = { body: { text: 'secret words' }, headers: { 'idempotency-key': 'gone' } }
    const first = await bot.ask(`${path}/messages`, sent)
    expect(first.body.rev).toBeGreaterThan(0)
    expect((await bot.ask(path, { method: 'DELETE' })).status).toBe(202)
    for (const [where, options] of [
      [path, {}],
      [`${path}/entries`, {}],
      [`${path}/messages`, sent],
    ] as const)
      expectProblem(await bot.ask(where, options), 404, 'not_found')
    expectProblem(
      await (await program(['conversations:write'])).ask(`${path}/restoration`, { method: 'POST' }),
      403,
      'not_allowed',
    )
    expect((await bot.ask(`${path}/restoration`, { method: 'POST' })).status).toBe(200)
    expect((await bot.ask(`${path}/messages`, sent)).body.repeated).toBe(true)
  })

  it('[CV6] assigns to members alone', async () => {
    const bot = await program(['conversations:write'])
    const vic = await talk()
    const assign = (assignee: string | null) => bot.ask(one(vic.id), { method: 'PATCH', body: { assignee } })
    const assigned = await assign(owner.member)
    expect([assigned.status, assigned.body.rev]).toEqual([200, expect.toSatisfy((rev: number) => rev > 2)])
    expect((await owner.ask(one(vic.id))).body.assignee).toBe(owner.member)
    expectProblem(await assign((await stranger()).member), 422, 'unknown_member')
    expect((await assign(null)).status).toBe(200)
  })

  it('[CV4] obeys the policies of now, in a conversation that nobody told of them and in one that it begins', async () => {
    const bot = await program(['conversations:write', 'messages:write'])
    const begins = async (): Promise<string> =>
      one((await bot.ask('/api/v1/conversations', { body: { channel, text: 'hi', contact: {} } })).body.id)
    const closes = (path: string) => bot.ask(path, { method: 'PATCH', body: { status: 'closed' } })
    const writesOn = (path: string) => bot.ask(`${path}/messages`, { body: { text: 'one more thing', reopen: true } })
    const before = await begins()
    await closes(before)
    await indexed(owner.workspace)
    const decide = (body: object) => owner.ask(`/api/v1/channels/${channel}/policy`, { method: 'PATCH', body })
    await decide({ reopen: 'never' })
    expectProblem(await writesOn(before), 409, 'conversation_ended')
    const after = await begins()
    await closes(after)
    expectProblem(await writesOn(after), 409, 'conversation_ended')
    await decide({ inherit: ['reopen'] })
    expect((await writesOn(before)).status).toBe(201)
  })

  it('[PR3] its changes of settings stand in the audit log under its name', async () => {
    const bot = await program(['channels:write'], 'Deploy script')
    await bot.ask('/api/v1/channels', { body: { name: 'By script', origins: ['https://script.example'] } })
    expect((await owner.ask('/api/v1/audit-log?kind=channel&limit=1')).body.list).toMatchObject([
      { actor: `key:${bot.key.id}`, actorName: 'Deploy script', action: 'channel.created', subjectName: 'By script' },
    ])
  })
})

describe('[DL3][NT1] a key that may not read notes', () => {
  const CANARY = 'canary-9c1d-only-for-the-team'

  it('[DL3] finds nothing of them anywhere: lists, one, history, answers, refusals', async () => {
    const bot = await program(SCOPES.filter((scope) => scope !== 'notes:read'))
    const vic = await talk()
    const desk = await owner.opens(vic.id)
    await desk.notes(`${CANARY} live`)
    await owner.ask(one(vic.id), { method: 'PATCH', body: { assignee: owner.member } })
    await desk.says('public words')
    await desk.notes(`${CANARY} last`)
    await indexed(owner.workspace)
    const path = one(vic.id)
    const name = { 'idempotency-key': 'canary' }
    const answers = [
      await bot.ask('/api/v1/conversations'),
      await bot.ask(path),
      ...(await Promise.all(
        ['', '?limit=1', '?after=0.0', '?before=99.99', '?before=3.1&limit=1'].map((q) =>
          bot.ask(`${path}/entries${q}`),
        ),
      )),
      await bot.ask(`${path}/notes`, { body: { text: `${CANARY} by itself` }, headers: name }),
      await bot.ask(`${path}/notes`, { body: { text: `${CANARY} by itself` }, headers: name }),
      await bot.ask(`${path}/messages`, { body: { text: 'hi', quote: 99 } }),
      await bot.ask(`${path}/messages`, { body: { text: 'hi' } }),
      await bot.ask(path, { method: 'PATCH', body: { assignee: null } }),
      await bot.ask(path, { method: 'PATCH', body: { status: 'closed' } }),
    ]
    const received = answers.map(({ body }) => JSON.stringify(body)).join('\n')
    expect(received).toContain('public words')
    expect(received).not.toContain(CANARY)
    expect(received).not.toMatch(/"after":|note\.|conversation\.assigned/)
    // With the scope it is all there.
    const reader = await program(['conversations:read', 'notes:read'])
    expect(JSON.stringify((await reader.ask(`${path}/entries`)).body)).toContain(`${CANARY} live`)
  })

  it('[MS4][DL3] quotes in its notes what it may read, and cannot count what it may not', async () => {
    const vic = await talk()
    const notes = `${one(vic.id)}/notes`
    expect((await (await owner.opens(vic.id)).notes('between us')).answer.type).toBe('entries')
    const [reader, bot] = [await program(['notes:write', 'notes:read']), await program(['notes:write'])]
    const quoting = (who: typeof bot, quote: unknown) => who.ask(notes, { body: { text: 'about that', quote } })
    for (const quote of [2, 't1']) expect((await quoting(reader, quote)).body.entries[0].body.quote).toBe(quote)
    expect((await quoting(bot, 2)).status).toBe(201)
    for (const quote of ['t1', 't9', 99]) expectProblem(await quoting(bot, quote), 422, 'quote_not_found')
    for (const quote of ['t99', 't0', 't-1', 99]) expectProblem(await quoting(reader, quote), 422, 'quote_not_found')
    for (const quote of [0, '2', 'x1', null]) expectProblem(await quoting(reader, quote), 422, 'invalid_request')
    const named = { body: { text: 'sent twice', quote: 2 }, headers: { 'idempotency-key': 'n1' } }
    expect([(await reader.ask(notes, named)).status, (await reader.ask(notes, named)).body.repeated]).toEqual([
      201,
      true,
    ])
    const other = { ...named, body: { text: 'sent twice', quote: 1 } }
    expectProblem(await reader.ask(notes, other), 422, 'idempotency_key_conflict')
  })

  it('[DL3] reads the same bytes of history with notes and without', async () => {
    const bot = await program(['conversations:read'])
    const play = async (withNotes: boolean) => {
      const vic = await talk()
      const desk = await owner.opens(vic.id)
      if (withNotes) await desk.notes(CANARY)
      await desk.says('one')
      if (withNotes) await desk.notes(CANARY)
      const pages = await Promise.all(
        ['', '?limit=2', '?after=1'].map(async (query) => (await bot.ask(`${one(vic.id)}/entries${query}`)).body),
      )
      return JSON.stringify(pages)
        .replaceAll(vic.id, 'id')
        .replaceAll(/"at":\d+|visitor:\w+|t\d+:\d+/g, '')
    }
    expect(await play(true)).toBe(await play(false))
  })
})

describe('[CP3] a key that may not read contacts', () => {
  it('[CP3] gets conversations without names and addresses', async () => {
    const maker = await program(['conversations:write'])
    const started = await maker.ask('/api/v1/conversations', {
      body: { channel, text: 'From a form', contact: { name: 'Fay Form', email: 'fay@example.com' } },
    })
    const path = one(started.body.id)
    const [blind, seeing] = [
      await program(['conversations:read']),
      await program(['conversations:read', 'contacts:read']),
    ]
    for (const stage of ['live', 'indexed']) {
      if (stage === 'indexed') await indexed(owner.workspace)
      for (const where of [path, '/api/v1/conversations']) {
        expect(JSON.stringify((await blind.ask(where)).body)).not.toMatch(/Fay Form|fay@example/)
        expect(JSON.stringify((await seeing.ask(where)).body)).toMatch(/"Fay Form".*fay@example/)
      }
    }
  })
})

describe('[AP1] a key is told nothing that its scopes do not let it read', () => {
  it('[CP3] also not by the answer to what it may change', async () => {
    const started = await (await program(['conversations:write'])).ask('/api/v1/conversations', {
      body: { channel, text: 'From a form', contact: { name: 'Fay Form', email: 'fay@example.com' } },
    })
    const contact = `/api/v1/contacts/${(await owner.ask(one(started.body.id))).body.contact.id}`
    const [writer, reader] = [await program(['contacts:write']), await program(['contacts:write', 'contacts:read'])]
    const change = async (bot: typeof writer, body: object) =>
      (await bot.ask(contact, { method: 'PATCH', body })).body as { name: string | null; email: string | null }
    expect(await change(writer, {})).toMatchObject({ name: null, email: null })
    expect(await change(writer, { name: 'Fay' })).toMatchObject({ name: 'Fay', email: null })
    expect(await change(reader, {})).toMatchObject({ name: 'Fay', email: 'fay@example.com' })
  })

  it('[RT8] the score that the team gave itself', async () => {
    const vic = await talk()
    await owner.ask(`${one(vic.id)}/score`, { method: 'PUT', body: { score: 2 } })
    const [blind, reader] = [
      await program(['conversations:read']),
      await program(['conversations:read', 'ratings:read']),
    ]
    const given = { rating: { score: 2, source: 'agent' } }
    expect((await blind.ask(one(vic.id))).body).not.toHaveProperty('rating')
    expect((await reader.ask(one(vic.id))).body).toMatchObject(given)
    await owner.ask(`${one(vic.id)}/rating-requests`, { method: 'POST' })
    await vic.does({ type: 'submit_rating', score: 5 })
    expect((await blind.ask(one(vic.id))).body).toMatchObject({ rating: { score: 5, source: 'visitor' } })
  })
})

describe('[CH8] a conversation that begins by API', () => {
  const start = (bot: Awaited<ReturnType<typeof program>>, body: object, key?: string) =>
    bot.ask('/api/v1/conversations', { body, ...(key ? { headers: { 'idempotency-key': key } } : {}) })

  it('[CH8] begins with what the contact wrote, and waits like any other', async () => {
    const bot = await program(['conversations:write'])
    const body = { channel, text: 'Where is my parcel?', contact: { name: 'Fay', email: 'FAY@example.com' } }
    const started = await start(bot, body)
    expect(started.status).toBe(201)
    expect((await owner.ask(one(started.body.id))).body).toMatchObject({
      status: 'waiting_human',
      channel,
      contact: { name: 'Fay', email: 'fay@example.com' },
      visitorMessages: 1,
      lastMessage: { text: 'Where is my parcel?', author: expect.stringMatching(/^visitor:/) },
    })
  })

  it('[AP2] begins once under one Idempotency-Key, and a new one without', async () => {
    const bot = await program(['conversations:write'])
    const body = { channel, text: 'Once', contact: { name: 'Fay' } }
    const first = await start(bot, body, 'order 7')
    const again = await start(bot, body, 'order 7')
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body])
    for (const other of [
      { ...body, text: 'Other' },
      { ...body, contact: { name: 'Eve' } },
    ])
      expectProblem(await start(bot, other, 'order 7'), 422, 'idempotency_key_conflict')
    expect((await owner.ask(one(first.body.id))).body).toMatchObject({ contact: { name: 'Fay' }, visitorMessages: 1 })
    const elsewhere = await start(await program(['conversations:write']), body, 'order 7')
    expect(new Set([first, await start(bot, body), await start(bot, body), elsewhere].map((a) => a.body.id)).size).toBe(
      4,
    )
  })

  it('[AP2] does nothing the second time: what an agent has put right since stays', async () => {
    const bot = await program(['conversations:write'])
    const body = { channel, text: 'From a form', contact: { name: 'Fay', email: 'fay@example.com' } }
    const { id } = (await start(bot, body, 'form-7')).body
    const contactOf = async () => (await owner.ask(one(id))).body.contact
    const known = await contactOf()
    await owner.ask(`/api/v1/contacts/${known.id}`, { method: 'PATCH', body: { name: 'Faye', email: null } })
    expect((await start(bot, body, 'form-7')).status).toBe(200)
    expect(await contactOf()).toMatchObject({ name: 'Faye', email: null })
  })

  it('[DL9] is refused before anything comes into being, where the text, the channel or the number is wrong', async () => {
    const bot = await program(['conversations:write'])
    expectProblem(await start(bot, { channel, text: ' ', contact: {} }), 422, 'message_blank')
    const unknown = expectProblem(await start(bot, { channel: 'ch_none', text: 'hi', contact: {} }), 422)
    expect(unknown.errors).toEqual([{ path: 'channel', message: 'is no channel of the workspace' }])
    expectProblem(await start(bot, { channel, text: 'hi', contact: { email: 'no' } }), 422, 'invalid_request')
    const statuses: number[] = []
    for (let i = 0; i < 105; i += 1) statuses.push((await start(bot, { channel, text: `hi ${i}`, contact: {} })).status)
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(100)
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('[AP2] Idempotency-Key', () => {
  const send = (bot: { ask: Agent['ask'] | typeof knock }, id: string, kind: string, text: string, key: string) =>
    bot.ask(`${one(id)}/${kind}`, { body: { text }, headers: { 'idempotency-key': key } })

  it.each(['messages', 'notes'])('[AP2] %s: sent again, it gets the same answer and is written once', async (kind) => {
    const bot = await program()
    const vic = await talk()
    const first = await send(bot, vic.id, kind, 'once', 'n1')
    const again = await send(bot, vic.id, kind, 'once', 'n1')
    expect([first.status, again.status]).toEqual([201, 201])
    const last = first.body.entries.at(-1)
    expect(again.body).toMatchObject({ repeated: true, entries: [last] })
    expectProblem(await send(bot, vic.id, kind, 'other', 'n1'), 422, 'idempotency_key_conflict')
    const texts = (await entriesOf(vic.id)).flatMap((entry) => ('text' in entry.body ? [entry.body.text] : []))
    expect(texts.filter((text) => text === 'once')).toHaveLength(1)
    expect(texts).not.toContain('other')
    // The same name of another caller is another.
    expect((await send(await program(), vic.id, kind, 'other', 'n1')).body.repeated).toBe(false)
    expect((await send(owner, vic.id, kind, 'third', 'n1')).body.repeated).toBe(false)
  })

  it('[AP2] at once and twice: one of them writes', async () => {
    const bot = await program()
    const vic = await talk()
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(bot, vic.id, 'messages', 'race', 'r1')))
    expect(answers.filter(({ body }) => body.repeated === false)).toHaveLength(1)
    expect((await entriesOf(vic.id)).filter((e) => 'text' in e.body && e.body.text === 'race')).toHaveLength(1)
  })

  it('[AP2] what was refused is not remembered', async () => {
    const bot = await program()
    const vic = await talk()
    expectProblem(await send(bot, vic.id, 'messages', ' ', 'b1'), 422, 'message_blank')
    expect((await send(bot, vic.id, 'messages', 'now with words', 'b1')).status).toBe(201)
  })

  it('[AP2] is known for a day, through sleep, and swept then; who never used it has no table', async () => {
    const bot = await program()
    const [vic, plain] = [await talk(), await talk()]
    const stub = (id: string) => env.CONVERSATION.getByName(id)
    const rows = (id: string) =>
      runInDurableObject(stub(id), (_, ctx) =>
        ctx.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'idempotency'").toArray().length === 0
          ? null
          : ctx.storage.sql.exec('SELECT key FROM idempotency').toArray().length,
      )
    await send(bot, vic.id, 'messages', 'first', 'd1')
    await bot.ask(`${one(plain.id)}/messages`, { body: { text: 'no name' } })
    expect([await rows(vic.id), await rows(plain.id)]).toEqual([1, null])
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: now + 86_000_000 })
    await asleep(stub(vic.id))
    expect((await send(bot, vic.id, 'messages', 'first', 'd1')).body.repeated).toBe(true)
    vi.setSystemTime(now + 86_400_000 + 5_000)
    expect((await send(bot, vic.id, 'messages', 'first', 'd1')).body.repeated).toBe(false)
    expect(await rows(vic.id)).toBe(1)
  })
})
