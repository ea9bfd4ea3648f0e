/** CV7: what was taken from an agent is hidden from them at once and everywhere, if administrators decided so. */
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canSee } from '../../core/conversation/canSee.ts'
import { NO_SOURCE } from '../../core/conversation/record.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import type { MemberId, WorkspaceId } from '../../core/ids.ts'
import type { Membership } from '../../core/membership.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { statementsFor } from '../../durable-objects/inbox/d1Index.ts'
import { listConversations } from '../../worker/db/conversations.ts'
import { openWorkspace } from '../../worker/db/workspace.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { isHeard } from '../support/heard.ts'
import { agent, colleague, indexed, openLine, visitor } from '../support/play.ts'
import { fc } from '../support/properties.ts'

type Agent = Awaited<ReturnType<typeof agent>>
let owner: Agent
let ben: Agent
let cleo: Agent
const decide = (history: 'keep' | 'hide') => owner.ask('/api/v1/policies', { method: 'PATCH', body: { history } })
const assign = (by: Agent, id: string, to: string | null) =>
  by.ask(`/api/v1/conversations/${id}`, { method: 'PATCH', body: { assignee: to } })
const listed = async (who: Agent, view = 'all') =>
  (await who.ask(`/api/v1/conversations?view=${view}&limit=100`)).body.list.map((c: { id: string }) => c.id) as string[]

beforeAll(async () => {
  ;[owner, ben, cleo] = await Promise.all([agent(), colleague('Ben'), colleague('Cleo')])
  // At first everyone sees all: hiding is two decisions.
  await owner.ask('/api/v1/groups/everyone', { method: 'PATCH', body: { rights: ['reassign'] } })
  await decide('hide')
})
afterAll(() => decide('keep'))

/** A conversation of Ben's. */
async function ofBen(text = 'hello') {
  const vic = await (await visitor()).arrives(text)
  await assign(owner, vic.id, ben.member)
  return vic
}

/** Rows follow within half a second. */
const isTold = (id: string) => isHeard(owner.workspace, id, { formerAssignees: expect.arrayContaining([ben.member]) })

/** What an agent finds of a conversation, by every way there is. */
async function finds(who: Agent, id: string) {
  const line = await openLine<{ type: string }>(`/api/v1/conversations/${id}/socket`, { cookie: who.cookie })
  const opened = await Promise.race([line.get((f) => f.type === 'welcome').then(() => 101), line.gone()])
  if (opened === 101) line.close()
  const path = `/api/v1/conversations/${id}`
  const answers = await Promise.all([
    who.ask(path),
    who.ask(`${path}/entries`),
    who.ask(`${path}/notes`, { body: { clientId: `find${crypto.randomUUID().slice(0, 8)}:1`, text: 'a note' } }),
    who.ask(path, { method: 'PATCH', body: { assignee: who.member } }),
  ])
  return { opened, statuses: answers.map((a) => a.status), listed: (await listed(who)).includes(id) }
}

describe('[CV7] what was taken from an agent', () => {
  it('[CV7] is gone for them at once and everywhere, and stays with everybody else', async () => {
    const vic = await ofBen()
    const [desk, watching, others] = [await ben.opens(vic.id), await ben.watches(), await cleo.watches()]
    await watching.get((f) => f.type === 'welcome' && f.rows.some((row) => row.id === vic.id))
    await assign(owner, vic.id, cleo.member)
    expect(await desk.line.gone()).toBe(4404)
    await watching.get((f) => f.type === 'removed' && f.id === vic.id)
    await others.get(
      (f) => f.type === 'rows' && f.list.some((row) => row.id === vic.id && row.assignee === cleo.member),
    )
    const nothing = { opened: 4404, statuses: [404, 404, 404, 404], listed: false }
    expect(await finds(ben, vic.id)).toEqual(nothing)
    await indexed(owner.workspace)
    expect(await finds(ben, vic.id)).toEqual(nothing)
    // Nothing of what happens there afterwards, not even that something does.
    const from = watching.raw.length
    await vic.says('still here')
    await others.get((f) => f.type === 'rows' && f.list.some((row) => row.lastMessage?.text === 'still here'))
    expect(watching.raw.slice(from).join()).not.toContain(vic.id)
    expect((await finds(owner, vic.id)).listed).toBe(true)
  })

  it('[CV7] is not there under any view, nor counted', async () => {
    const vic = await ofBen('for the counts')
    await assign(owner, vic.id, null)
    await isTold(vic.id)
    await indexed(owner.workspace)
    for (const view of ['all', 'unread', 'unresolved', 'unassigned'])
      expect([view, (await listed(ben, view)).includes(vic.id), (await listed(cleo, view)).includes(vic.id)]).toEqual([
        view,
        false,
        true,
      ])
    const countOf = async (who: Agent) => {
      const welcome = await (await who.watches()).get((f) => f.type === 'welcome')
      return welcome.type === 'welcome' ? welcome.counts : null
    }
    const [his, hers] = [await countOf(ben), await countOf(cleo)]
    expect(his?.all).toBe((await listed(ben)).length)
    expect(hers?.all).toBe((await listed(cleo)).length)
    expect(his?.unassigned).toBeLessThan(hers?.unassigned ?? 0)
  })

  it('[CV7][CV10] stays with who follows it, until they no longer do', async () => {
    const vic = await ofBen()
    const path = `/api/v1/conversations/${vic.id}/collaborators`
    await owner.ask(path, { body: { member: ben.member } })
    const desk = await ben.opens(vic.id)
    await assign(owner, vic.id, cleo.member)
    expect((await desk.notes('I keep an eye on it')).answer.type).toBe('entries')
    await owner.ask(`${path}/${ben.member}`, { method: 'DELETE' })
    expect(await desk.line.gone()).toBe(4404)
    expectProblem(await ben.ask(`/api/v1/conversations/${vic.id}`), 404, 'not_found')
  })

  it('[CV7] comes back with the conversation itself', async () => {
    const vic = await ofBen()
    await assign(owner, vic.id, cleo.member)
    const watching = await ben.watches()
    await assign(cleo, vic.id, ben.member)
    await watching.get((f) => f.type === 'rows' && f.list.some((row) => row.id === vic.id))
    expect((await finds(ben, vic.id)).opened).toBe(101)
  })

  it('[CV7] may be given away by oneself: the answer comes, then it is gone', async () => {
    const vic = await ofBen()
    const desk = await ben.opens(vic.id)
    expect((await assign(ben, vic.id, cleo.member)).status).toBe(200)
    expect(await desk.line.gone()).toBe(4404)
  })
})

describe('[CV7] an administrator decides otherwise', () => {
  it('[CV7] while somebody looks on', async () => {
    await decide('keep')
    const vic = await ofBen()
    await assign(owner, vic.id, cleo.member)
    await isTold(vic.id)
    const [desk, watching] = [await ben.opens(vic.id), await ben.watches()]
    const [boss] = [await owner.watches()]
    await watching.get((f) => f.type === 'welcome')
    await decide('hide')
    expect(await desk.line.gone()).toBe(4404)
    // The dashboard connects again and reads what there is to see now.
    expect(await watching.gone()).toBe(4408)
    expect(boss.closed).toBeNull()
    const again = await ben.watches()
    const welcome = await again.get((f): f is Extract<InboxFrame, { type: 'welcome' }> => f.type === 'welcome')
    expect(welcome.rows.map((row) => row.id)).not.toContain(vic.id)
    await decide('keep')
    expect((await finds(ben, vic.id)).listed).toBe(true)
    await decide('hide')
  })
})

describe('[CV7] opening while it is being taken away', () => {
  it('[CV7] never lets anybody in for longer than that', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 12; round += 1) {
      const vic = await ofBen()
      const [line] = await Promise.all([
        openLine(`/api/v1/conversations/${vic.id}/socket`, { cookie: ben.cookie }),
        assign(owner, vic.id, cleo.member),
      ])
      await vic.says('after it was taken')
      expect(await line.gone()).toBe(4404)
      expect(line.raw.join()).not.toContain('after it was taken')
    }
  })
})

describe('[CV7] the function and the SQL', () => {
  const workspace = 'w_generated' as WorkspaceId
  const people = ['m_1', 'm_2', 'm_3'] as MemberId[]
  const some = fc.subarray(people)
  const looks = fc.record({
    history: fc.constantFrom('keep' as const, 'hide' as const),
    me: fc.constantFrom(...people),
    role: fc.constantFrom('owner' as const, 'admin' as const, 'agent' as const),
    rights: fc.subarray(['see_all' as const, 'reassign' as const]),
  })
  const rows = fc.array(fc.tuple(fc.constantFrom(null, ...people), some, some), { minLength: 1, maxLength: 12 })

  it('[CV7] agree about every row', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(rows, looks, async (generated, { history, me, ...held }) => {
      await env.DB.prepare('DELETE FROM conversations WHERE workspace_id = ?').bind(workspace).run()
      const made = generated.map(([assignee, collaborators, formerAssignees], n) =>
        rowOf(n, { assignee, collaborators, formerAssignees }),
      )
      const list = made.map((row) => ({ row, introduce: false }))
      await env.DB.batch(statementsFor(env.DB, list))
      const policies = { version: 1, workspace: { history }, channels: {} }
      const viewer: Membership = { workspace, member: me, name: 'Somebody', ...held, policies }
      const found = await listConversations(openWorkspace(env.DB, viewer), { view: 'all', me }, null, 100)
      const expected = made.filter((row) => canSee(viewer, row, history)).map((row) => row.id)
      expect(found.map((row) => row.id).sort()).toEqual(expected.sort())
    })
    await fc.assert(property, { numRuns: 60, seed: 20261121 })
  })

  function rowOf(
    n: number,
    people: Pick<ConversationRow, 'assignee' | 'collaborators' | 'formerAssignees'>,
  ): ConversationRow {
    return {
      ...{
        id: `generated${n}` as never,
        workspace,
        rev: 1,
        channel: 'ch' as never,
        contact: 'c' as never,
        device: 'd' as never,
      },
      ...{
        status: 'waiting_human',
        startedAt: n,
        lastMessageAt: n,
        lastMessage: null,
        visitorMessages: 0,
        head: 1,
        priority: 'medium',
        deletedAt: null,
      },
      source: NO_SOURCE,
      ...people,
    }
  }
})
