/** Administrators who decide about one member or group at once: each has their way, and nothing comes back by it. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Group } from '../../core/api/groups.ts'
import { tell, tellUnheard } from '../../worker/rights.ts'
import { isHeard } from '../support/heard.ts'
import { agent, colleague, inboxStub, visitor } from '../support/play.ts'
import { rings } from '../support/rings.ts'

type Agent = Awaited<ReturnType<typeof agent>>

let owner: Agent
beforeAll(async () => {
  owner = await agent()
})

const patch = (who: Agent, id: string, body: object) => who.ask(`/api/v1/members/${id}`, { method: 'PATCH', body })
const assign = (id: string, to: string | null) =>
  owner.ask(`/api/v1/conversations/${id}`, { method: 'PATCH', body: { assignee: to } })
const assigneeOf = async (id: string) => (await owner.ask(`/api/v1/conversations/${id}`)).body.assignee

describe('[PR2] two who decide about one member at once', () => {
  const now = (id: string) =>
    env.DB.prepare('SELECT role, disabled_at IS NOT NULL AS disabled FROM members WHERE id = ?').bind(id).first()

  it('[PR2] both have their way: who is given another role while they are disabled is not let in again by it', async () => {
    for (let i = 0; i < 3; i += 1) {
      const ben = await colleague('Ben')
      await Promise.all([patch(owner, ben.member, { disabled: true }), patch(owner, ben.member, { role: 'admin' })])
      expect(await now(ben.member)).toEqual({ role: 'admin', disabled: 1 })
      expect((await ben.ask('/api/v1/members')).status).toBe(403)
    }
  })

  it('[PR1] an administrator does not undo what an owner decides in that moment', async () => {
    const adam = await colleague('Adam', 'admin')
    for (let i = 0; i < 3; i += 1) {
      const ben = await colleague('Ben', 'admin')
      await Promise.all([
        patch(owner, ben.member, { role: 'owner' }),
        patch(adam, ben.member, { role: 'agent' }),
        patch(adam, ben.member, { disabled: true }),
      ])
      expect(await now(ben.member)).toMatchObject({ role: 'owner' })
      await env.DB.prepare("UPDATE members SET role = 'agent' WHERE id = ?").bind(ben.member).run()
    }
  })

  it('[PR3] what is told last is what holds, whoever tells it, and whatever their clocks say', async () => {
    const ben = await colleague('Ben')
    const vic = await (await visitor()).arrives('hello')
    await assign(vic.id, ben.member)
    await isHeard(owner.workspace, vic.id, { assignee: ben.member })
    const note = env.DB.prepare(
      'INSERT INTO changes (id, workspace_id, member_id, disabled, created_at) VALUES (?, ?, ?, ?, ?)',
    )
    // Disabled by a clock that is ahead and let in again since; and told so by somebody who was held up.
    await note.bind(`late${ben.member}`, ben.workspace, ben.member, 1, Date.now() + 30_000).run()
    await tellUnheard(env, Date.now() + 60_000)
    expect(await assigneeOf(vic.id)).toBe(ben.member)
    await tell(env, { workspace: ben.workspace, what: 'rights', member: ben.member, disabled: true, until: Date.now() })
    await assign(vic.id, null)
    await isHeard(owner.workspace, vic.id, { assignee: null })
    await assign(vic.id, ben.member)
    await isHeard(owner.workspace, vic.id, { assignee: ben.member })
    await rings(inboxStub(owner.workspace))
    expect(await assigneeOf(vic.id)).toBe(ben.member)
  })
})

const GROUPS = '/api/v1/groups'

/** What reads a group; what changes it has more statements. */
const READ = 2

/** Nothing is written before two want to: by then both have read. Who read after the other's write might give anew. */
function meetingAtTheWrite() {
  const prototype = Object.getPrototypeOf(env.DB) as D1Database
  const { batch } = prototype
  let meet = () => {}
  const both = new Promise<void>((resolve) => {
    let waiting = 0
    meet = () => {
      waiting += 1
      if (waiting === 2) resolve()
    }
  })
  return vi.spyOn(prototype, 'batch').mockImplementation(async function (this: D1Database, statements) {
    if (statements.length > READ) {
      meet()
      await both
    }
    return batch.call(this, statements) as never
  })
}

describe('[PR1] two who decide about one group at once', () => {
  it('[PR1] do not give back what another administrator takes in that moment', async () => {
    const [ben, cleo] = [await colleague('Ben'), await colleague('Cleo')]
    const change = (id: string, body: object) => owner.ask(`${GROUPS}/${id}`, { method: 'PATCH', body })
    const found = async (id: string) => (await owner.ask(GROUPS)).body.list.find((group: Group) => group.id === id)
    for (let i = 0; i < 3; i += 1) {
      const { id } = (await owner.ask(GROUPS, { body: { name: 'Leads', rights: ['ban'], members: [ben.member] } })).body
      const writes = meetingAtTheWrite()
      await Promise.all([
        change(id, { rights: [] }),
        change(id, { name: 'Late', rights: ['ban'], members: [ben.member, cleo.member] }),
      ])
      writes.mockRestore()
      expect(await found(id)).toMatchObject({ name: 'Late', rights: [] })
      await Promise.all([change(id, { members: [cleo.member] }), change(id, { rights: ['export'] })])
      expect(await found(id)).toMatchObject({ name: 'Late', rights: ['export'], members: [cleo.member] })
      await owner.ask(`${GROUPS}/${id}`, { method: 'DELETE' })
    }
  })
})
