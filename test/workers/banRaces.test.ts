/** Bans that meet what is on its way, and what breaks in the middle: nobody slips through, and nothing is half done. */
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Hold } from '../../core/bans/ban.ts'
import type { DeviceId, WorkspaceId } from '../../core/ids.ts'
import { encodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { Inbox } from '../../durable-objects/inbox/inbox.ts'
import { tellUnheard } from '../../worker/rights.ts'
import { asleep } from '../support/asleep.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { eventually } from '../support/eventually.ts'
import { isHeard } from '../support/heard.ts'
import { agent, inboxStub, Line, type Seat, visitor } from '../support/play.ts'

let ana: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  ana = await agent()
})
afterEach(() => vi.restoreAllMocks())

const contactOf = (you: string) => you.replace('visitor:d', 'c')
const block = (contact: string) =>
  ana.ask(`/api/v1/contacts/${contact}/ban`, { method: 'PUT', body: { kind: 'block' } })
const refusalOf = ({ answer }: Awaited<ReturnType<Seat['does']>>) => (answer.type === 'refused' ? answer.code : null)
const shut = (seat: Seat) => seat.line.get((f) => 'policy' in f && !f.policy.mayWrite)

describe('a ban that meets something on its way', () => {
  it('[BN3] what was acknowledged is stored, what comes after the block is not, and there is no hole between', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const says = Array.from({ length: 12 }, (_, i) => vic.says(`message ${i}`))
    const placed = block(contactOf(browser.you))
    const answers = await Promise.all(says)
    expect((await placed).status).toBe(200)
    const accepted = answers.filter((answer) => refusalOf(answer) === null).length
    // One socket keeps its order: once refused, every later one is.
    expect(answers.map(refusalOf)).toEqual([
      ...Array<null>(accepted).fill(null),
      ...Array<string>(12 - accepted).fill('blocked'),
    ])
    expect(refusalOf(await vic.says('and now?'))).toBe('blocked')
    const log = (await browser.opens(vic.id)).entries
    expect(log.filter(({ type }) => type === 'message.created')).toHaveLength(1 + accepted)
    expect(log.map(({ n }) => n)).toEqual(log.map((_, i) => i + 1))
  })

  it('[BN1] a socket that opens while the conversation is being told learns of it as well', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    let open = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const tell = Conversation.prototype.bansChanged
    const reached = vi.spyOn(Conversation.prototype, 'bansChanged').mockImplementationOnce(async function (
      this: Conversation,
      news,
    ) {
      await gate
      return tell.call(this, news)
    })
    const placed = block(contactOf(browser.you))
    await eventually(() => expect(reached).toHaveBeenCalled())
    const late = await browser.opens(vic.id)
    open()
    await placed
    await Promise.all([shut(vic), shut(late)])
    expect(refusalOf(await late.says('quick!'))).toBe('blocked')
  })

  it('[BN1] a conversation that begins while the ban is placed is found by its first row', async () => {
    const browser = await visitor()
    await browser.arrives('hello')
    const admit = Inbox.prototype.admitStart
    vi.spyOn(Inbox.prototype, 'admitStart').mockImplementationOnce(async function (this: Inbox, ...asked) {
      const admission = await admit.apply(this, asked)
      await block(contactOf(browser.you))
      return admission
    })
    const started = await browser.start('slipped in')
    expect(started.status).toBe(201)
    const seat = await browser.opens(started.body.id)
    await shut(seat)
    expect(refusalOf(await seat.says('am I in?'))).toBe('blocked')
    expectProblem(await browser.start('and again'), 403, 'banned')
  })

  /** A visitor's socket as their conversation gets it: from an address that the edge has not heard of yet. */
  async function opensLate(id: string, you: string, ip: string) {
    const device = you.slice('visitor:'.length) as DeviceId
    const identity = { kind: 'visitor', workspace: ana.workspace as WorkspaceId, device, ip } as const
    const headers = { upgrade: 'websocket', [IDENTITY_HEADER]: encodeIdentity(identity) }
    const answer = await env.CONVERSATION.getByName(id).fetch('http://conversation/', { headers })
    if (!answer.webSocket) throw new Error(`no socket: ${answer.status}`)
    return new Line(answer.webSocket, null)
  }

  it('[BN4] who begins and waits with the socket until their network is banned does not stay by it', async () => {
    const [ip, body] = ['198.51.100.201', { scope: 'network', target: '198.51.100.201' }]
    const browser = await visitor({ ip })
    const { id } = (await browser.start('hello')).body
    await isHeard(ana.workspace, id, {})
    const banned = await ana.ask('/api/v1/bans', { body })
    expect(banned.status).toBe(201)
    expect(await (await opensLate(id, browser.you, ip)).gone()).toBe(4403)
    expect((await ana.ask(`/api/v1/bans/${banned.body.id}`, { method: 'DELETE' })).status).toBe(204)
  })

  it('[BN4] nor until somebody else has come and gone, so that nobody seems to be there', async () => {
    const ip = '198.51.100.202'
    const browser = await visitor({ ip })
    const { id } = (await browser.start('hello')).body
    await isHeard(ana.workspace, id, {})
    const here = () => inboxStub(ana.workspace).addressesOf(id)
    expect(await here()).toEqual([ip])
    ;(await ana.opens(id)).line.close()
    await eventually(async () => expect(await here()).toEqual([]))
    const line = await opensLate(id, browser.you, ip)
    await eventually(async () => expect(await here()).toEqual([ip]))
    const banned = await ana.ask('/api/v1/bans', { body: { scope: 'network', target: ip } })
    expect(await line.gone()).toBe(4403)
    expect((await ana.ask(`/api/v1/bans/${banned.body.id}`, { method: 'DELETE' })).status).toBe(204)
  })

  it('[BN1] an older telling that comes late changes nothing', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    await block(contactOf(browser.you))
    await shut(vic)
    const holds: Hold[] = [{ version: 1, kind: 'ban', until: null }]
    await env.CONVERSATION.getByName(vic.id).bansChanged({ asOf: 0, holds, networks: [], told: [] })
    expect(refusalOf(await vic.says('and now?'))).toBe('blocked')
  })
})

describe('a ban, and something breaks', () => {
  const d1 = () => Object.getPrototypeOf(env.DB) as D1Database

  it('[BN1] D1 does not take it: nobody is banned, and whoever asked is told to try again', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const silent = vi.spyOn(console, 'error').mockReturnValue(undefined)
    vi.spyOn(d1(), 'batch').mockRejectedValue(new Error('D1_ERROR: out of reach'))
    expectProblem(await block(contactOf(browser.you)), 503, 'unavailable')
    vi.restoreAllMocks()
    silent.mockRestore()
    expect(refusalOf(await vic.says('still here'))).toBeNull()
    expect((await browser.start('another')).status).toBe(201)
  })

  it('[BN1] D1 takes it and the answer is lost: the cron tells it, with its entry in the audit log', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const silent = vi.spyOn(console, 'error').mockReturnValue(undefined)
    const { batch } = d1()
    vi.spyOn(d1(), 'batch').mockImplementation(async function (this: D1Database, statements) {
      await batch.call(this, statements)
      throw new Error('D1_ERROR: lost')
    })
    expectProblem(await block(contactOf(browser.you)), 503, 'unavailable')
    vi.restoreAllMocks()
    silent.mockRestore()
    await tellUnheard(env, Date.now() + 60_000)
    await shut(vic)
    const { list } = (await ana.ask('/api/v1/audit-log')).body
    expect(list[0]).toMatchObject({ action: 'ban.placed', subject: contactOf(browser.you) })
  })

  it('[BN2] the inbox object and the conversation die: both know it when they wake', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    await block(contactOf(browser.you))
    await shut(vic)
    await asleep(inboxStub(ana.workspace))
    await asleep(env.CONVERSATION.getByName(vic.id))
    expectProblem(await browser.start('new'), 403, 'banned')
    expect(refusalOf(await vic.says('and now?'))).toBe('blocked')
  })

  it('[BN3] a block holds while the inbox object is out of reach', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    await block(contactOf(browser.you))
    await shut(vic)
    await asleep(env.CONVERSATION.getByName(vic.id))
    const silent = vi.spyOn(console, 'error').mockReturnValue(undefined)
    for (const call of ['update', 'opened'] as const)
      vi.spyOn(Inbox.prototype, call).mockRejectedValue(new Error('out of reach'))
    const seat = await browser.opens(vic.id)
    expect(seat.line.frames[0]).toMatchObject({ policy: { mayWrite: false } })
    expect(refusalOf(await seat.says('and now?'))).toBe('blocked')
    silent.mockRestore()
  })
})
