import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { Conversation } from '../../core/api/conversations.ts'
import { agent, indexed, visitor } from '../support/play.ts'

const inD1 = (id: string) =>
  env.DB.prepare('SELECT rev, priority FROM conversations WHERE id = ?')
    .bind(id)
    .first<{ rev: number; priority: string }>()

describe('the priority of a conversation', () => {
  it('[CV9] begins in the middle, and is changed over HTTP and by socket: in the entries, the list and the index', async () => {
    const vic = await (await visitor()).arrives('my order burns')
    const ana = await agent()
    const [desk, watching] = [await ana.opens(vic.id), await ana.watches()]
    const path = `/api/v1/conversations/${vic.id}`
    expect(Conversation.parse((await ana.ask(path)).body).priority).toBe('medium')
    await indexed(ana.workspace)
    expect(await inD1(vic.id)).toMatchObject({ priority: 'medium' })

    const raised = await ana.ask(path, { method: 'PATCH', body: { priority: 'urgent' } })
    expect(raised).toMatchObject({
      status: 200,
      body: { entries: [{ type: 'conversation.priority_changed', body: { from: 'medium', to: 'urgent' } }] },
    })
    await watching.get((f) => f.type === 'rows' && f.list.some((r) => r.id === vic.id && r.priority === 'urgent'))
    await indexed(ana.workspace)
    expect(await inD1(vic.id)).toEqual({ rev: raised.body.rev, priority: 'urgent' })

    expect((await desk.does({ type: 'set_priority', to: 'low' })).answer.type).toBe('entries')
    expect((await desk.does({ type: 'set_priority', to: 'low' })).answer).toMatchObject({ code: 'priority_unchanged' })
    expect((await ana.ask(path, { method: 'PATCH', body: { priority: 'low' } })).status).toBe(409)
    expect((await ana.ask(path, { method: 'PATCH', body: { priority: 'dire' } })).status).toBe(422)
    expect((await ana.ask(path, { method: 'PATCH', body: { priority: 'high', status: 'closed' } })).status).toBe(422)
  })

  it('[CV9][DL3] is the business of the team: a visitor neither sets it nor hears of it', async () => {
    const vic = await (await visitor()).arrives('hello')
    const desk = await (await agent()).opens(vic.id)
    expect((await vic.does({ type: 'set_priority', to: 'urgent' })).answer).toMatchObject({ code: 'not_allowed' })
    await desk.does({ type: 'set_priority', to: 'high' })
    await desk.says('we are on it')
    await vic.sees('we are on it')
    expect(vic.line.raw.join()).not.toContain('priority')
  })
})
