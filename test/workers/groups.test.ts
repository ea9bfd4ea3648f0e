import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Group } from '../../core/api/groups.ts'
import { EVERYONE_RIGHTS, RIGHTS, type Right } from '../../core/rights.ts'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { readSession } from '../../worker/auth/session.ts'
import { tellUnheard } from '../../worker/rights.ts'
import { knock } from '../support/corpora/knock.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { agent, colleague, stranger, visitor } from '../support/play.ts'

type Agent = Awaited<ReturnType<typeof agent>>

const GROUPS = '/api/v1/groups'
let owner: Agent
beforeAll(async () => {
  owner = await agent()
})

const make = async (rights: Right[], members: Agent[] = [], name = 'Leads'): Promise<Group> =>
  (await owner.ask(GROUPS, { body: { name, rights, members: members.map(({ member }) => member) } })).body
const change = (id: string, body: object) => owner.ask(`${GROUPS}/${id}`, { method: 'PATCH', body })
const remove = (id: string) => owner.ask(`${GROUPS}/${id}`, { method: 'DELETE' })
const everyone = (rights: readonly Right[]) => change('everyone', { rights })
const rightsOf = async (who: Agent): Promise<Right[]> => (await who.ask('/api/v1/session')).body.memberships[0].rights
const assign = (who: Agent, id: string, to: string | null) =>
  who.ask(`/api/v1/conversations/${id}`, { method: 'PATCH', body: { assignee: to } })
const unheard = () => env.DB.prepare('SELECT count(*) AS n FROM changes').first('n')

describe('[PR1] groups', () => {
  it('[PR1] begin with one that everybody is in, which leaves agents what they could do before', async () => {
    const { list } = (await owner.ask(GROUPS)).body
    expect(list).toEqual([{ id: 'everyone', name: 'Everyone', rights: [...EVERYONE_RIGHTS], members: [] }])
    expect(await rightsOf(await colleague('Ben'))).toEqual([...EVERYONE_RIGHTS])
    expect(await rightsOf(await colleague('Adam', 'admin'))).toEqual([...RIGHTS])
    expect(await rightsOf(owner)).toEqual([...RIGHTS])
  })

  it('[PR1] give their members the union of their rights, and take it again', async () => {
    const ben = await colleague('Ben')
    const one = await make(['export', 'ban', 'ban'], [ben])
    expect(one).toMatchObject({ name: 'Leads', rights: ['ban', 'export'], members: [ben.member] })
    const two = await make(['settings'], [ben])
    expect(await rightsOf(ben)).toEqual(['reassign', 'see_all', 'ban', 'export', 'settings'])
    expect((await change(one.id, { rights: ['delete_conversations'] })).body).toMatchObject({ members: [ben.member] })
    expect(await rightsOf(ben)).toEqual(['delete_conversations', 'reassign', 'see_all', 'settings'])
    await change(one.id, { members: [] })
    expect(await rightsOf(ben)).toEqual(['reassign', 'see_all', 'settings'])
    await everyone([])
    expect(await rightsOf(ben)).toEqual(['settings'])
    expect((await remove(two.id)).status).toBe(204)
    expect(await rightsOf(ben)).toEqual([])
    expectProblem(await remove(two.id), 404, 'not_found')
    await everyone(EVERYONE_RIGHTS)
    await remove(one.id)
  })

  it('[PR1] take only members of their workspace, and show themselves to no other', async () => {
    const mallory = await stranger()
    const group = await make(['ban'], [mallory])
    expect(group.members).toEqual([])
    expect(await rightsOf(mallory)).toEqual([...RIGHTS])
    for (const [method, body] of [
      ['PATCH', { rights: [] }],
      ['DELETE', undefined],
    ] as const)
      expectProblem(await mallory.ask(`${GROUPS}/${group.id}`, { method, ...(body ? { body } : {}) }), 404, 'not_found')
    expect((await mallory.ask(GROUPS)).body.list).toHaveLength(1)
    await remove(group.id)
  })

  it('[PR1] the built-in one keeps its name and its members, and cannot be deleted', async () => {
    expectProblem(await change('everyone', { name: 'Nobody' }), 409, 'built_in_group')
    expectProblem(await change('everyone', { members: [] }), 409, 'built_in_group')
    expectProblem(await remove('everyone'), 409, 'built_in_group')
    expectProblem(await change('everyone', { rights: ['fly'] }), 422, 'invalid_request')
  })

  it('[PR3] each change stands in the audit log, what is none does not', async () => {
    const ben = await colleague('Ben')
    const group = await make(['ban'], [ben], 'Night')
    await change(group.id, { name: 'Night', rights: ['ban'], members: [ben.member] })
    await change(group.id, { name: 'Late', rights: [], members: [] })
    await remove(group.id)
    const { list } = (await owner.ask('/api/v1/audit-log?kind=group&limit=3')).body
    expect(list.map(({ action, detail }: { action: string; detail: object }) => [action, detail])).toEqual([
      ['group.deleted', { name: 'Late' }],
      ['group.changed', { name: 'Late', from: 'Night', rights: [], removed: [ben.member] }],
      ['group.created', { name: 'Night', rights: ['ban'] }],
    ])
  })
})

describe('[PR2] a change of a group', () => {
  it('[PR2] is felt at once by who is in it, on every socket, and by nobody else', async () => {
    const [ben, cleo] = [await colleague('Ben'), await colleague('Cleo')]
    const vic = await (await visitor()).arrives('hello')
    const group = await make([], [ben])
    const [bens, cleos] = [await ben.opens(vic.id), await cleo.opens(vic.id)]
    const [bensInbox, cleosInbox] = [await ben.watches(), await cleo.watches()]
    await change(group.id, { rights: ['settings'] })
    expect([await bens.line.gone(), await bensInbox.gone()]).toEqual([4408, 4408])
    expect([cleos.line.closed, cleosInbox.closed]).toEqual([null, null])
    const welcome = await (await ben.watches()).get((frame) => frame.type === 'welcome')
    expect(welcome).toMatchObject({ rights: ['reassign', 'see_all', 'settings'] })
    expect(await unheard()).toBe(0)
    // Another name is nothing to be felt.
    const again = await ben.opens(vic.id)
    await change(group.id, { name: 'Renamed' })
    expect((await again.says('still here')).answer.type).toBe('entries')
    await remove(group.id)
    expect(await again.line.gone()).toBe(4408)
  })

  it('[PR2] of everyone concerns everybody', async () => {
    const [ben, cleo] = [await colleague('Ben'), await colleague('Cleo')]
    const inboxes = [await ben.watches(), await cleo.watches()]
    await everyone(['reassign'])
    expect(await Promise.all(inboxes.map((line) => line.gone()))).toEqual([4408, 4408])
    await everyone(EVERYONE_RIGHTS)
  })

  it('[PR2] of many cuts each off once, however many they are', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, (_, i) => colleague(`Agent ${i}`)))
    const vic = await (await visitor()).arrives('hello')
    const seats = []
    for (const person of people) seats.push(await person.opens(vic.id))
    const revoked = vi.spyOn(Conversation.prototype, 'revoke')
    await everyone(['ban'])
    expect(await Promise.all(seats.map(({ line }) => line.gone()))).toEqual(seats.map(() => 4408))
    expect(revoked.mock.calls.map(([member]) => member).sort()).toEqual(people.map(({ member }) => member).sort())
    revoked.mockRestore()
    await everyone(EVERYONE_RIGHTS)
  })

  it('[PR2] that could not be told is told by the minute', async () => {
    const ben = await colleague('Ben')
    const group = await make(['ban'], [ben])
    const line = await ben.watches()
    const silent = vi.spyOn(console, 'error').mockReturnValue()
    const fails = () => Promise.reject(new Error('out of reach'))
    const answer = await knock(`${GROUPS}/${group.id}`, {
      method: 'DELETE',
      headers: { cookie: owner.cookie, 'foyer-workspace': owner.workspace },
      bindings: { INBOX: { getByName: () => ({ rightsOfManyChanged: fails, announce: fails }) } as never },
    })
    silent.mockRestore()
    expect([answer.status, await unheard(), line.closed]).toEqual([204, 1, null])
    await tellUnheard(env, Date.now() + 60_000)
    expect([await line.gone(), await unheard()]).toEqual([4408, 0])
  })

  it('[PR2] costs a connect no more than before: one statement reads who it is and what they may', async () => {
    const ben = await colleague('Ben')
    await make(['ban'], [ben])
    let asked = 0
    const counted = (s: D1DatabaseSession) => (sql: string) => {
      asked += 1
      return s.prepare(sql)
    }
    const DB = new Proxy(env.DB, {
      get: (db, key) => {
        if (key === 'withSession')
          return (how: string) =>
            new Proxy(db.withSession(how), {
              get: (s, k) => (k === 'prepare' ? counted(s) : Reflect.get(s, k)),
            })
        return Reflect.get(db, key)
      },
    })
    const session = await readSession({ ...env, DB }, ben.cookie, Date.now())
    expect(session?.principal.memberships[0]?.rights).toEqual(['reassign', 'see_all', 'ban'])
    expect(asked).toBe(1)
  })
})

describe('[PR1] the rights, where they are asked for', () => {
  it('[PR1] reassign: without it an agent takes what is nobody’s, over HTTP and socket alike, and no more', async () => {
    const [ben, cleo] = [await colleague('Ben'), await colleague('Cleo')]
    const vic = await (await visitor()).arrives('hello')
    await everyone([])
    expectProblem(await assign(ben, vic.id, cleo.member), 403, 'not_allowed')
    expect((await assign(ben, vic.id, ben.member)).status).toBe(200)
    expectProblem(await assign(ben, vic.id, null), 403, 'not_allowed')
    const seat = await cleo.opens(vic.id)
    expect((await seat.does({ type: 'accept' })).answer).toMatchObject({ type: 'refused', code: 'not_allowed' })
    const group = await make(['reassign'], [cleo])
    await seat.line.gone()
    const again = await cleo.opens(vic.id)
    expect((await again.does({ type: 'accept' })).answer.type).toBe('entries')
    await remove(group.id)
    await everyone(EVERYONE_RIGHTS)
    expect((await assign(ben, vic.id, ben.member)).status).toBe(200)
  })

  it('[PR1] settings: an agent with it changes channels, and cannot give themself more', async () => {
    const ben = await colleague('Ben')
    const body = { name: 'Blog', origins: ['https://blog.example'] }
    expectProblem(await ben.ask('/api/v1/channels', { body }), 403, 'forbidden')
    const group = await make(['settings'], [ben])
    expect((await ben.ask('/api/v1/channels', { body })).status).toBe(201)
    expectProblem(await ben.ask(GROUPS, { body: { name: 'Mine', rights: [...RIGHTS], members: [] } }), 403, 'forbidden')
    expectProblem(
      await ben.ask(`${GROUPS}/${group.id}`, { method: 'PATCH', body: { rights: [...RIGHTS] } }),
      403,
      'forbidden',
    )
    expectProblem(await ben.ask('/api/v1/audit-log'), 403, 'forbidden')
    await remove(group.id)
    expectProblem(await ben.ask('/api/v1/channels', { body }), 403, 'forbidden')
  })
})
