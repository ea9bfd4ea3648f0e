import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { CAPABILITIES, CHANNEL_KINDS } from '../../core/channelKinds.ts'
import type { Command } from '../../core/conversation/command.ts'
import { app } from '../../worker/app.ts'
import { asleep } from '../support/asleep.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { eventually } from '../support/eventually.ts'
import { agent, ask, colleague, indexed, visitor } from '../support/play.ts'
import { scripted, type Who, WORKSPACE } from '../support/scripted.ts'

type Agent = Awaited<ReturnType<typeof agent>>
let ana: Agent
let ben: Agent
beforeAll(async () => {
  ana = await agent()
  ben = await colleague('Ben')
})
afterEach(() => void vi.useRealTimers())

const WEEK_MS = 7 * 86_400_000
const ASK = { type: 'request_rating' } as const
const asks = (id: string, who: Pick<Agent, 'ask'> = ana, headers = {}) =>
  who.ask(`/api/v1/conversations/${id}/rating-requests`, { method: 'POST', headers })
const ratings = async (id: string) => (await ana.ask(`/api/v1/conversations/${id}/ratings`)).body

async function keyWith(...scopes: string[]) {
  const { body } = await ana.ask('/api/v1/keys', { body: { name: 'Robot', scopes } })
  const headers = { authorization: `Bearer ${body.secret ?? body.key}` }
  return { ask: (path: string, options: object = {}) => ask(path, { ...options, headers: { ...headers } }) }
}

describe('over HTTP', () => {
  it('[RT1][RT2][RT5] asked, answered live, and told to everybody as it is theirs to know', async () => {
    const vic = await (await visitor()).arrives('hello')
    const desk = await ben.opens(vic.id)
    const asked = await asks(vic.id)
    expect([asked.status, asked.body.entries.map(({ type }: { type: string }) => type)]).toEqual([
      201,
      ['rating.requested', 'rating.prompted'],
    ])
    await vic.line.get((f) => f.type === 'entries' && f.list.some((e) => e.type === 'rating.prompted'))
    await vic.does({ type: 'submit_rating', score: 4, comment: 'quick and kind' })
    await desk.line.get((f) => f.type === 'entries' && f.list.some((e) => e.type === 'rating.submitted'))
    expect(desk.entries.find((e) => e.type === 'rating.requested')).toMatchObject({ author: `agent:${ana.member}` })
    const received = vic.line.raw.join('\n')
    expect(received).not.toContain(ana.member)
    expect(received).not.toMatch(/rating\.requested|"asks"|"assignee"|"by":/)
    expect(await ratings(vic.id)).toMatchObject({
      list: [{ by: `agent:${ana.member}`, answer: { score: 4, comment: 'quick and kind' } }],
      visitor: 4,
      agent: null,
    })
    expect((await ana.ask(`/api/v1/conversations/${vic.id}`)).body).toMatchObject({
      status: 'waiting_human',
      rating: { score: 4, source: 'visitor' },
    })
  })

  it('[RT1] it shows on the launcher of who has closed the chat', async () => {
    const browser = await visitor()
    const { id } = (await browser.start('hello')).body
    const headers = { authorization: `Bearer ${browser.token}` }
    const { badge } = (await ask('/widget/v1/badge-tokens', { body: { conversation: id }, headers })).body
    const unread = async () =>
      (await ask('/widget/v1/badge', { raw: badge, headers: { 'content-type': 'text/plain' } })).body.unread
    expect(await unread()).toBe(0)
    await asks(id)
    expect(await unread()).toBe(1)
  })

  it('[RT3][Q8] too soon is 429 with the exact moment; another agent and a key may', async () => {
    const vic = await (await visitor()).arrives('hello')
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: start })
    expect((await asks(vic.id)).status).toBe(201)
    const again = (await ratings(vic.id)).list[0].at + WEEK_MS
    const refused = await asks(vic.id)
    expectProblem(refused, 429, 'rating_asked_recently')
    expect(refused.body.retryAt).toBe(again)
    expect(refused.headers.get('retry-after')).toBe(String(Math.ceil((again - Date.now()) / 1_000)))
    expect((await asks(vic.id, ben)).status).toBe(201)
    const robot = await keyWith('ratings:write')
    expect((await asks(vic.id, robot)).status).toBe(201)
    expectProblem(await asks(vic.id, robot), 429, 'rating_asked_recently')
    expectProblem(await asks(vic.id, await keyWith('ratings:read')), 403, 'scope_missing')
  })

  it('[AP2] a request that was named is asked once, however often it comes', async () => {
    const vic = await (await visitor()).arrives('hello')
    const named = { 'idempotency-key': 'r1' }
    const [first, second] = [await asks(vic.id, ana, named), await asks(vic.id, ana, named)]
    expect([first.status, second.status, second.body.repeated]).toEqual([201, 201, true])
    expect((await ratings(vic.id)).list).toHaveLength(1)
  })

  it('[RT4] where the channel is not the web it is refused with where it came from, and scores are not', async () => {
    for (const kind of CHANNEL_KINDS.filter((known) => known !== 'web')) {
      const { body: channel } = await ana.ask('/api/v1/channels', { body: { kind, name: kind } })
      const body = { channel: channel.id, text: 'hi', contact: {} }
      const { id } = (await ana.ask('/api/v1/conversations', { body })).body
      const { detail } = expectProblem(await asks(id), 409, 'rating_unavailable')
      expect(detail).toContain(CAPABILITIES[kind].name)
      const path = `/api/v1/conversations/${id}/score`
      expect((await ana.ask(path, { method: 'PUT', body: { score: 2 } })).status).toBe(200)
      expect(await ratings(id)).toMatchObject({ list: [], visitor: null, agent: { score: 2 } })
    }
  })

  it('[RT3][RT7] by what was decided for the channel; open conversations follow', async () => {
    const vic = await (await visitor()).arrives('hello')
    const decide = (body: object) => ana.ask('/api/v1/policies', { method: 'PATCH', body })
    await asks(vic.id)
    const from = vic.line.frames.length
    expect((await decide({ ratingEveryMs: 3_600_000, ratingSkin: 'numbers' })).body.ratingSkin).toBe('numbers')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
    expect((await asks(vic.id)).status).toBe(201)
    const isNumbers = (e: { type: string; body: object }) =>
      e.type === 'rating.prompted' && 'skin' in e.body && e.body.skin === 'numbers'
    await vic.line.get((f) => f.type === 'entries' && f.list.some(isNumbers), from)
    await decide({ ratingEveryMs: WEEK_MS, ratingSkin: 'faces' })
  })
})

describe('[Q5][I6] the window holds', () => {
  /** Within a millisecond of every edge, with the object asleep in between. */
  it('[RT3][Q3][Q8] to the millisecond, through sleep and a power cut', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const script = await scripted()
    await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    await script.within(async (object) => {
      let n = 0
      const tries = async (who: Who, command: Command = ASK) => {
        n += 1
        const answer = await object.dispatch(who, `${who}:${n + 1}`, command)
        return answer.ok ? 'ok' : (answer.refusal.retryAt ?? answer.refusal.code)
      }
      const start = Date.now()
      const sleepUntil = (at: number) => {
        object.sleep()
        vi.setSystemTime(at)
      }
      object.crash('ana', 'lost:1', ASK)
      expect(await tries('ana')).toBe('ok')
      object.crash('ben', 'lost:2', ASK)
      sleepUntil(start + 1)
      expect(await tries('ben')).toBe('ok')
      for (const [who, at] of [
        ['ana', start + WEEK_MS],
        ['ben', start + 1 + WEEK_MS],
      ] as const) {
        sleepUntil(at - 1)
        expect(await tries(who)).toBe(at)
        sleepUntil(at)
        expect(await tries(who)).toBe('ok')
        expect(await tries(who)).toBe(at + WEEK_MS)
      }
    })
  })

  it('[Q10][RT3] the same agent twice at once, over socket and HTTP: one prompt; two agents: both', async () => {
    const vic = await (await visitor()).arrives('hello')
    const desk = await ana.opens(vic.id)
    const socket = desk.does(ASK).then(({ answer }) => answer.type !== 'refused')
    const all = await Promise.all([
      socket,
      ...[ana, ana, ana].map(async (who) => (await asks(vic.id, who)).status === 201),
      asks(vic.id, ben).then(({ status }) => status === 201),
    ])
    expect(all.slice(0, 4).filter(Boolean)).toEqual([true])
    expect(all[4]).toBe(true)
    await asleep(env.CONVERSATION.getByName(vic.id))
    const { list } = await ratings(vic.id)
    for (const who of [ana, ben]) {
      const { at } = list.find(({ by }: { by: string }) => by === `agent:${who.member}`)
      expect(await asks(vic.id, who)).toMatchObject({ status: 429, body: { retryAt: at + 7 * 86_400_000 } })
    }
    expect(list.map(({ by }: { by: string }) => by).sort()).toEqual(
      [`agent:${ana.member}`, `agent:${ben.member}`].sort(),
    )
  })
})

describe('[RT9][I5] in D1', () => {
  const stored = async (id: string) =>
    (await env.DB.prepare('SELECT * FROM ratings WHERE conversation_id = ? ORDER BY prompt').bind(id).all()).results

  it('every ask stands once with its answer, however it was told; an older row changes nothing', async () => {
    const script = await scripted()
    await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    await script.dispatch('ana', 'a:1', ASK)
    const early = await script.row()
    await script.dispatch('visitor', 'v:2', { type: 'submit_rating', score: 2, comment: 'slow' })
    await script.dispatch('ben', 'b:1', ASK)
    await script.dispatch('visitor', 'v:3', { type: 'submit_rating', score: 5 })
    await env.INBOX.getByName(WORKSPACE).update(await script.row(), true)
    await indexed(WORKSPACE)
    await env.INBOX.getByName(WORKSPACE).update(early, true)
    await indexed(WORKSPACE)
    const both = await stored(script.id)
    expect(both).toMatchObject([
      { asked_by: 'agent:m_ana', score: 2, comment: 'slow', assignee_id: null, channel_id: 'ch_scripted' },
      { asked_by: 'agent:m_ben', score: 5, comment: null },
    ])
    const row = await env.DB.prepare('SELECT rating_score, rating_source FROM conversations WHERE id = ?')
    expect(await row.bind(script.id).first()).toEqual({ rating_score: 5, rating_source: 'visitor' })
  })

  it('[Q4] what is missing there, or says something else, is put right by the rebuild', async () => {
    const vic = await (await visitor()).arrives('hello')
    await asks(vic.id)
    await vic.does({ type: 'submit_rating', score: 4, comment: 'fine' })
    const here = async () => {
      await indexed(ana.workspace)
      return stored(vic.id)
    }
    await eventually(async () => expect(await here()).toMatchObject([{ score: 4 }]))
    const whole = await stored(vic.id)
    const rebuilds = async () => (await ana.ask('/api/v1/index-rebuilds', { body: { after: null } })).body.stale
    for (const harm of ['DELETE FROM ratings', 'UPDATE ratings SET score = 1']) {
      await env.DB.prepare(`${harm} WHERE conversation_id = ?`).bind(vic.id).run()
      expect(await rebuilds()).toContain(vic.id)
      expect(await stored(vic.id)).toEqual(whole)
    }
    expect(await rebuilds()).not.toContain(vic.id)
  })

  it('[CV12] and goes with the conversation', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const script = await scripted()
    await script.dispatch('visitor', 'v:1', { type: 'start', text: 'hello' })
    await script.dispatch('ana', 'a:1', ASK)
    await env.INBOX.getByName(WORKSPACE).update(await script.row(), true)
    await indexed(WORKSPACE)
    expect(await stored(script.id)).toHaveLength(1)
    const receipt = { workspace: WORKSPACE, by: 'agent:m_ana', at: 1, entries: { public: 3, team: 1 } } as const
    expect(await env.INBOX.getByName(WORKSPACE).purge(script.id, receipt)).toBe(true)
    expect(await stored(script.id)).toEqual([])
  })
})

describe('[RT9] the report', () => {
  it('counts by day, agent and channel what was asked, how much of it was answered, and how', async () => {
    const asked: Array<[string, typeof ana, 1 | 2 | 3 | 4 | 5 | null]> = [
      ['one', ana, 5],
      ['two', ana, null],
      ['three', ben, 3],
      ['four', ben, 1],
    ]
    const report = async (query = '', who: Pick<Agent, 'ask'> = ana) =>
      (await who.ask(`/api/v1/reports/satisfaction${query}`)).body
    await indexed(ana.workspace)
    const before = (await report()).total
    for (const [text, who, score] of asked) {
      const vic = await (await visitor()).arrives(text)
      const assignee = { method: 'PATCH', body: { assignee: ben.member } }
      if (text === 'three') await ana.ask(`/api/v1/conversations/${vic.id}`, assignee)
      await asks(vic.id, who)
      const comment = text === 'four' ? '=cmd' : undefined
      if (score) await vic.does({ type: 'submit_rating', score, ...(comment && { comment }) })
    }
    const total = async () => {
      await indexed(ana.workspace)
      return (await report()).total.answered
    }
    await eventually(async () => expect(await total()).toBe(before.answered + 3))
    const after = await report()
    const { asked: all, answered, good, neutral, bad } = after.total
    expect([all, answered, good, neutral, bad]).toEqual(
      [4, 3, 1, 1, 1].map(
        (more, at) => more + [before.asked, before.answered, before.good, before.neutral, before.bad][at],
      ),
    )
    expect(after.days).toHaveLength(30)
    expect(after.days.at(-1)).toMatchObject({ asked: all, answered })
    expect(after.days[0]).toMatchObject({ asked: 0, average: null })
    expect(after.askers.map(({ by }: { by: string }) => by)).toContain(`agent:${ben.member}`)
    expect(after.assignees).toContainEqual(expect.objectContaining({ member: ben.member, asked: 1, average: 3 }))
    expect(after.comments[0]).toMatchObject({ score: 1, comment: '=cmd', by: `agent:${ben.member}` })
    const [channel] = after.channels
    expect(await report(`?channel=${channel.channel}`)).toMatchObject({ total: { asked: channel.asked } })
    expect(await report('?channel=ch_none')).toMatchObject({ total: { asked: 0, average: null } })
    expect((await ana.ask('/api/v1/reports/satisfaction?days=367')).status).toBe(422)
    expectProblem(await (await keyWith('ratings:write')).ask('/api/v1/reports/satisfaction'), 403, 'scope_missing')
    const program = await report('', await keyWith('ratings:read'))
    expect(program).toEqual({ ...after, comments: program.comments })
    expect(program.comments.map(({ contactName }: { contactName: null }) => contactName)).toEqual(
      after.comments.map(() => null),
    )
  })

  it('[PR1][RT9] as a file is for who may export as well, with everything in it as text', async () => {
    const path = '/api/v1/reports/satisfaction.csv?days=2'
    const grant = (rights: string[]) => ana.ask('/api/v1/groups/everyone', { method: 'PATCH', body: { rights } })
    const file = (who: Pick<Agent, 'ask'>) => who.ask(path)
    expectProblem(await file(ben), 403, 'forbidden')
    await grant(['reassign', 'export'])
    expectProblem(await file(ben), 403, 'forbidden')
    await grant(['reassign', 'see_all', 'export'])
    const { status, headers, body } = await file(ben)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="satisfaction-\d{4}-\d\d-\d\d\.csv"$/)
    expect(body).toMatch(/^by,name,id,asked/)
    const asked = new Request(`http://localhost${path}`, {
      headers: { cookie: ben.cookie, 'foyer-workspace': ana.workspace },
    })
    const bytes = await (await app.fetch(asked, env, createExecutionContext())).bytes()
    // The mark by which spreadsheets know UTF-8.
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(body).toContain(`\r\nassignee,${ben.name},${ben.member},`)
    expect(body).toContain(",1,'=cmd,")
    await grant(['reassign', 'see_all'])
    expectProblem(await file(ben), 403, 'forbidden')
    // A program: names of whom it may read alone.
    expectProblem(await file(await keyWith('ratings:write')), 403, 'scope_missing')
    expect((await file(await keyWith('ratings:read'))).body).toContain(`\r\nassignee,,${ben.member},`)
    // PR3: each file of a member is told of, what was refused and what a program reads is not.
    const told = (await ana.ask('/api/v1/audit-log?kind=report')).body.list
    expect(told.map(({ actor }: { actor: string }) => actor)).toEqual([`agent:${ben.member}`, `agent:${ben.member}`])
  })

  it('[CV12] says nothing of what was deleted from the first moment on, before the index knows', async () => {
    const vic = await (await visitor()).arrives('hello')
    await asks(vic.id)
    await vic.does({ type: 'submit_rating', score: 1, comment: 'never again' })
    const reports = async () => [
      JSON.stringify((await ana.ask('/api/v1/reports/satisfaction')).body.comments),
      (await ana.ask('/api/v1/reports/satisfaction.csv')).body as string,
    ]
    await eventually(async () => {
      await indexed(ana.workspace)
      for (const report of await reports()) expect(report).toContain('never again')
    })
    expect((await ana.ask(`/api/v1/conversations/${vic.id}`, { method: 'DELETE' })).status).toBe(202)
    for (const report of await reports()) expect(report).not.toContain('never again')
  })

  it('[PR1][CV7] is for who may see all conversations', async () => {
    const everyone = (rights: string[]) =>
      ana.ask('/api/v1/groups/everyone', { method: 'PATCH', body: { rights } }).then(({ status }) => status)
    const asking = async () => (await ben.ask('/api/v1/reports/satisfaction')).status
    expect(await asking()).toBe(200)
    expect(await everyone(['reassign'])).toBe(200)
    expect(await asking()).toBe(403)
    expect(await everyone(['reassign', 'see_all'])).toBe(200)
  })
})
