/** CV4: a conversation that is closed for good goes on in a new one, and in one only. */
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isTeam } from '../../core/conversation/entries.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { agent, colleague, type Seat, visitor } from '../support/play.ts'

type Agent = Awaited<ReturnType<typeof agent>>
type Visitor = Awaited<ReturnType<typeof visitor>>
let ana: Agent
const decide = (body: object) => ana.ask('/api/v1/policies', { method: 'PATCH', body })
beforeAll(async () => {
  ana = await agent()
  await decide({ reopen: 'never' })
})
afterAll(() => decide({ reopen: 'any_message' }))

/** A conversation that is over. */
async function ended(vic: Visitor) {
  const seat = await vic.arrives('hello')
  await seat.does({ type: 'close' })
  return seat
}

const textsIn = async (id: string) =>
  (await (await ana.opens(id)).line.get((frame) => frame.type === 'entries')) as Extract<
    Awaited<ReturnType<Seat['line']['get']>>,
    { type: 'entries' }
  >
const said = async (id: string) =>
  (await textsIn(id)).list.flatMap((e) => (e.type === 'message.created' ? [e.body.text] : []))
const stateOf = async (seat: Seat) => {
  const welcome = await seat.line.get((frame) => frame.type === 'welcome')
  return welcome.type === 'welcome' ? welcome.state.public : null
}

describe('[CV4] what is closed for good', () => {
  it('[CV4] takes no message of anybody, and says where it goes on', async () => {
    const vic = await visitor()
    const over = await ended(vic)
    const refused = { type: 'refused', code: 'conversation_ended' }
    expect((await over.says('one more')).answer).toMatchObject(refused)
    const desk = await ana.opens(over.id)
    expect((await desk.says('sorry')).answer).toMatchObject(refused)
    const byHttp = await ana.ask(`/api/v1/conversations/${over.id}/messages`, { body: { clientId: 'c:1', text: 'x' } })
    expectProblem(byHttp, 409, 'conversation_ended')
    expect((await desk.notes('a note')).answer.type).toBe('entries')
    const next = await vic.start('one more', undefined, over.id)
    expect(next.status).toBe(201)
    expect((await over.says('and another')).answer).toMatchObject({ ...refused, continuedIn: next.body.id })
    expect(byHttp.body).not.toHaveProperty('continuedIn')
    const late = await ana.ask(`/api/v1/conversations/${over.id}/messages`, { body: { clientId: 'c:2', text: 'x' } })
    expect(expectProblem(late, 409, 'conversation_ended').continuedIn).toBe(next.body.id)
  })

  it('[CV4] is linked with what continues it, both ways, for visitor and agents', async () => {
    const vic = await visitor()
    const over = await ended(vic)
    const next = (await vic.start('one more', undefined, over.id)).body.id as string
    const went = await over.line.get(
      (f) => f.type === 'entries' && f.list.some((e) => e.type === 'conversation.continued'),
    )
    expect(went).toMatchObject({ list: [{ body: { in: next } }] })
    expect(await stateOf(await vic.opens(over.id))).toMatchObject({ continuedIn: next })
    expect(await stateOf(await vic.opens(next))).toMatchObject({ continues: over.id })
    expect(await stateOf(await ana.opens(next))).toMatchObject({ continues: over.id })
    const read = async (id: string) => (await ana.ask(`/api/v1/conversations/${id}`)).body
    const [before, after] = [await read(over.id), await read(next)]
    expect([before.continues, before.continuedIn]).toEqual([undefined, next])
    expect([after.continues, after.continuedIn]).toEqual([over.id, undefined])
    expect(await said(next)).toEqual(['one more'])
  })

  it('[CV4][DL2] goes on once, however many tabs and retries ask', async () => {
    const vic = await visitor()
    const over = await ended(vic)
    const ask = (n: number) => vic.start(`from tab ${n}`, `tab${n}:1`, over.id)
    const answers = await Promise.all([ask(1), ask(2), ask(1), ask(3)])
    const ids = new Set(answers.map((answer) => answer.body.id))
    expect(ids.size).toBe(1)
    const again = await Promise.all([ask(1), ask(2), ask(3)])
    expect(again.map((answer) => [answer.status, ids.has(answer.body.id)])).toEqual([
      [200, true],
      [200, true],
      [200, true],
    ])
    const [id] = ids
    expect((await said(String(id))).sort()).toEqual(['from tab 1', 'from tab 2', 'from tab 3'])
    const log = (await textsIn(over.id)).list
    expect(log.filter((entry) => entry.type === 'conversation.continued')).toHaveLength(1)
  })

  it('[CV4] is followed to the end where the continuation was closed for good as well', async () => {
    const vic = await visitor()
    const first = await ended(vic)
    const second = (await vic.start('second', undefined, first.id)).body.id as string
    await (await vic.opens(second)).does({ type: 'close' })
    // A tab that slept through all of it.
    const third = (await vic.start('third', undefined, first.id)).body.id as string
    expect([first.id, second]).not.toContain(third)
    expect(await stateOf(await vic.opens(third))).toMatchObject({ continues: second })
    expect(await said(third)).toEqual(['third'])
  })

  it('[CV4] goes on in itself, if administrators decided otherwise meanwhile', async () => {
    const vic = await visitor()
    const over = await ended(vic)
    await decide({ reopen: 'any_message' })
    const next = await vic.start('one more', undefined, over.id)
    expect([next.body.id, next.status]).toEqual([over.id, 201])
    expect(await said(over.id)).toEqual(['hello', 'one more'])
    await decide({ reopen: 'never' })
  })

  it('[CV4] is begun by another tab, where the first one died between the two', async () => {
    const vic = await visitor()
    const over = await ended(vic)
    // The old one has been told where it goes on, and nothing began there.
    const { conversationIdFor } = await import('../../worker/ids.ts')
    const device = vic.you.slice('visitor:'.length)
    const planned = conversationIdFor(env.ID_SECRET, ana.workspace, device, 'dead:1')
    const identity = { kind: 'visitor' as const, workspace: ana.workspace, device: device as never }
    const envelope = { id: `${planned}:1` as never, command: { type: 'continue_in' as const, conversation: planned } }
    expect(await env.CONVERSATION.getByName(over.id).dispatch({ identity, envelope })).toMatchObject({ ok: true })
    const next = await vic.start('still me', 'alive:1', over.id)
    expect([next.status, next.body.id]).toEqual([201, planned])
    expect((await vic.start('was first', 'dead:1', over.id)).body.id).toBe(planned)
    expect(await said(planned)).toEqual(['still me', 'was first'])
  })

  it('[CV4] is the visitor’s own: nobody else’s conversation is continued', async () => {
    const over = await ended(await visitor())
    const mallory = await visitor()
    expectProblem(await mallory.start('hi', undefined, over.id), 404, 'not_found')
    expectProblem(await mallory.start('hi', undefined, 'a'.repeat(32)), 404, 'not_found')
    expect((await textsIn(over.id)).list.some((entry) => entry.type === 'conversation.continued')).toBe(false)
    await colleague('Ben')
  })

  it('[CV4][DL3] tells nothing of the team log', async () => {
    const vic = await visitor()
    const over = await ended(vic)
    await (await ana.opens(over.id)).notes('between us')
    await vic.start('one more', undefined, over.id)
    expect((await textsIn(over.id)).list.filter(isTeam)).toHaveLength(1)
    expect(JSON.stringify((await vic.opens(over.id)).line.raw)).not.toContain('between us')
  })
})
