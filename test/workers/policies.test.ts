/** Policies (⚙): who may decide them, and how fast what was decided reaches everybody. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, test, vi } from 'vitest'
import { DEFAULT_POLICIES } from '../../core/conversation/policy.ts'
import type { ServerFrame } from '../../core/protocol/frames.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { changePolicies, readPolicies } from '../../worker/db/policies.ts'
import { openWorkspace } from '../../worker/db/workspace.ts'
import { tellUnheard } from '../../worker/rights.ts'
import { asleep } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { installation } from '../support/installation.ts'
import { agent, colleague, inboxStub, stranger, visitor } from '../support/play.ts'
import { rings } from '../support/rings.ts'

/** Which assistant answers is none of them yet. */
const { assistant: _, ...DEFAULTS } = DEFAULT_POLICIES

type Agent = Awaited<ReturnType<typeof agent>>
let ana: Agent
let channel: string
let ofChannel: string
beforeAll(async () => {
  ana = await agent()
  channel = (await installation()).channel
  ofChannel = `/api/v1/channels/${channel}/policy`
})

const decide = (body: object, path = '/api/v1/policies') => ana.ask(path, { method: 'PATCH', body })
const isPolicy = (frame: ServerFrame) => frame.type === 'policy'
const recordOf = (id: string) =>
  runInDurableObject(env.CONVERSATION.getByName(id), (_object, ctx) => {
    const { json } = ctx.storage.sql.exec<{ json: string }>('SELECT json FROM state').one()
    return JSON.parse(json) as { policy: { version: number; reopen: string } }
  })

/** Waits until the inbox object knows, or no longer knows, that a conversation is open. */
const isLive = (id: string, open = true) =>
  eventually(async () => {
    const rows = await runInDurableObject(inboxStub(ana.workspace), (_inbox, ctx) =>
      ctx.storage.sql.exec('SELECT 1 FROM live WHERE id = ?', id).toArray(),
    )
    expect(rows.length > 0).toBe(open)
  })

describe('deciding policies', () => {
  it('begins with the defaults, and keeps what was decided', async () => {
    expect((await ana.ask('/api/v1/policies')).body).toEqual(DEFAULTS)
    const answer = await decide({ reopen: 'visitor_message', awayAfterMs: 300_000 })
    expect(answer.body).toEqual({ ...DEFAULTS, reopen: 'visitor_message', awayAfterMs: 300_000 })
    expect((await decide({ awayAfterMs: 600_000 })).body.reopen).toBe('visitor_message')
  })

  it('lets a channel decide for itself, and follow the workspace again', async () => {
    await decide({ reopen: 'visitor_message', closeAfterMs: 86_400_000 })
    const own = await decide({ reopen: 'never', closeAfterMs: null }, ofChannel)
    expect(own.body.own).toEqual(['reopen', 'closeAfterMs'])
    expect(own.body.policy).toMatchObject({ reopen: 'never', closeAfterMs: null, mayWrite: 'anyone' })
    const back = await decide({ inherit: ['reopen', 'closeAfterMs'] }, ofChannel)
    expect(back.body).toMatchObject({ own: [], policy: { reopen: 'visitor_message', closeAfterMs: 86_400_000 } })
    await decide({ closeAfterMs: null })
  })

  it('raises the version with every change, wherever it was made', async () => {
    const { version } = await readPolicies(env.DB, ana.workspace)
    await decide({ mayWrite: 'anyone' })
    await decide({ mayWrite: 'anyone' }, ofChannel)
    await Promise.all([decide({ mayAssign: 'anyone' }), decide({ history: 'keep' })])
    expect((await readPolicies(env.DB, ana.workspace)).version).toBe(version + 4)
    await decide({ inherit: ['mayWrite'] }, ofChannel)
  })

  it.each([
    ['an unknown policy', { reopen: 'sometimes' }],
    ['an unknown name', { "reopen') --": 'never' }],
    ['a window of more than a week', { editWindowMs: 8 * 86_400_000 }],
    ['a negative window', { editWindowMs: -1 }],
    ['an hour that is none', { closeAfterMs: 1 }],
    ['no time at all', { awayAfterMs: 0 }],
    ['a limit that lets nothing through', { limits: { quick: { burst: 0, everyMs: 1 } } }],
  ])('refuses %s', async (_, body) => {
    const { version } = await readPolicies(env.DB, ana.workspace)
    expect((await decide(body)).status).toBe(422)
    expect((await decide(body, ofChannel)).status).toBe(422)
    expect((await readPolicies(env.DB, ana.workspace)).version).toBe(version)
  })

  it('refuses to set and inherit at once, and what is about the team in a channel', async () => {
    expect((await decide({ reopen: 'never', inherit: ['reopen'] }, ofChannel)).status).toBe(422)
    expect((await decide({ history: 'hide' }, ofChannel)).status).toBe(422)
    expect((await decide({ reopen: 'never' }, '/api/v1/channels/ch_none/policy')).status).toBe(404)
  })

  it('is for administrators, of this workspace', async () => {
    const outsiders = [await colleague('Agnes'), await stranger()]
    for (const person of outsiders)
      for (const path of ['/api/v1/policies', ofChannel])
        for (const ask of [{}, { method: 'PATCH', body: { reopen: 'never' } }])
          expect((await person.ask(path, { ...ask, headers: { 'foyer-workspace': ana.workspace } })).status).toBe(403)
    const theirs = await outsiders[1]?.ask(ofChannel)
    expect(theirs?.status).toBe(404)
  })
})

describe('what was decided', () => {
  it('reaches everybody who is here at once, each with what concerns them', async () => {
    await decide({ reopen: 'any_message' })
    const vic = await (await visitor()).arrives('hello')
    const desk = await ana.opens(vic.id)
    const watching = await ana.watches()
    await isLive(vic.id)
    await decide({ reopen: 'never', awayAfterMs: 120_000 })
    expect(await vic.line.get(isPolicy)).toEqual({
      type: 'policy',
      policy: { mayWrite: true, reopen: 'never' },
    })
    expect(await desk.line.get(isPolicy)).toMatchObject({ policy: { reopen: 'never', writers: 'anyone' } })
    const told = (frame: InboxFrame) => frame.type === 'policy' && frame.policy.awayAfterMs === 120_000
    await watching.get(told)
    // Who comes later is told in the greeting.
    const welcome = (await ana.opens(vic.id)).line.frames[0]
    expect(welcome).toMatchObject({ type: 'welcome', policy: { reopen: 'never', editWindowMs: 900_000 } })
    await (await ana.watches()).get((frame) => frame.type === 'welcome' && frame.policy.awayAfterMs === 120_000)
    await decide({ reopen: 'any_message', awayAfterMs: 600_000 })
  })

  it('reaches a visitor who is alone there', async () => {
    const vic = await (await visitor()).arrives('hello')
    await isLive(vic.id)
    await decide({ reopen: 'visitor_message' })
    expect(await vic.line.get(isPolicy)).toMatchObject({ policy: { reopen: 'visitor_message' } })
    await decide({ reopen: 'any_message' })
  })

  it('comes with the next caller to a conversation that sleeps', async () => {
    const started = await (await visitor()).start('hello')
    // Whoever begins is awaited for a minute.
    await rings(env.CONVERSATION.getByName(started.body.id))
    await decide({ reopen: 'never' })
    await asleep(env.CONVERSATION.getByName(started.body.id))
    const { version } = await readPolicies(env.DB, ana.workspace)
    expect((await recordOf(started.body.id)).policy.version).toBeLessThan(version)
    await ana.ask(`/api/v1/conversations/${started.body.id}/notes`, { body: { clientId: 'p:1', text: 'a note' } })
    expect((await recordOf(started.body.id)).policy).toMatchObject({ version, reopen: 'never' })
    await decide({ reopen: 'any_message' })
  })

  it('comes with the next change to a conversation that nobody had open', async () => {
    const browser = await visitor()
    const started = await browser.start('hello')
    await decide({ reopen: 'visitor_message' })
    const { version } = await readPolicies(env.DB, ana.workspace)
    // An older version of the Worker hands nothing over: the inbox object tells it in answer to the row.
    const vic = await browser.opens(started.body.id)
    await vic.says('still there?')
    await eventually(async () => expect((await recordOf(started.body.id)).policy.version).toBe(version))
    await decide({ reopen: 'any_message' })
  })

  it('never goes back to what was decided before', async () => {
    const vic = await (await visitor()).arrives('hello')
    await isLive(vic.id)
    await decide({ reopen: 'never' })
    const older = { ...(await readPolicies(env.DB, ana.workspace)), version: 1, workspace: {} }
    await inboxStub(ana.workspace).policiesChanged(older)
    await env.CONVERSATION.getByName(vic.id).policiesChanged(older)
    expect((await recordOf(vic.id)).policy.reopen).toBe('never')
    await ana.ask(`/api/v1/conversations/${vic.id}/notes`, { body: { clientId: 'p:2', text: 'a note' } })
    expect((await recordOf(vic.id)).policy.reopen).toBe('never')
    await decide({ reopen: 'any_message' })
  })

  it('is told again until it was heard', async () => {
    const vic = await (await visitor()).arrives('hello')
    await ana.opens(vic.id)
    await isLive(vic.id)
    // The Worker dies between the database and the inbox object.
    const unreachable = new Proxy(env.INBOX, {
      get: () => () => {
        throw new Error('out of reach')
      },
    })
    const silent = vi.spyOn(console, 'error').mockReturnValue(undefined)
    const me = { workspace: ana.workspace, member: ana.member, name: 'Ana', role: 'owner' as const }
    await changePolicies(openWorkspace(env.DB, me), null, { set: { reopen: 'never' } }, Date.now() - 60_000)
    await tellUnheard({ ...env, INBOX: unreachable }, Date.now())
    expect(vic.line.frames.some(isPolicy)).toBe(false)
    silent.mockRestore()
    await tellUnheard(env, Date.now())
    expect(await vic.line.get(isPolicy)).toMatchObject({ policy: { reopen: 'never' } })
    const left = await env.DB.prepare("SELECT count(*) AS n FROM changes WHERE what = 'policies'").first<{
      n: number
    }>()
    expect(left?.n).toBe(0)
    await decide({ reopen: 'any_message' })
  })

  it('is told again to a conversation that could not be reached', async () => {
    const vic = await (await visitor()).arrives('hello')
    await isLive(vic.id)
    const silent = vi.spyOn(console, 'error').mockReturnValue(undefined)
    const broken = vi.spyOn(Conversation.prototype, 'policiesChanged').mockRejectedValue(new Error('out of reach'))
    await decide({ reopen: 'never' })
    expect(vic.line.frames.some(isPolicy)).toBe(false)
    broken.mockRestore()
    silent.mockRestore()
    await rings(inboxStub(ana.workspace))
    expect(await vic.line.get(isPolicy)).toMatchObject({ policy: { reopen: 'never' } })
    await decide({ reopen: 'any_message' })
  })

  test('a socket that has gone is forgotten', async () => {
    const vic = await (await visitor()).arrives('hello')
    await isLive(vic.id)
    vic.line.close()
    await isLive(vic.id, false)
  })
})

describe('[DL9] how many conversations may begin', () => {
  const NEVER_MET = '198.51.100.7'
  const refused = async (browser: Awaited<ReturnType<typeof visitor>>) => {
    const { status, body } = await browser.start('one more')
    return status === 429 ? `${body.code} until ${Math.round((body.retryAt - Date.now()) / 60_000)}` : status
  }

  it('[DL9] is decided for a browser and for an address, and holds from the next one on', async () => {
    await decide({ startsPerDevice: 2, startsPerAddress: 3 })
    const [one, two] = [await visitor({ ip: NEVER_MET }), await visitor({ ip: NEVER_MET })]
    expect([await refused(one), await refused(one), await refused(one)]).toEqual([
      201,
      201,
      'too_many_conversations until 30',
    ])
    expect([await refused(two), await refused(two)]).toEqual([201, 'too_many_conversations until 20'])
    await decide({ startsPerDevice: 20, startsPerAddress: 60 })
    // What was taken stays taken; it comes back at the new pace.
    expect([await refused(one), await refused(two)]).toEqual([
      'too_many_conversations until 3',
      'too_many_conversations until 1',
    ])
    await decide({ startsPerDevice: DEFAULTS.startsPerDevice })
  })

  it('[DL9] counts all of a /64 as one address: whoever has one of IPv6 has them all', async () => {
    await decide({ startsPerAddress: 2 })
    const from = async (ip: string) => refused(await visitor({ ip }))
    expect([await from('2001:db8:7:7::1'), await from('2001:DB8:7:7:ffff::2')]).toEqual([201, 201])
    expect(await from('2001:db8:7:7:1:2:3:4')).toBe('too_many_conversations until 30')
    expect(await from('2001:db8:7:8::1')).toBe(201)
    await decide({ startsPerAddress: 60 })
  })

  it('[DL9] is of the workspace: no channel and no conversation keeps it', async () => {
    expect((await decide({ startsPerDevice: 9 }, ofChannel)).status).toBe(422)
    for (const wrong of [0, 1.5, '5', null]) expect((await decide({ startsPerDevice: wrong })).status).toBe(422)
    const vic = await (await visitor()).arrives('hello')
    expect(JSON.stringify(await recordOf(vic.id))).not.toContain('startsPer')
    expect((await ana.ask(ofChannel)).body.policy).not.toHaveProperty('startsPerDevice')
  })
})
