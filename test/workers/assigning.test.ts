/** Automatic assignment (CV6 ⚙): what nobody has comes to available agents, whatever happens on the way. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import { NO_POLICIES, policyFor, type WorkspacePolicy } from '../../core/conversation/policy.ts'
import { NO_SOURCE } from '../../core/conversation/record.ts'
import {
  type ChannelId,
  type ClientId,
  contactOf,
  type DeviceId,
  type MemberId,
  type WorkspaceId,
} from '../../core/ids.ts'
import type { DispatchCall } from '../../core/protocol/conversationCalls.ts'
import { encodeIdentity, IDENTITY_HEADER, type Identity } from '../../core/protocol/identity.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { conversationIdFor } from '../../worker/ids.ts'
import { asleep } from '../support/asleep.ts'
import { eventually } from '../support/eventually.ts'
import { ownRow } from '../support/heard.ts'
import { agent, colleague, Line, visitor } from '../support/play.ts'
import { fc } from '../support/properties.ts'
import { rings } from '../support/rings.ts'

afterEach(() => void vi.restoreAllMocks())

let count = 0

/** A workspace of its own, driven through the objects. */
function workspace() {
  const id = `w_${crypto.randomUUID()}` as WorkspaceId
  const inbox = () => env.INBOX.getByName(id)
  let policies = NO_POLICIES

  const identityOf = (member: string): Extract<Identity, { kind: 'agent' }> => ({
    kind: 'agent',
    memberships: [
      { workspace: id, member: member as MemberId, name: member, role: 'agent', rights: ['reassign'], policies },
    ],
    sessionExpiresAt: Date.now() + 86_400_000,
    asOf: Date.now(),
  })

  async function decide(workspace: Partial<WorkspacePolicy>, channels: (typeof policies)['channels'] = {}) {
    policies = { version: policies.version + 1, workspace, channels }
    await inbox().policiesChanged(policies)
  }

  /** A member opens a dashboard. */
  async function comes(member: string): Promise<Line<InboxFrame>> {
    const answer = await inbox().fetch('http://inbox/', {
      headers: { upgrade: 'websocket', [IDENTITY_HEADER]: encodeIdentity(identityOf(member)) },
    })
    if (!answer.webSocket) throw new Error(`no socket: ${answer.status}`)
    return new Line<InboxFrame>(answer.webSocket, null)
  }

  /** A visitor writes, through a channel. */
  async function asks(channel = 'ch_shop') {
    const device = `d_${crypto.randomUUID()}` as DeviceId
    const conversation = conversationIdFor(env.ID_SECRET, id, device, 's:1')
    const contact = contactOf(device)
    const origin = {
      id: conversation,
      workspace: id,
      channel: channel as ChannelId,
      contact,
      device,
      source: NO_SOURCE,
    }
    const vic: Identity = { kind: 'visitor', workspace: id, device, policy: policyFor(policies, channel) }
    const object = () => env.CONVERSATION.getByName(conversation)
    const by = (identity: Identity, command: Command) => {
      count += 1
      const envelope = { id: `t${count}:1` as ClientId, command }
      return object().dispatch({ identity, envelope, ...(command.type === 'start' ? { origin } : {}) })
    }
    const started = await by(vic, { type: 'start', text: 'hello' })
    if (!started.ok) throw new Error(started.refusal.code)
    const row = () => ownRow(id, conversation)
    return {
      id: conversation,
      object,
      row,
      says: (text: string) => by(vic, { type: 'send_message', text }),
      does: (member: string, command: Command) => by(identityOf(member), command),
      /** What happens in it from now on does not reach the inbox object. */
      tellsNobody: () =>
        runInDurableObject(object(), (awake) => {
          const silent = { getByName: () => ({ update: () => new Promise(() => {}) }) }
          Object.assign(awake, { env: { ...env, INBOX: silent } })
        }),
      /** Waits until it is somebody's, and says whose. */
      given: async (): Promise<string> =>
        eventually(async () => (await row()).assignee ?? Promise.reject(new Error('nobody has it'))),
      assignments: async (): Promise<Entry[]> => {
        const page = await object().page(identityOf('m_ana'), {})
        return page.ok ? page.list.filter(({ type }) => type === 'conversation.assigned') : []
      },
    }
  }

  /** What the inbox object knows by now: so much has been told. */
  const heard = (conversation: string, assignee: string | null, status?: string) =>
    eventually(async () => {
      const known = await runInDurableObject(inbox(), (_object, ctx) =>
        ctx.storage.sql.exec('SELECT assignee, status FROM known WHERE id = ?', conversation).toArray(),
      )
      expect(known).toMatchObject([status === undefined ? { assignee } : { assignee, status }])
    })

  return { id, inbox, decide, comes, asks, heard }
}

/** Several, one after the other, each given before the next comes. */
async function inTurn(shop: ReturnType<typeof workspace>, n: number): Promise<string[]> {
  const members: string[] = []
  for (let i = 0; i < n; i += 1) {
    const vic = await shop.asks()
    members.push(await vic.given())
    await shop.heard(vic.id, members.at(-1) ?? null)
  }
  return members
}

/** For as long as nothing else wakes it: nothing is on its way. */
async function quiet(shop: ReturnType<typeof workspace>): Promise<void> {
  await rings(shop.inbox())
  await runInDurableObject(shop.inbox(), async () => scheduler.wait(20))
}

describe('[CV6] automatic assignment', () => {
  it('[CV6] round robin over three agents, one of them with two dashboards', async () => {
    const shop = workspace()
    for (const name of ['m_ana', 'm_ben', 'm_cleo', 'm_ana']) await shop.comes(name)
    await shop.decide({ autoAssign: 'round_robin' })
    expect(await inTurn(shop, 6)).toEqual(['m_ana', 'm_ben', 'm_cleo', 'm_ana', 'm_ben', 'm_cleo'])
  })

  it('[CV6] does not make it active: it waits until the agent answers, and the team log says who gave it to whom', async () => {
    const shop = workspace()
    const watching = await shop.comes('m_ana')
    await shop.decide({ autoAssign: 'round_robin', mayAssign: 'assignee_and_admins' })
    const vic = await shop.asks()
    await vic.given()
    expect(await vic.row()).toMatchObject({ assignee: 'm_ana', status: 'waiting_human' })
    expect(await vic.assignments()).toMatchObject([{ author: 'system', body: { from: null, to: 'm_ana' } }])
    // The dashboard is told at once, as of any assignment.
    await watching.get((f) => f.type === 'rows' && f.list.some((row) => row.id === vic.id && row.assignee === 'm_ana'))
    await vic.does('m_ana', { type: 'send_message', text: 'Yes?' })
    expect(await vic.row()).toMatchObject({ assignee: 'm_ana', status: 'active_human' })
  })

  it('[CV6] least busy: who has the least open ones, and closed ones count no more', async () => {
    const shop = workspace()
    await shop.comes('m_ana')
    await shop.decide({ autoAssign: 'least_busy' })
    const [first, second] = [await shop.asks(), await shop.asks()]
    for (const vic of [first, second]) expect(await vic.given()).toBe('m_ana')
    await shop.comes('m_ben')
    expect(await inTurn(shop, 3)).toEqual(['m_ben', 'm_ben', 'm_ana'])
    for (const vic of [first, second]) {
      await vic.does('m_ana', { type: 'close' })
      await shop.heard(vic.id, 'm_ana', 'closed')
    }
    expect(await inTurn(shop, 3)).toEqual(['m_ana', 'm_ben', 'm_ana'])
  })

  it('[CV6] nobody has more than the maximum; who is below it again is given the one that waits longest', async () => {
    const shop = workspace()
    for (const name of ['m_ana', 'm_ben']) await shop.comes(name)
    await shop.decide({ autoAssign: 'least_busy', maxOpen: 2 })
    const all = []
    for (let i = 0; i < 6; i += 1) {
      all.push(await shop.asks())
      await scheduler.wait(5)
    }
    for (const vic of all.slice(0, 4)) await vic.given()
    await quiet(shop)
    const held: Array<string | null> = await Promise.all(all.map(async (vic) => (await vic.row()).assignee))
    expect(held.toSorted()).toEqual(['m_ana', 'm_ana', 'm_ben', 'm_ben', null, null])
    const free = held.indexOf('m_ben')
    await all[free]?.does('m_ben', { type: 'close' })
    expect(await all[4]?.given()).toBe('m_ben')
    await quiet(shop)
    expect((await all[5]?.row())?.assignee).toBeNull()
    // The maximum is raised: the last one goes too.
    await shop.decide({ autoAssign: 'least_busy', maxOpen: 3 })
    await all[5]?.given()
  })

  it('[CV6] nobody is available: who comes back takes what waits, the oldest first', async () => {
    const shop = workspace()
    await shop.decide({ autoAssign: 'round_robin', maxOpen: 1 })
    const away = await shop.comes('m_ana')
    away.send({ type: 'presence', state: 'away' })
    await away.get((f) => f.type === 'members' && f.list.some(({ availability }) => availability === 'away'))
    const [oldest, newer] = [await shop.asks(), await shop.asks()]
    for (const vic of [oldest, newer]) await shop.heard(vic.id, null)
    await quiet(shop)
    for (const vic of [oldest, newer]) expect((await vic.row()).assignee).toBeNull()
    away.send({ type: 'presence', state: 'here' })
    expect(await oldest.given()).toBe('m_ana')
    await quiet(shop)
    expect((await newer.row()).assignee).toBeNull()
    // Another dashboard that is switched off gets nothing, until the switch is on.
    await shop.inbox().availabilityChanged('m_ana', false)
    await oldest.does('m_ana', { type: 'close' })
    await shop.heard(oldest.id, 'm_ana', 'closed')
    await quiet(shop)
    expect((await newer.row()).assignee).toBeNull()
    await shop.inbox().availabilityChanged('m_ana', true)
    expect(await newer.given()).toBe('m_ana')
  })

  it('[CV6] a human who was faster keeps it, and nothing is said twice', async () => {
    const shop = workspace()
    const vic = await shop.asks()
    await shop.heard(vic.id, null)
    await shop.comes('m_ben')
    // Ana takes it, and the inbox object has not heard of it when it decides.
    await vic.tellsNobody()
    await vic.does('m_ana', { type: 'accept' })
    await shop.decide({ autoAssign: 'round_robin' })
    // By the very answer that somebody was faster.
    await shop.heard(vic.id, 'm_ana')
    expect(await vic.assignments()).toHaveLength(1)
    expect(await vic.row()).toMatchObject({ assignee: 'm_ana', status: 'active_human' })
  })

  it('[CV6] what a disabled member had goes to somebody else', async () => {
    const shop = workspace()
    await shop.decide({ autoAssign: 'round_robin' })
    const ana = await shop.comes('m_ana')
    const vic = await shop.asks()
    expect(await vic.given()).toBe('m_ana')
    await vic.does('m_ana', { type: 'send_message', text: 'Yes?' })
    await shop.heard(vic.id, 'm_ana', 'active_human')
    await shop.comes('m_ben')
    await shop.inbox().rightsChanged('m_ana', true)
    await ana.gone()
    await eventually(async () => expect((await vic.row()).assignee).toBe('m_ben'))
    const path = (await vic.assignments()).map(({ author, body }) => [author, body])
    expect(path).toEqual([
      ['system', { from: null, to: 'm_ana' }],
      ['system', { from: 'm_ana', to: null }],
      ['system', { from: null, to: 'm_ben' }],
    ])
  })

  it('[CV6] what somebody gave back goes to another, if there is one', async () => {
    const shop = workspace()
    await shop.comes('m_ana')
    await shop.decide({ autoAssign: 'least_busy' })
    const vic = await shop.asks()
    await vic.given()
    await shop.heard(vic.id, 'm_ana')
    // Ben is busier, and it is his all the same.
    await shop.comes('m_ben')
    const busy = await shop.asks()
    expect(await busy.given()).toBe('m_ben')
    await shop.heard(busy.id, 'm_ben')
    await vic.does('m_ana', { type: 'assign', to: null })
    await eventually(async () => expect((await vic.row()).assignee).toBe('m_ben'))
  })

  it('[CV6] [CV4] one that opens again goes to who had it, or, where nobody had, to who is there', async () => {
    const shop = workspace()
    const vic = await shop.asks()
    await vic.does('m_ana', { type: 'close' })
    await shop.heard(vic.id, null, 'closed')
    await shop.comes('m_ben')
    await shop.decide({ autoAssign: 'round_robin' })
    await quiet(shop)
    expect((await vic.row()).assignee).toBeNull()
    await vic.says('one more thing')
    expect(await vic.given()).toBe('m_ben')
  })

  it('[CV6] a channel decides for itself', async () => {
    const shop = workspace()
    await shop.comes('m_ana')
    await shop.decide({ autoAssign: 'off' }, { ch_vip: { autoAssign: 'round_robin' } })
    const [plain, important] = [await shop.asks('ch_shop'), await shop.asks('ch_vip')]
    expect(await important.given()).toBe('m_ana')
    await quiet(shop)
    expect((await plain.row()).assignee).toBeNull()
  })
})

describe('[CV6] whatever happens', () => {
  const MEMBERS = ['m_ana', 'm_ben', 'm_cleo']
  const MAXIMUM = 2
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant({ type: 'asks' as const }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('closes' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('gives back' as const), which: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('looks' as const), who: fc.nat(2), here: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant({ type: 'sleeps' as const }) },
  )

  it('[CV6] nobody has too many, and nothing waits while somebody who may have it is free', async () => {
    // Whoever was telling an object that went to sleep reports that it got no answer.
    vi.spyOn(console, 'error').mockReturnValue(undefined)
    const property = fc.asyncProperty(
      fc.constantFrom('round_robin' as const, 'least_busy' as const),
      fc.array(step, { minLength: 10, maxLength: 20 }),
      async (autoAssign, steps) => {
        const shop = workspace()
        await shop.decide({ autoAssign, maxOpen: MAXIMUM })
        const desks = new Map<string, { line: Line<InboxFrame>; here: boolean }>()
        for (const name of MEMBERS) desks.set(name, { line: await shop.comes(name), here: true })
        const all: Array<Awaited<ReturnType<typeof shop.asks>>> = []
        for (const one of steps) {
          if (one.type === 'asks') all.push(await shop.asks())
          if (one.type === 'sleeps') {
            // Only what is awake can be sent to sleep.
            await shop.inbox().overlay()
            await asleep(shop.inbox())
          }
          if (one.type === 'looks') {
            const desk = desks.get(MEMBERS[one.who] ?? '')
            desk?.line.send({ type: 'presence', state: one.here ? 'here' : 'away' })
            if (desk) desk.here = one.here
          }
          const vic = 'which' in one ? all[one.which % Math.max(1, all.length)] : undefined
          const held = vic && (await vic.row()).assignee
          if (vic && held)
            await vic.does(held, one.type === 'closes' ? { type: 'close' } : { type: 'assign', to: null })
        }
        // A minute later: the alarms have told again what a sleep swallowed.
        await Promise.all(all.map((vic) => rings(vic.object())))
        await rings(shop.inbox())
        await eventually(async () => {
          const rows = (await Promise.all(all.map((vic) => vic.row()))).filter(({ status }) => status !== 'closed')
          const open = MEMBERS.map((name) => rows.filter(({ assignee }) => assignee === name).length)
          for (const n of open) expect(n).toBeLessThanOrEqual(MAXIMUM)
          const isFree = MEMBERS.some((name, i) => desks.get(name)?.here && (open[i] ?? 0) < MAXIMUM)
          if (isFree) expect(rows.filter(({ assignee }) => assignee === null)).toEqual([])
        })
      },
    )
    await fc.assert(property, { numRuns: 8, seed: 20_261_121, endOnFailure: true })
  })
})

describe('[CV6] whatever fails on the way', () => {
  /** The inbox object cannot reach conversations; with `done` the command arrives and only the answer is lost. */
  function cutOff(
    shop: ReturnType<typeof workspace>,
    { done = false, only = '' }: { done?: boolean | (() => Promise<void>); only?: string } = {},
  ) {
    vi.spyOn(console, 'error').mockReturnValue(undefined)
    const getByName = (id: string) => ({
      async dispatch(call: DispatchCall) {
        const object = env.CONVERSATION.getByName(id)
        if (only !== '' && id !== only) return object.dispatch(call)
        if (done) await object.dispatch(call)
        if (typeof done === 'function') await done()
        throw new Error('out of reach')
      },
    })
    return reaches(shop, { ...env, CONVERSATION: { getByName } })
  }
  const reaches = (shop: ReturnType<typeof workspace>, bindings: object) =>
    runInDurableObject(shop.inbox(), (inbox) => void Object.assign(inbox, { env: bindings }))
  const turns = (shop: ReturnType<typeof workspace>) =>
    runInDurableObject(shop.inbox(), (_object, ctx) =>
      ctx.storage.sql.exec<{ member: string; given: string }>('SELECT member, given FROM turns').toArray(),
    )

  it('[CV6] asleep between deciding and giving: the alarm gives it to whom it was decided, once', async () => {
    const shop = workspace()
    for (const name of ['m_ana', 'm_ben']) await shop.comes(name)
    await shop.decide({ autoAssign: 'round_robin' })
    await cutOff(shop)
    const vic = await shop.asks()
    await eventually(async () => expect(await turns(shop)).toEqual([{ member: 'm_ana', given: `["${vic.id}"]` }]))
    await asleep(shop.inbox())
    await rings(shop.inbox())
    expect(await vic.given()).toBe('m_ana')
    expect(await vic.assignments()).toHaveLength(1)
    expect(await inTurn(shop, 2)).toEqual(['m_ben', 'm_ana'])
  })

  it('[CV6] the answer was lost: it is nobody else’s, and nobody has one more than the maximum', async () => {
    const shop = workspace()
    for (const name of ['m_ana', 'm_ben']) await shop.comes(name)
    const vic = await shop.asks()
    await shop.heard(vic.id, null)
    await vic.tellsNobody()
    await cutOff(shop, { done: true })
    await shop.decide({ autoAssign: 'round_robin', maxOpen: 1 })
    expect(await vic.given()).toBe('m_ana')
    await asleep(shop.inbox())
    const next = await shop.asks()
    await rings(shop.inbox())
    expect(await next.given()).toBe('m_ben')
    await shop.heard(vic.id, 'm_ana')
    expect(await vic.assignments()).toHaveLength(1)
  })

  it('[CV6] nor has somebody one more because another came while that answer was waited for', async () => {
    const shop = workspace()
    await shop.comes('m_ana')
    const vic = await shop.asks()
    await shop.heard(vic.id, null)
    await vic.tellsNobody()
    let isAsked = () => {}
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve
    })
    let lose = () => {}
    const lost = new Promise<void>((resolve) => {
      lose = resolve
    })
    await cutOff(shop, {
      only: vic.id,
      async done() {
        isAsked()
        await lost
      },
    })
    await shop.decide({ autoAssign: 'round_robin', maxOpen: 1 })
    await asked
    const next = await shop.asks()
    await shop.heard(next.id, null)
    lose()
    expect(await vic.given()).toBe('m_ana')
    await reaches(shop, env)
    await rings(shop.inbox())
    await shop.heard(vic.id, 'm_ana')
    expect((await next.row()).assignee).toBeNull()
  })

  it('[CV6] one that cannot be reached holds up no other, and is tried again', async () => {
    const shop = workspace()
    const [lost, fine] = [await shop.asks(), await shop.asks()]
    for (const vic of [lost, fine]) await shop.heard(vic.id, null)
    await cutOff(shop, { only: lost.id })
    await shop.decide({ autoAssign: 'round_robin' })
    await shop.comes('m_ana')
    expect(await fine.given()).toBe('m_ana')
    expect((await lost.row()).assignee).toBeNull()
    await reaches(shop, env)
    const due = await runInDurableObject(shop.inbox(), (_object, ctx) => ctx.storage.getAlarm())
    expect(due).not.toBeNull()
    await rings(shop.inbox())
    expect(await lost.given()).toBe('m_ana')
  })

  it('[CV6] one that is being deleted is given to nobody', async () => {
    const shop = workspace()
    const vic = await shop.asks()
    await shop.heard(vic.id, null)
    await vic.tellsNobody()
    await vic.object().dispatch({
      identity: { kind: 'key', workspace: shop.id, id: 'k', name: 'K', scopes: ['conversations:delete'] },
      envelope: { id: 'k:1' as ClientId, command: { type: 'delete' } },
    })
    await shop.comes('m_ana')
    await shop.decide({ autoAssign: 'round_robin' })
    const next = await shop.asks()
    expect(await next.given()).toBe('m_ana')
    expect((await vic.row()).assignee).toBeNull()
  })
})

describe('[CV6] through the Worker', () => {
  it('[CV6] an administrator switches it on, and who is there is given what comes', async () => {
    const [ana, ben] = [await agent(), await colleague('Ben')]
    await ben.watches()
    const set = (body: object) => ana.ask('/api/v1/policies', { method: 'PATCH', body })
    expect((await set({ autoAssign: 'round_robin', maxOpen: 5 })).body).toMatchObject({
      autoAssign: 'round_robin',
      maxOpen: 5,
    })
    const vic = await (await visitor()).arrives('hello')
    const assignee = async () => (await ana.ask(`/api/v1/conversations/${vic.id}`)).body.assignee
    await eventually(async () => expect(await assignee()).toBe(ben.member))
    // The visitor learns nothing of it.
    await vic.says('still here')
    expect(vic.line.raw.join('\n')).not.toMatch(/"system"|assigned/)
    for (const body of [{ autoAssign: 'always' }, { maxOpen: 0 }, { maxOpen: 1.5 }])
      expect((await set(body)).status).toBe(422)
    await set({ autoAssign: 'off' })
  })
})
