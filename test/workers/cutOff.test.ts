import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../durable-objects/conversation/conversation.ts'
import type { Inbox } from '../../durable-objects/inbox/inbox.ts'
import { expectProblem } from '../support/corpora/problems.ts'
import { agent, colleague, inboxStub, visitor } from '../support/play.ts'

describe('[PR2] who was cut off', () => {
  it('[PR2] is not heard any more, on lines of which they do not close their end', async () => {
    const ben = await colleague('Ben')
    const vic = await (await visitor()).arrives('hello')
    await Promise.all([ben.opens(vic.id), ben.watches()])
    const late = { type: 'command', id: 'late:1', command: { type: 'add_note', text: 'still here' } }
    await runInDurableObject(env.CONVERSATION.getByName(vic.id), (conversation: Conversation, ctx) => {
      for (const socket of ctx.getWebSockets(`member:${ben.member}`)) {
        socket.close(4408, 'rights changed')
        conversation.webSocketMessage(socket, JSON.stringify(late))
      }
    })
    await runInDurableObject(inboxStub(ben.workspace), async (inbox: Inbox, ctx) => {
      for (const socket of ctx.getWebSockets(ben.member)) {
        socket.close(4408, 'rights changed')
        await inbox.webSocketMessage(socket, JSON.stringify({ type: 'mark_unread', id: vic.id }))
      }
    })
    const owner = await agent()
    const { list } = (await owner.ask(`/api/v1/conversations/${vic.id}/entries`)).body
    expect(JSON.stringify(list)).not.toContain('still here')
    expect((await inboxStub(owner.workspace).overlay(ben.member)).markers).toEqual([])
  })

  it('[PR2] finishes no request either that was begun before', async () => {
    const [owner, ben] = [await agent(), await colleague('Ben')]
    const vic = await (await visitor()).arrives('hello')
    const text = JSON.stringify({ text: 'still here' })
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const body = writable.getWriter()
    const path = `/api/v1/conversations/${vic.id}/notes`
    const answer = ben.ask(path, { raw: readable, headers: { 'content-length': String(text.length) } })
    await body.write(new TextEncoder().encode(text.slice(0, 5)))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await owner.ask(`/api/v1/members/${ben.member}`, { method: 'PATCH', body: { disabled: true } })
    await body.write(new TextEncoder().encode(text.slice(5)))
    await body.close()
    expectProblem(await answer, 404, 'not_found')
    const { list } = (await owner.ask(`/api/v1/conversations/${vic.id}/entries`)).body
    expect(JSON.stringify(list)).not.toContain('still here')
  })
})
