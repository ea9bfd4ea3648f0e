/** Bans and blocks (BN1–BN5): who is shut out of what, and how fast everybody knows. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { CLIENTS_KEPT } from '../../core/conversation/clients.ts'
import type { ServerFrame } from '../../core/protocol/frames.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { placeBan } from '../../worker/db/bans.ts'
import { openWorkspace } from '../../worker/db/workspace.ts'
import { tellUnheard } from '../../worker/rights.ts'
import { asleep } from '../support/asleep.ts'
import { type Banned, EVASIONS, SPELLINGS } from '../support/corpora/evasions.ts'
import { knock } from '../support/corpora/knock.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { eventually } from '../support/eventually.ts'
import { isHeard } from '../support/heard.ts'
import { installation } from '../support/installation.ts'
import { agent, ask, colleague, inboxStub, indexed, type Seat, stranger, visitor } from '../support/play.ts'
import { rings } from '../support/rings.ts'

type Agent = Awaited<ReturnType<typeof agent>>
type Vic = Seat & { id: string; contact: string }

const REASON = 'canary-reason-5c1e'
let ana: Agent
beforeAll(async () => {
  ana = await agent()
})

const contactOf = (you: string) => you.replace('visitor:d', 'c')

/** Somebody in a conversation of theirs, with the browser they use. */
async function arrived(text = 'hello') {
  const browser = await visitor()
  const vic: Vic = Object.assign(await browser.arrives(text), { contact: contactOf(browser.you) })
  return { browser, vic }
}

/** A browser that has never been here. */
const arrivesFrom = async (ip: string) =>
  ask('/widget/v1/sessions', {
    body: { channel: (await installation()).channel },
    headers: { 'cf-connecting-ip': ip },
  })

const banPath = (contact: string) => `/api/v1/contacts/${contact}/ban`
const ban = (contact: string, body: object = {}, by: Agent = ana) =>
  by.ask(banPath(contact), { method: 'PUT', body: { kind: 'ban', reason: REASON, ...body } })
const unban = (contact: string, from = '') => ana.ask(`${banPath(contact)}${from}`, { method: 'DELETE' })
const banNetwork = (network: string, body: object = {}) =>
  ana.ask('/api/v1/bans', { body: { scope: 'network', target: network, ...body } })
const isPolicy = (frame: ServerFrame) => frame.type === 'policy'
const refusalOf = ({ answer }: Awaited<ReturnType<Seat['does']>>) => (answer.type === 'refused' ? answer.code : null)
const rowOf = async (id: string, by: Agent = ana) => (await by.ask(`/api/v1/conversations/${id}`)).body

/** Waits until the inbox object knows that a conversation is open, and whose it is. */
const isLive = (id: string) =>
  eventually(async () => {
    const rows = await runInDurableObject(inboxStub(ana.workspace), (_inbox, ctx) =>
      ctx.storage.sql.exec("SELECT 1 FROM live WHERE id = ? AND device <> ''", id).toArray(),
    )
    expect(rows).toHaveLength(1)
  })

describe('[BN2] a ban', () => {
  it('[BN2] refuses new conversations and leaves those that are there', async () => {
    const { browser, vic } = await arrived()
    const answer = await ban(vic.contact)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ scope: 'contact', target: vic.contact, kind: 'ban', reason: REASON })
    const refused = expectProblem(await browser.start('me again'), 403, 'banned')
    expect(refused.detail).toBe("You can't start a new conversation here.")
    await vic.says('still here')
    await ana.ask(`/api/v1/conversations/${vic.id}/messages`, { body: { text: 'I see' } })
    await vic.sees('I see')
    await (await browser.opens(vic.id)).sees('still here')
    expect((await unban(vic.contact)).status).toBe(204)
    expect((await browser.start('again')).status).toBe(201)
  })

  it('[BN2] ends where a conversation is closed for good: it does not go on in a new one', async () => {
    const policy = (reopen: string) => ana.ask('/api/v1/policies', { method: 'PATCH', body: { reopen } })
    await policy('never')
    const { browser, vic } = await arrived()
    await vic.does({ type: 'close' })
    await ban(vic.contact)
    expectProblem(await browser.start('go on', undefined, vic.id), 403, 'banned')
    await policy('any_message')
  })
})

describe('[BN3] a block', () => {
  it('[BN3] lets nothing pass in either direction, and notes', async () => {
    const { browser, vic } = await arrived()
    const desk = await ana.opens(vic.id)
    await isLive(vic.id)
    await ban(vic.contact, { kind: 'block' })
    expect(refusalOf(await vic.says('hello?'))).toBe('blocked')
    expect(refusalOf(await vic.does({ type: 'close' }))).toBe('blocked')
    expect(refusalOf(await desk.says('psst'))).toBe('contact_blocked')
    expectProblem(
      await ana.ask(`/api/v1/conversations/${vic.id}/messages`, { body: { text: 'psst' } }),
      403,
      'contact_blocked',
    )
    await desk.notes('blocked for a reason')
    expectProblem(await browser.start('new'), 403, 'banned')
    // What is there stays readable.
    await (await browser.opens(vic.id)).sees('hello')
    await unban(vic.contact)
    await vic.line.get((f) => f.type === 'policy' && f.policy.mayWrite && f.policy.mayStart === undefined)
    await vic.says('thank you')
    await desk.sees('thank you')
  })

  it('[BN3] not even typing is seen across it', async () => {
    const { vic } = await arrived()
    const desk = await ana.opens(vic.id)
    await isLive(vic.id)
    await ban(vic.contact, { kind: 'block' })
    vic.line.send({ type: 'typing', in: 'reply' })
    desk.line.send({ type: 'typing', in: 'reply' })
    await desk.notes('after it')
    await vic.does({ type: 'close' })
    expect([...vic.line.frames, ...desk.line.frames].filter(({ type }) => type === 'signal')).toEqual([])
    await unban(vic.contact)
  })

  it('[BN3] holds in conversations that sleep, and for programs', async () => {
    const { vic } = await arrived()
    vic.line.close()
    await indexed(ana.workspace)
    await asleep(env.CONVERSATION.getByName(vic.id))
    await ban(vic.contact, { kind: 'block' })
    await asleep(env.CONVERSATION.getByName(vic.id))
    const made = await ana.ask('/api/v1/keys', { body: { name: 'Robot', scopes: ['messages:write', 'notes:write'] } })
    const headers = { authorization: `Bearer ${made.body.secret}`, cookie: '' }
    const say = (what: string) =>
      ana.ask(`/api/v1/conversations/${vic.id}/${what}`, { body: { text: 'beep' }, headers })
    expectProblem(await say('messages'), 403, 'contact_blocked')
    expect((await say('notes')).status).toBe(201)
  })

  it('[BN3] what a visitor tells of themself is refused as well', async () => {
    const { browser, vic } = await arrived()
    await ban(vic.contact, { kind: 'block' })
    expectProblem(await browser.tells({ email: 'vic@example.com' }), 403, 'blocked')
  })
})

describe('[BN1] everybody knows at once', () => {
  it('[BN1] both tabs of the visitor, the agent in the conversation, and the other dashboard', async () => {
    const { browser, vic } = await arrived()
    const second = await browser.opens(vic.id)
    const desk = await ana.opens(vic.id)
    const other = await (await colleague('Ben')).watches()
    await isLive(vic.id)
    await ban(vic.contact, { kind: 'block', conversation: vic.id })
    for (const tab of [vic, second])
      expect(await tab.line.get(isPolicy)).toEqual({
        type: 'policy',
        policy: { mayWrite: false, mayStart: false, reopen: 'any_message' },
      })
    expect(await desk.line.get(isPolicy)).toMatchObject({ policy: { ban: 'block' } })
    const marked = (frame: InboxFrame) => frame.type === 'ban' && frame.ban.target === vic.contact
    expect(await other.get(marked)).toEqual({
      type: 'ban',
      ban: { target: vic.contact, scope: 'contact', kind: 'block', until: null, lifted: false },
    })
    // Who comes later is told in the greeting.
    expect((await browser.opens(vic.id)).line.frames[0]).toMatchObject({ policy: { mayWrite: false } })
    await unban(vic.contact, `?conversation=${vic.id}`)
    for (const tab of [vic, second])
      await tab.line.get((f) => f.type === 'policy' && f.policy.mayWrite && f.policy.mayStart === undefined)
    await other.get((frame) => frame.type === 'ban' && frame.ban.target === vic.contact && frame.ban.lifted)
  })

  it('[BN1] the conversation it was done from says who did it, to the team alone; others do not', async () => {
    const { browser, vic } = await arrived()
    const elsewhere = (await browser.start('something else')).body.id
    const desk = await ana.opens(vic.id)
    await ban(vic.contact, { conversation: vic.id, expiresAt: 4_000_000_000_000 })
    await unban(vic.contact, `?conversation=${vic.id}`)
    const told = () => desk.entries.filter(({ type }) => type.startsWith('contact.'))
    await eventually(() => expect(told()).toHaveLength(2))
    expect(told()).toMatchObject([
      {
        type: 'contact.banned',
        author: 'system',
        body: { by: `agent:${ana.member}`, scope: 'contact', kind: 'ban', until: 4_000_000_000_000 },
      },
      { type: 'contact.unbanned', body: { by: `agent:${ana.member}`, scope: 'contact' } },
    ])
    expect((await ana.opens(elsewhere)).entries.filter(({ type }) => type.startsWith('contact.'))).toEqual([])
    expect((await browser.opens(vic.id)).line.raw.join()).not.toContain('contact.')
  })

  it('[IB1] the row wears it, wherever it is read', async () => {
    const { vic } = await arrived()
    await ban(vic.contact)
    const mark = [{ scope: 'contact', kind: 'ban', until: null }]
    expect((await rowOf(vic.id)).bans).toEqual(mark)
    const listed = async () => {
      const { list } = (await ana.ask('/api/v1/conversations')).body as { list: Array<{ id: string; bans?: unknown }> }
      return list.find(({ id }) => id === vic.id)
    }
    expect((await listed())?.bans).toEqual(mark)
    await indexed(ana.workspace)
    expect((await listed())?.bans).toEqual(mark)
    await unban(vic.contact)
    expect(await listed()).not.toHaveProperty('bans')
  })

  it('[BN1] is told again until it was heard, and nothing is told twice', async () => {
    const { vic } = await arrived()
    const desk = await ana.opens(vic.id)
    await isLive(vic.id)
    const silent = vi.spyOn(console, 'error').mockReturnValue(undefined)
    // The Worker dies between the database and the inbox object.
    const me = { workspace: ana.workspace, member: ana.member, name: 'Ana', role: 'owner' as const }
    const order = { scope: 'contact', target: vic.contact, kind: 'block', reason: '', email: null } as const
    const then = Date.now() - 60_000
    await placeBan(openWorkspace(env.DB, me), { ...order, expiresAt: null, conversation: vic.id }, then)
    const broken = vi.spyOn(Conversation.prototype, 'bansChanged').mockRejectedValue(new Error('out of reach'))
    await tellUnheard(env, Date.now())
    expect(vic.line.frames.some(isPolicy)).toBe(false)
    broken.mockRestore()
    silent.mockRestore()
    // The inbox object heard, and owes it to the conversation.
    await rings(inboxStub(ana.workspace))
    expect(await vic.line.get(isPolicy)).toMatchObject({ policy: { mayWrite: false } })
    await inboxStub(ana.workspace).bansChanged([], [])
    await tellUnheard(env, Date.now() + 60_000)
    await desk.notes('after it')
    expect(desk.entries.filter(({ type }) => type === 'contact.banned')).toHaveLength(1)
    expect(await env.DB.prepare("SELECT count(*) AS n FROM changes WHERE what = 'bans'").first('n')).toBe(0)
    await unban(vic.contact)
  })

  it('[BN1][DL2] is one entry where it is told again, however many have written since', async () => {
    const { vic } = await arrived()
    const by = `agent:${ana.member}` as const
    const told = [{ version: 1, by, scope: 'contact', kind: 'ban', until: null, lifted: false }] as const
    const news = { asOf: 1, holds: [], networks: [], told: [...told] }
    const stub = env.CONVERSATION.getByName(vic.id)
    await stub.bansChanged(news)
    for (let i = 0; i < CLIENTS_KEPT; i += 1)
      await ana.ask(`/api/v1/conversations/${vic.id}/notes`, { body: { text: `note ${i}` } })
    await stub.bansChanged(news)
    const { body } = await ana.ask(`/api/v1/conversations/${vic.id}/entries?limit=200`)
    expect(body.list.filter(({ type }: { type: string }) => type === 'contact.banned')).toHaveLength(1)
  })

  it('[BN1] a conversation that nobody told finds out with its next word', async () => {
    const { vic } = await arrived()
    await isHeard(ana.workspace, vic.id, {})
    await ban(vic.contact, { kind: 'block' })
    // It was put back to an earlier day.
    await runInDurableObject(env.CONVERSATION.getByName(vic.id), (_object, ctx) =>
      ctx.storage.sql.exec("UPDATE state SET json = json_remove(json, '$.bans')"),
    )
    await asleep(env.CONVERSATION.getByName(vic.id))
    const desk = await ana.opens(vic.id)
    await desk.line.get((frame) => frame.type === 'policy' && frame.policy.ban === 'block')
    expect(refusalOf(await desk.says('psst'))).toBe('contact_blocked')
  })
})

describe('[BN4] expiry', () => {
  it('[BN4] lifts it at the millisecond, and whoever is here learns of it', async () => {
    const clock = vi.spyOn(Date, 'now')
    let now = Date.now()
    clock.mockImplementation(() => now)
    try {
      const { browser, vic } = await arrived()
      await isLive(vic.id)
      const until = now + 3_600_000
      await ban(vic.contact, { kind: 'block', expiresAt: until })
      await vic.line.get(isPolicy)
      now = until - 1
      expect(refusalOf(await vic.says('now?'))).toBe('blocked')
      expectProblem(await browser.start('now?'), 403, 'banned')
      expect((await rowOf(vic.id)).bans).toHaveLength(1)
      now = until
      expect(refusalOf(await vic.says('now'))).toBeNull()
      expect((await browser.start('now')).status).toBe(201)
      expect(await rowOf(vic.id)).not.toHaveProperty('bans')
      const at = await runInDurableObject(env.CONVERSATION.getByName(vic.id), (_object, ctx) => ctx.storage.getAlarm())
      expect(at).not.toBeNull()
      const from = vic.line.frames.length
      await rings(env.CONVERSATION.getByName(vic.id))
      await vic.line.get((frame) => frame.type === 'policy' && frame.policy.mayWrite, from - 1)
      const kept = await runInDurableObject(env.CONVERSATION.getByName(vic.id), (_object, ctx) =>
        ctx.storage.sql.exec<{ json: string }>('SELECT json FROM state').one(),
      )
      expect(JSON.parse(kept.json)).not.toHaveProperty('bans')
    } finally {
      clock.mockRestore()
    }
  })

  it('[BN4] lifts a network at the millisecond as well, whoever has read of it a moment ago', async () => {
    let now = Date.now()
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now)
    try {
      const until = now + 5_000
      await banNetwork('198.51.100.77', { expiresAt: until })
      now = until - 1
      expectProblem(await arrivesFrom('198.51.100.77'), 403, 'network_banned')
      now = until
      expect((await arrivesFrom('198.51.100.77')).status).toBe(201)
    } finally {
      clock.mockRestore()
    }
  })

  it('[BN4] in the past is none', async () => {
    const { vic } = await arrived()
    expectProblem(await ban(vic.contact, { expiresAt: Date.now() - 1 }), 422, 'invalid_request')
  })
})

describe('[BN4] a network', () => {
  it('[BN4] closes what is open from it and answers nothing any more; others go on', async () => {
    const [near, far] = [await visitor({ ip: '192.0.2.7' }), await visitor({ ip: '192.0.3.7' })]
    const [vic, bob] = [await near.arrives('hello'), await far.arrives('hello')]
    await Promise.all([isLive(vic.id), isLive(bob.id)])
    const made = await banNetwork('192.0.2.0/24', { reason: REASON })
    expect(made.body).toMatchObject({ scope: 'network', target: '192.0.2.0/24', kind: 'block' })
    expect(await vic.line.gone()).toBe(4403)
    for (const answer of [await near.start('again'), await near.lists()]) expectProblem(answer, 403, 'network_banned')
    expectProblem(await arrivesFrom('192.0.2.200'), 403, 'network_banned')
    expect(await (await near.knocks(vic.id)).gone()).toBe(4403)
    await bob.says('unharmed')
    await ana.ask(`/api/v1/bans/${made.body.id}`, { method: 'DELETE' })
    await (await near.opens(vic.id)).says('back')
  })

  it('[BN4] is found by who is here: their address, in IPv6 all that is theirs', async () => {
    const browser = await visitor({ ip: '2001:db8:77:1:aaaa::1' })
    const vic = await browser.arrives('hello')
    const desk = await ana.opens(vic.id)
    const watching = await ana.watches()
    await isLive(vic.id)
    const path = '/api/v1/bans'
    const body = { scope: 'network', conversation: vic.id, reason: REASON }
    const made = await ana.ask(path, { body })
    expect(made.body).toMatchObject({ target: '2001:db8:77:1::/64', kind: 'block' })
    expect(await vic.line.gone()).toBe(4403)
    await eventually(() =>
      expect(desk.entries.at(-1)).toMatchObject({ type: 'contact.banned', body: { scope: 'network' } }),
    )
    expect([...desk.line.raw, ...watching.raw].join()).not.toContain('2001:db8:77')
    expectProblem(await arrivesFrom('2001:db8:77:1::ffff'), 403, 'network_banned')
    await ana.ask(`${path}/${made.body.id}`, { method: 'DELETE' })
    // Nobody is here: whoever began and has not come within a minute. And somebody else's conversation tells nothing.
    const gone = await visitor()
    const { id } = (await gone.start('hello')).body
    await rings(env.CONVERSATION.getByName(id))
    expectProblem(await ana.ask(path, { body: { ...body, conversation: id } }), 409, 'nobody_here')
    expectProblem(await (await stranger()).ask(path, { body }), 404, 'not_found')
    expectProblem(await ana.ask(path, { body: { scope: 'network' } }), 422, 'invalid_request')
  })

  it('[BN4] closes a socket that opens while it is being told', async () => {
    const { vic } = await arrived()
    const at = Date.now()
    await banNetwork('198.51.100.9')
    const standing = { contact: vic.contact, device: vic.contact.replace('c', 'd'), bans: '' } as never
    const opened = await inboxStub(ana.workspace).opened(vic.id, null, 0, at, {
      ...(standing as object),
      ip: '198.51.100.9',
    } as never)
    expect(opened.banned).toBe(true)
  })

  it.each(['0.0.0.0/0', '::/0', 'everywhere', '10.0.0.1/33', '10.0.0.010'])(
    '[BN4] is refused as %s',
    async (network) => {
      expectProblem(await banNetwork(network), 422, 'invalid_request')
    },
  )

  it("[BN4] that holds one's own address is asked about first", async () => {
    const mine = { 'cf-connecting-ip': '203.0.113.50' }
    const body = { scope: 'network', target: '::ffff:203.0.113.0/120' }
    const asked = await ana.ask('/api/v1/bans', { body, headers: mine })
    expectProblem(asked, 409, 'own_address')
    const sure = await ana.ask('/api/v1/bans', { body: { ...body, evenMine: true }, headers: mine })
    expect(sure.body.target).toBe('203.0.113.0/24')
    await ana.ask(`/api/v1/bans/${sure.body.id}`, { method: 'DELETE' })
  })
})

describe('[BN5] evasion', () => {
  let banned: Banned
  beforeAll(async () => {
    const { browser, vic } = await arrived()
    const email = 'evader@example.com'
    await browser.tells({ email })
    await indexed(ana.workspace)
    const placed = await ban(vic.contact)
    expect(placed.body.email).toBe(email)
    banned = { browser, conversation: vic.id, email, team: ana }
  })

  it.each(EVASIONS)('[BN5] %s', async (_, evade) => {
    expectProblem(await evade(banned), 403, 'banned')
  })

  it('[BN5] ends with the ban: the same ways lead somewhere again', async () => {
    await unban(contactOf(banned.browser.you))
    const ways = EVASIONS.filter(([name]) => !name.startsWith('the same one'))
    for (const [name, evade] of ways) expect([name, (await evade(banned)).status]).toEqual([name, 201])
  })

  it('[BN5] a block: not even the address is taken', async () => {
    const { browser, vic } = await arrived()
    const email = 'blocked@example.com'
    await browser.tells({ email })
    await ban(vic.contact, { kind: 'block' })
    const fresh = await visitor()
    await fresh.arrives('who, me?')
    expectProblem(await fresh.tells({ email }), 403, 'blocked')
    await unban(vic.contact)
  })

  it('[BN5] a device is banned for itself, and the contact wears it', async () => {
    const { browser, vic } = await arrived()
    const device = browser.you.replace('visitor:', '')
    const body = { scope: 'device', target: device, kind: 'ban', conversation: vic.id }
    expect((await ana.ask('/api/v1/bans', { body })).status).toBe(201)
    expectProblem(await browser.start('new'), 403, 'banned')
    expect((await rowOf(vic.id)).bans).toEqual([{ scope: 'device', kind: 'ban', until: null }])
    expect((await unban(vic.contact)).status).toBe(204)
    expect((await browser.start('new')).status).toBe(201)
  })

  it.each(Object.entries(SPELLINGS))('[BN5] %s in any notation', async (address, spellings) => {
    for (const spelling of spellings) {
      const made = await banNetwork(spelling)
      expect(made.body.target).toBe(address)
      for (const ip of [address, ...spellings]) expectProblem(await arrivesFrom(ip), 403, 'network_banned')
      await ana.ask(`/api/v1/bans/${made.body.id}`, { method: 'DELETE' })
    }
    expect((await arrivesFrom(address)).status).toBe(201)
  })
})

describe('[BN2] the reason', () => {
  it('[BN2][Q17] reaches no visitor, no log, no program without the scope, and nobody who may not ban', async () => {
    const { browser, vic } = await arrived()
    const desk = await ana.opens(vic.id)
    const watching = await ana.watches()
    await isLive(vic.id)
    await ban(vic.contact, { kind: 'block', conversation: vic.id })
    await vic.line.get(isPolicy)
    await vic.says('why?')
    const answers = [await browser.start('why?'), await browser.lists(), await browser.tells({ email: 'a@b.example' })]
    const audit = await ana.ask('/api/v1/audit-log')
    expect(audit.body.list[0]).toMatchObject({ action: 'ban.placed', subject: vic.contact })
    const list = await ana.ask('/api/v1/conversations')
    const heard = [vic, desk]
      .flatMap(({ line }) => line.raw)
      .concat(watching.raw, (await browser.opens(vic.id)).line.raw)
    const kept = await runInDurableObject(env.CONVERSATION.getByName(vic.id), (_object, ctx) =>
      JSON.stringify(ctx.storage.sql.exec('SELECT * FROM state').toArray()),
    )
    expect(JSON.stringify([answers, audit, list, heard, kept])).not.toContain(REASON)
    expect(JSON.stringify((await ana.ask('/api/v1/bans')).body)).toContain(REASON)
    await unban(vic.contact)
  })

  it('[PR1] banning and reading why take the right, in the very workspace', async () => {
    const { vic } = await arrived()
    const [agnes, mallory] = [await colleague('Agnes'), await stranger()]
    for (const person of [agnes, mallory]) {
      const headers = { 'foyer-workspace': ana.workspace }
      expectProblem(await person.ask('/api/v1/bans', { headers }), 403, 'forbidden')
      const body = { kind: 'ban' }
      expectProblem(await person.ask(banPath(vic.contact), { method: 'PUT', body, headers }), 403, 'forbidden')
    }
    expectProblem(await ban(vic.contact, {}, mallory), 404, 'not_found')
    await ana.ask('/api/v1/groups', { body: { name: 'Guards', rights: ['ban'], members: [agnes.member] } })
    expect((await ban(vic.contact, {}, agnes)).status).toBe(200)
    await unban(vic.contact)
  })

  it('[BN1] is done from no conversation of somebody else', async () => {
    const [{ vic }, other] = [await arrived(), await arrived()]
    expectProblem(await ban(vic.contact, { conversation: other.vic.id }), 404, 'not_found')
    expectProblem(await ban(vic.contact, { conversation: 'x' }), 404, 'not_found')
    expect((await rowOf(vic.id)).bans).toBeUndefined()
  })
})

describe('the list of bans', () => {
  it('[BN4] is searched, paged and lifted from', async () => {
    const { browser, vic } = await arrived()
    await browser.tells({ email: 'lena@example.com', name: 'Lena 100%' })
    await ban(vic.contact, { reason: 'rude' })
    await banNetwork('198.18.0.0/15', { reason: 'a botnet' })
    const search = async (text: string) =>
      ((await ana.ask(`/api/v1/bans?search=${encodeURIComponent(text)}`)).body.list as Array<{ target: string }>).map(
        ({ target }) => target,
      )
    expect(await search('LENA')).toEqual([vic.contact])
    expect(await search('0%')).toEqual([vic.contact])
    expect(await search('198.18')).toEqual(['198.18.0.0/15'])
    expect(await search('botnet')).toEqual(['198.18.0.0/15'])
    expect(await search('nobody at all')).toEqual([])
    const first = (await ana.ask('/api/v1/bans?limit=1')).body
    expect(first.list.map(({ target }: { target: string }) => target)).toEqual(['198.18.0.0/15'])
    const second = (await ana.ask(`/api/v1/bans?limit=1&cursor=${first.next}`)).body
    expect(second.list).toMatchObject([{ target: vic.contact, contact: { name: 'Lena 100%' } }])
    expect((await ana.ask(`/api/v1/bans/${first.list[0].id}`, { method: 'DELETE' })).status).toBe(204)
    expectProblem(await ana.ask(`/api/v1/bans/${first.list[0].id}`, { method: 'DELETE' }), 404, 'not_found')
    expect(await search('botnet')).toEqual([])
    // A program needs the scope to read who it is, and nothing of a lifted one is kept.
    const key = await ana.ask('/api/v1/keys', { body: { name: 'Robot', scopes: ['bans:read'] } })
    const headers = { authorization: `Bearer ${key.body.secret}`, cookie: '' }
    const robots = (await ana.ask('/api/v1/bans?search=rude', { headers })).body.list
    expect(robots).toMatchObject([{ reason: 'rude', email: null, contact: { name: null, email: null } }])
    // Nor does it find by trial what it may not read.
    expect((await ana.ask('/api/v1/bans?search=lena', { headers })).body.list).toEqual([])
    await unban(vic.contact)
    const kept = await env.DB.prepare('SELECT reason, email FROM bans WHERE target = ?').bind(vic.contact).first()
    expect(kept).toEqual({ reason: '', email: null })
    expectProblem(await ana.ask('/api/v1/bans?cursor=x'), 422, 'invalid_request')
  })
})

describe('while D1 is out of reach', () => {
  it('[BN2][BN4] the inbox object is asked who is shut out', async () => {
    const { browser, vic } = await arrived()
    await ban(vic.contact)
    const lame = new Proxy(env.DB, {
      get: (d1, name) => {
        const value = Reflect.get(d1, name)
        return name === 'prepare' ? (sql: string) => (sql.includes('FROM bans') ? hanging() : d1.prepare(sql)) : value
      },
    })
    const hanging = () => ({ bind: () => ({ all: () => new Promise(() => {}) }) })
    const { channel } = await installation()
    const start = (clientId: string) =>
      knock('/widget/v1/conversations', {
        headers: { authorization: `Bearer ${browser.token}` },
        body: { channel, clientId, text: 'now?', source: { page: null, title: null, referrer: null } },
        bindings: { DB: lame },
      })
    expectProblem(await start('lame:1'), 403, 'banned')
    await unban(vic.contact)
    expect((await start('lame:2')).status).toBe(201)
  })
})
