/**
 * Transcripts by mail, from the request to the mailbox (TR1–TR9):
 * the running Worker, its queue, and real mail servers.
 */
import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import PostalMime, { type Email } from 'postal-mime'
import { beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import type { PublicEntry } from '../../core/conversation/entries.ts'
import type { TranscriptJob } from '../../core/protocol/effectCalls.ts'
import { TRANSCRIPTS_PER_RECIPIENT } from '../../worker/auth/throttle.ts'
import { newId } from '../../worker/ids.ts'
import worker from '../../worker/index.ts'
import { asleep } from '../support/asleep.ts'
import { knock } from '../support/corpora/knock.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { eventually } from '../support/eventually.ts'
import { MAIL_ACCOUNT } from '../support/mailAccount.ts'
import { type Answer, agent, ask, stranger, visitor } from '../support/play.ts'

const ports = inject('smtp')
const CANARY = 'canary-9b1e-only-for-the-team'
const FROM = 'help@shop.example'
let owner: Awaited<ReturnType<typeof agent>>

const serverIs = (server: 'tls' | 'unreliable') =>
  owner.ask('/api/v1/smtp', {
    method: 'PUT',
    body: { ...MAIL_ACCOUNT, host: 'localhost', port: ports[server], security: 'tls' },
  })

beforeAll(async () => {
  owner = await agent()
  await env.DB.prepare(
    `INSERT INTO senders (id, workspace_id, address, verified_at, created_at, code_hash, code_expires_at, tries_left)
     VALUES ('sd_1', ?, ?, 1, 1, '', 0, 0)`,
  )
    .bind(owner.workspace, FROM)
    .run()
})
beforeEach(async () => {
  await env.DB.prepare('DELETE FROM throttles').run()
  await serverIs('tls')
})

let recipients = 0
const recipient = (name = 'vic') => `${name}-${++recipients}@example.com`
const body = (to: string) => ({ to, from: FROM, name: 'Tide & Thread' })
const path = (id: string, rest = '') => `/api/v1/conversations/${id}/transcripts${rest}`
const sends = (id: string, to: string, options = {}) => owner.ask(path(id), { body: body(to), ...options })

async function arrivedAt(to: string): Promise<Array<Email & { raw: string }>> {
  const answer = await fetch(`http://127.0.0.1:${ports['mails']}/mails/${encodeURIComponent(to)}`)
  const mails = (await answer.json()) as Array<{ raw: string }>
  return Promise.all(mails.map(async ({ raw }) => ({ ...(await PostalMime.parse(raw)), raw })))
}
const theMail = (to: string) =>
  eventually(
    async () => {
      const [mail] = await arrivedAt(to)
      if (!mail) throw new Error(`nothing arrived at ${to}`)
      return mail
    },
    { timeout: 20_000, interval: 100 },
  )
/** Bodies of mails end their lines by CRLF, and in a line break of their own. */
const plain = (text: string | undefined) => (text ?? '').replaceAll('\r\n', '\n').trimEnd()

const ended = (id: string, request: number) =>
  eventually(
    async () => {
      const { body } = await owner.ask(path(id))
      const state = body.list.find((one: { request: number }) => one.request === request)
      if (state.state === 'pending' || state.state === 'running') throw new Error(state.state)
      return state
    },
    { timeout: 20_000, interval: 100 },
  )

async function talk(text = 'Where is my parcel?') {
  const browser = await visitor()
  const vic = await browser.arrives(text)
  const desk = await owner.opens(vic.id)
  await desk.says('It left yesterday.')
  await desk.notes(`${CANARY} he is angry`)
  await vic.sees('It left yesterday.')
  return { browser, vic, desk, id: vic.id }
}

describe('a transcript', () => {
  it('[TR1][TR3][TR4][TR7][TR9] arrives as the preview showed it, to the byte, and both sides are told', async () => {
    const { id, vic, desk } = await talk()
    await desk.says('Sorry, a typo: it leaves todya.')
    await vic.sees('Sorry, a typo: it leaves todya.')
    await desk.does({ type: 'delete_message', ref: 6 })
    const html = await owner.ask(`/api/v1/conversations/${id}/transcript.html?as=mail`)
    const text = await owner.ask(`/api/v1/conversations/${id}/transcript.txt?as=mail`)
    const to = recipient()
    const asked = await sends(id, to)
    expect([asked.status, asked.body]).toEqual([202, expect.objectContaining({ request: 1, to, from: FROM })])
    await desk.says('Said after it was asked for.')
    const mail = await theMail(to)
    expect(plain(mail.html)).toBe(plain(html.body))
    expect(plain(mail.text)).toBe(plain(text.body))
    expect(mail).toMatchObject({
      from: { address: FROM, name: 'Tide & Thread' },
      subject: 'Your conversation with Tide & Thread',
    })
    expect(mail.html).toContain('Where is my parcel?')
    expect(mail.raw + mail.html + mail.text).not.toMatch(/canary|todya|after it was asked/)
    expect(await ended(id, 1)).toMatchObject({ state: 'done', reason: null, by: `agent:${owner.member}` })
    const { body: log } = await owner.ask(`/api/v1/conversations/${id}/entries?limit=100`)
    const told = log.list.filter(({ type }: { type: string }) => type.startsWith('transcript.'))
    expect(told.map(({ type, author }: { type: string; author: string }) => [type, author])).toEqual([
      ['transcript.requested', `agent:${owner.member}`],
      ['transcript.sent', 'system'],
      ['transcript.settled', 'system'],
    ])
    await vic.line.get((f) => f.type === 'entries' && f.list.some((e) => e.type === 'transcript.sent'))
    expect(vic.line.raw.join('\n')).not.toContain(to)
    expect(await arrivedAt(to)).toHaveLength(1)
  })

  it('[TR5] five within the hour; the sixth is refused with the time, over HTTP as Retry-After', async () => {
    const { id } = await talk()
    for (let i = 0; i < 5; i += 1) expect((await sends(id, recipient())).status).toBe(202)
    const sixth = await sends(id, recipient())
    expectProblem(sixth, 429, 'too_many_transcripts')
    const wait = Number(sixth.headers.get('retry-after'))
    expect(sixth.body.retryAt).toBeGreaterThan(Date.now() + 3_500_000)
    expect([wait > 3_500, wait <= 3_600]).toEqual([true, true])
    expect((await owner.ask(path(id))).body.list).toHaveLength(5)
    // Downloads are free.
    expect((await owner.ask(`/api/v1/conversations/${id}/transcript.txt`)).status).toBe(200)
  })

  it('[Q10][TR5] of two who want the last place one gets it', async () => {
    const { id } = await talk()
    for (let i = 0; i < 4; i += 1) await sends(id, recipient())
    const both = await Promise.all([sends(id, recipient()), sends(id, recipient())])
    expect(both.map(({ status }) => status).sort()).toEqual([202, 429])
    // The other hears when the first of the five makes room.
    const { list } = (await owner.ask(path(id))).body
    const first = Math.min(...list.map(({ at }: { at: number }) => at))
    const lost = both.find(({ status }) => status === 429)
    expect(lost?.body).toMatchObject({ code: 'too_many_transcripts', retryAt: first + 3_600_000 })
  })

  it('[TR1][TR8] says what is wrong at its field, and lets no header be smuggled in', async () => {
    const { id } = await talk()
    const wrong = async (change: object) =>
      (await owner.ask(path(id), { body: { ...body('vic@example.com'), ...change } })).body
    expect(await wrong({ to: 'vic' })).toMatchObject({ code: 'invalid_request', errors: [{ path: 'to' }] })
    expect(await wrong({ to: 'vic@example.com\r\nBcc: eve@example.com' })).toMatchObject({ errors: [{ path: 'to' }] })
    expect(await wrong({ name: 'Shop\r\nBcc: eve@example.com' })).toMatchObject({ errors: [{ path: 'name' }] })
    expect((await wrong({ name: ' ' })).errors[0]).toMatchObject({ path: 'name' })
    expect(await wrong({ from: 'eve@example.com' })).toMatchObject({
      code: 'sender_not_verified',
      errors: [{ path: 'from' }],
    })
    expect((await owner.ask(path(id))).body.list).toEqual([])
  })

  it('[TR2] of nothing is refused', async () => {
    const vic = await (await visitor()).arrives('erased')
    const desk = await owner.opens(vic.id)
    await desk.does({ type: 'delete_message', ref: 2 })
    expectProblem(await sends(vic.id, recipient()), 409, 'transcript_empty')
    expectProblem(await owner.ask(`/api/v1/conversations/${vic.id}/transcript.html`), 409, 'transcript_empty')
  })

  it('[TR8] so many to one mailbox, wherever they come from', async () => {
    const { id } = await talk()
    const to = recipient()
    const arrival = Date.now() + TRANSCRIPTS_PER_RECIPIENT.burst * TRANSCRIPTS_PER_RECIPIENT.everyMs
    await env.DB.prepare('INSERT INTO throttles (key, arrival) VALUES (?, ?)')
      .bind(`transcripts to ${to}`, arrival)
      .run()
    expectProblem(await sends(id, to), 429, 'too_many_attempts')
    expect((await sends(id, recipient())).status).toBe(202)
  })

  it('[AP1][TR8] a program with the scope sends one, once per Idempotency-Key, and learns nothing of the team', async () => {
    const key = async (scopes: string[]) => {
      const made = await owner.ask('/api/v1/keys', { body: { name: 'Robot', scopes } })
      return { authorization: `Bearer ${made.body.secret}` }
    }
    const { id } = await talk()
    const to = recipient('program')
    const headers = { ...(await key(['transcripts:write'])), 'idempotency-key': 'parcel-1' }
    const [one, two] = [
      await ask(path(id), { body: body(to), headers }),
      await ask(path(id), { body: body(to), headers }),
    ]
    expect([one.status, two.status, one.body.request, two.body.request]).toEqual([202, 202, 1, 1])
    expect(JSON.stringify([one.body, two.body])).not.toContain('canary')
    await theMail(to)
    expect((await ask(path(id), { headers })).body.list).toMatchObject([{ request: 1, to }])
    const reading = await key(['conversations:read', 'notes:read'])
    expectProblem(await ask(path(id), { body: body(to), headers: reading }), 403, 'scope_missing')
    expectProblem(await ask(path(id), { headers: reading }), 403, 'scope_missing')
    const nameless = await ask(`/api/v1/conversations/${id}/transcript.txt`, { headers: reading })
    expect([nameless.status, nameless.body.includes('canary')]).toEqual([200, false])
    expect(await arrivedAt(to)).toHaveLength(1)
  })

  it('[PR2] nobody from elsewhere reads, sends or lists one', async () => {
    const { id } = await talk()
    const eve = await stranger()
    for (const answer of [
      await eve.ask(path(id), { body: body('eve@example.com') }),
      await eve.ask(path(id)),
      await eve.ask(path(id, '/1/retries'), { method: 'POST' }),
      await eve.ask(`/api/v1/conversations/${id}/transcript.html`),
      await eve.ask(`/api/v1/conversations/${id}/transcript.txt`),
    ])
      expectProblem(answer, 404, 'not_found')
  })
})

describe('what becomes of it', () => {
  it('[TR5][TR6] a mailbox that does not exist: failed with the reason, without Retry, and its place is free', async () => {
    const { id } = await talk()
    for (let i = 0; i < 4; i += 1) await sends(id, recipient())
    await sends(id, 'nobody@example.com')
    expectProblem(await sends(id, recipient()), 429, 'too_many_transcripts')
    expect(await ended(id, 5)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('550'),
      mayRetry: false,
    })
    expectProblem(await owner.ask(path(id, '/5/retries'), { method: 'POST' }), 409, 'transcript_not_failed')
    expect((await sends(id, recipient())).status).toBe(202)
  })

  it('[TR6] a server that is busy: it waits, and says why', async () => {
    const { id } = await talk()
    await sends(id, 'busy@example.com')
    await eventually(
      async () => {
        const [one] = (await owner.ask(path(id))).body.list
        expect(one).toMatchObject({ state: 'pending', reason: expect.stringContaining('450') })
      },
      { interval: 100 },
    )
  })

  it('[Q6][TR6] a server that falls silent after it had all of it: unknown, and not sent again', async () => {
    await serverIs('unreliable')
    const { id } = await talk()
    await sends(id, 'drop-after-dot@example.com')
    expect(await ended(id, 1)).toMatchObject({ state: 'unknown', mayRetry: false })
    const { body: log } = await owner.ask(`/api/v1/conversations/${id}/entries?limit=100`)
    expect(log.list.at(-1)).toMatchObject({ type: 'transcript.settled', body: { outcome: 'unknown' } })
  })

  it('[Q4][TR6] while D1 is out of reach nothing is sent, and it waits with its place', async () => {
    const { id } = await talk()
    const to = recipient()
    await runInDurableObject(env.CONVERSATION.getByName(id), (object) => {
      Object.assign(object, { env: { ...env, TRANSCRIPTS: { send: async () => undefined } } })
    })
    await sends(id, to)
    const job = { conversation: id, request: 1 }
    const prepare = () => {
      throw new Error('D1_ERROR: out of reach')
    }
    const dead = { prepare } as unknown as D1Database
    const silence = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { explicitAcks } = await delivered([job], 'foyer-transcripts', Object.assign({}, env, { DB: dead }))
    silence.mockRestore()
    expect(explicitAcks).toHaveLength(1)
    const [waits] = (await owner.ask(path(id))).body.list
    expect(waits).toMatchObject({ state: 'pending', reason: 'A part of the service was out of reach.' })
    await delivered([job])
    expect(await ended(id, 1)).toMatchObject({ state: 'done' })
    expect(await arrivedAt(to)).toHaveLength(1)
  })

  it('[TR6] an address that was removed before it left: failed, and nothing is sent in its name', async () => {
    const { id } = await talk()
    const to = recipient()
    await runInDurableObject(env.CONVERSATION.getByName(id), (object) => {
      Object.assign(object, { env: { ...env, TRANSCRIPTS: { send: async () => undefined } } })
    })
    await sends(id, to)
    await env.DB.prepare('UPDATE senders SET verified_at = NULL').run()
    await delivered([{ conversation: id as TranscriptJob['conversation'], request: 1 }])
    await env.DB.prepare('UPDATE senders SET verified_at = 1').run()
    expect(await ended(id, 1)).toMatchObject({ state: 'failed', reason: expect.stringContaining('removed') })
    expect(await arrivedAt(to)).toEqual([])
  })
})

/** What a queue does with these bodies, in one batch. */
async function delivered(bodies: unknown[], queue = 'foyer-transcripts', bindings: Env = env) {
  const messages = bodies.map((body) => ({ id: newId('q'), timestamp: new Date(), attempts: 1, body }))
  const batch = createMessageBatch(queue, messages)
  const ctx = createExecutionContext()
  await worker.queue(batch, bindings)
  return getQueueResult(batch, ctx)
}

describe('[Q5] the queue', () => {
  it('[TR6][I4] that delivers one message five times, at once and later, has it sent once', async () => {
    const { id } = await talk()
    const to = recipient()
    await sends(id, to)
    const job = { conversation: id, request: 1 }
    const results = [await delivered([job, job, job]), await delivered([job]), await delivered([job])]
    expect(results.flatMap(({ explicitAcks }) => explicitAcks)).toHaveLength(5)
    await ended(id, 1)
    await theMail(to)
    expect(await arrivedAt(to)).toHaveLength(1)
  })

  it('takes poison aside, and its dead letters are read', async () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const poison = [null, 'x', {}, { conversation: 'x', request: 1 }, { conversation: 'a'.repeat(32), request: 1 }]
    const result = await delivered(poison)
    expect([result.explicitAcks, result.retryMessages.length]).toEqual([[], poison.length])
    expect((await delivered(poison, 'foyer-transcripts-dead')).explicitAcks).toHaveLength(poison.length)
    await expect(delivered([], 'foyer-other')).rejects.toThrow('nobody consumes')
    silence.mockRestore()
  })
})

const LANGUAGES = [
  'Where is it?',
  'מתי תגיע החבילה שלי?',
  'أين الطرد الخاص بي؟',
  'Süß 👩‍👩‍👧‍👦 🏳️‍🌈',
  '包裹在哪里?',
  '‮fdp.exe',
]

/** A conversation with so many messages over some days, written into its log behind its back. */
async function long(count: number, days: number, textOf: (n: number) => string): Promise<string> {
  const { id } = await (await visitor()).arrives('first')
  const start = Date.now() - days * 86_400_000
  await runInDurableObject(env.CONVERSATION.getByName(id), (_object, ctx) => {
    const [row] = ctx.storage.sql.exec<{ json: string }>('SELECT json FROM state').toArray()
    const record = JSON.parse(row?.json ?? '')
    for (let n = 3; n <= count + 1; n += 1) {
      const entry: Pick<PublicEntry, 'n' | 'at' | 'author'> = {
        n,
        at: Math.round(start + ((n - 3) / count) * days * 86_400_000),
        author: `visitor:${record.device}`,
      }
      const body = JSON.stringify({ text: textOf(n) })
      const query = "INSERT INTO public_log (n, at, author, type, body) VALUES (?, ?, ?, 'message.created', ?)"
      ctx.storage.sql.exec(query, entry.n, entry.at, entry.author, body)
    }
    record.public.head = count + 1
    ctx.storage.sql.exec('UPDATE state SET json = ?', JSON.stringify(record))
  })
  await asleep(env.CONVERSATION.getByName(id))
  return id
}

/** Gives the visitor of a conversation a name. */
async function named(id: string, name: string): Promise<void> {
  const { body } = await owner.ask(`/api/v1/conversations/${id}`)
  const query = `INSERT INTO contacts (id, workspace_id, name, first_source, created_at) VALUES (?1, ?2, ?3, '{}', 1)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name`
  await env.DB.prepare(query).bind(body.contact.id, owner.workspace, name).run()
}

describe('a long conversation', () => {
  it('[TR2][TR3] of 1,000 messages over three days, from right to left and in emoji, arrives as it was shown', async () => {
    const id = await long(1_000, 3, (n) => `${n}: ${LANGUAGES[n % LANGUAGES.length]}\nsecond line`)
    const preview = await owner.ask(`/api/v1/conversations/${id}/transcript.html?as=mail`)
    const to = recipient()
    await sends(id, to)
    const mail = await theMail(to)
    expect(plain(mail.html) === plain(preview.body)).toBe(true)
    for (let n = 3; n <= 1_001; n += 1) expect(mail.text).toContain(`${n}: ${LANGUAGES[n % LANGUAGES.length]}`)
    expect(mail.html?.match(/<h2/g)?.length).toBeGreaterThanOrEqual(3)
  })

  it('[TR2] of 10,000 messages: its end is mailed, with a link that opens all of it', { timeout: 60_000 }, async () => {
    const id = await long(10_000, 30, (n) => `${n}: ${'lorem ipsum '.repeat(20)}`)
    const to = recipient()
    await sends(id, to)
    const mail = await theMail(to)
    expect(mail.raw.length).toBeLessThan(5 * 1024 * 1024)
    expect(mail.text).toMatch(/This is the end of a long conversation: [\d,]+ earlier messages are left out/)
    expect(mail.text).toContain('10001: lorem')
    const link = /http:\/\/localhost(\/api\/v1\/transcripts\/\S+)/.exec(mail.text ?? '')?.[1] ?? ''
    const whole = await ask(link)
    expect(whole.status).toBe(200)
    for (const n of [3, 5_000, 10_001]) expect(whole.body).toContain(`${n}: lorem`)
    await named(id, 'Fay Form')
    expect((await ask(link)).body).toContain('Fay Form')
    // CP3: a link says no more than whoever asked for it may know.
    const { body: key } = await owner.ask('/api/v1/keys', { body: { name: 'Blind', scopes: ['conversations:read'] } })
    const headers = { authorization: `Bearer ${key.secret}`, origin: null }
    const blind = await knock(`/api/v1/conversations/${id}/transcript.html?as=mail`, { headers })
    const theirs = /http:\/\/localhost(\/api\/v1\/transcripts\/[^"]+)/.exec(blind.body)?.[1] ?? ''
    expect((await ask(theirs)).body).toContain('5000: lorem')
    for (const body of [blind.body, (await ask(theirs)).body]) expect(body).not.toContain('Fay Form')
    expect(link).not.toContain(id)
    expectProblem(await ask(`${link.slice(0, -4)}AAAA`), 404, 'link_not_valid')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31 * 86_400_000 })
    expectProblem(await ask(link), 404, 'link_not_valid')
    vi.useRealTimers()
  })
})

describe('the document', () => {
  const POLICY = /default-src 'none'.*sandbox/
  const isDocument = ({ status, headers }: Answer, type: string) =>
    expect([status, headers.get('content-type'), headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining(type),
      expect.stringMatching(POLICY),
    ])

  it('[TR9] is one for agents and for the visitor, to look at and to keep', async () => {
    const { id, browser } = await talk()
    const headers = { authorization: `Bearer ${browser.token}` }
    for (const [kind, type] of [
      ['html', 'text/html'],
      ['txt', 'text/plain'],
    ] as const) {
      const agents = await owner.ask(`/api/v1/conversations/${id}/transcript.${kind}`)
      const kept = await owner.ask(`/api/v1/conversations/${id}/transcript.${kind}?download=1`)
      const visitors = await ask(`/widget/v1/conversations/${id}/transcript.${kind}`, { headers })
      for (const answer of [agents, kept, visitors]) isDocument(answer, type)
      expect(kept.body).toBe(agents.body)
      expect(visitors.body).toBe(agents.body)
      expect(agents.headers.get('content-disposition')).toBe('inline')
      expect(kept.headers.get('content-disposition')).toBe(`attachment; filename="conversation.${kind}"`)
    }
  })

  it('[Q17][NT1][TR2] is the same to the byte with notes and without, for everybody', async () => {
    const play = async (withNotes: boolean) => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-20T10:00:00Z') })
      const browser = await visitor()
      const vic = await browser.arrives('hello')
      const desk = await owner.opens(vic.id)
      if (withNotes) await desk.notes(CANARY)
      await desk.says('an answer')
      if (withNotes) await desk.notes(CANARY)
      vi.useRealTimers()
      const headers = { authorization: `Bearer ${browser.token}` }
      const asked = ['html', 'txt'].map(async (kind) => [
        (await owner.ask(`/api/v1/conversations/${vic.id}/transcript.${kind}`)).body,
        (await owner.ask(`/api/v1/conversations/${vic.id}/transcript.${kind}?as=mail`)).body,
        (await ask(`/widget/v1/conversations/${vic.id}/transcript.${kind}`, { headers })).body,
      ])
      return Promise.all(asked)
    }
    const quiet = await play(false)
    expect(JSON.stringify(quiet)).toContain('an answer')
    expect(await play(true)).toEqual(quiet)
  })

  it('[TR9] of another visitor does not exist, and without a token nothing does', async () => {
    const { id } = await talk()
    const other = await visitor()
    const headers = { authorization: `Bearer ${other.token}` }
    expectProblem(await ask(`/widget/v1/conversations/${id}/transcript.txt`, { headers }), 404, 'not_found')
    expectProblem(await ask(`/widget/v1/conversations/${id}/transcript.txt`), 401, 'invalid_token')
  })
})
