/** Two at once: exactly one wins, and the other learns what is. Over sockets, over HTTP and across the two. */
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../core/conversation/entries.ts'
import type { SocketCommand } from '../../core/protocol/frames.ts'
import { agent, colleague, type Seat, visitor } from '../support/play.ts'

/** Sends without waiting, so that the other is on its way too; answers `ok` or the refusal's code. */
const tries = async (seat: Seat, command: SocketCommand, expectedRev?: number): Promise<string> => {
  const { answer } = await seat.does(command, expectedRev === undefined ? {} : { expectedRev })
  return answer.type === 'refused' ? answer.code : 'ok'
}

/** The same; and of a refusal, whether what the winner did had come by then: so the loser knows the present state. */
async function loses(seat: Seat, command: SocketCommand, type: Entry['type'], expectedRev?: number) {
  const code = await tries(seat, command, expectedRev)
  const { frames } = seat.line
  const refused = frames.findIndex((frame) => frame.type === 'refused')
  const isTold = frames.slice(0, refused).some((f) => f.type === 'entries' && f.list.some((e) => e.type === type))
  return code === 'ok' ? code : { code, isTold }
}

/** A conversation with two agents in it, who work over sockets and over HTTP. */
async function scene() {
  const vic = await (await visitor()).arrives('hello')
  const [ana, ben] = [await agent(), await colleague('Ben')]
  const [desk, other] = [await ana.opens(vic.id), await ben.opens(vic.id)]
  const path = `/api/v1/conversations/${vic.id}`
  const read = async () => (await ana.ask(path)).body
  const patch = async (who: typeof ana | typeof ben, body: object) => who.ask(path, { method: 'PATCH', body })
  return { vic, ana, ben, desk, other, read, patch }
}

const closings = (seat: Seat) =>
  seat.entries.filter((e) => e.type === 'conversation.status_changed' && e.body.to === 'closed').length

describe('[Q10] exactly one wins', () => {
  it('[Q10][CV3] two close at once: one entry, and the other hears that it is closed', async () => {
    const { vic, desk, other } = await scene()
    const closes = (seat: Seat) => loses(seat, { type: 'close' }, 'conversation.status_changed')
    const outcomes = await Promise.all([closes(desk), closes(other)])
    expect(outcomes).toContain('ok')
    expect(outcomes).toContainEqual({ code: 'already_closed', isTold: true })
    await vic.line.get((f) => f.type === 'entries' && f.list.some((e) => e.type === 'conversation.status_changed'))
    expect(closings(vic)).toBe(1)
  })

  it('[Q10][CV3] the visitor over the socket, an agent over HTTP', async () => {
    const { vic, ana, read, patch } = await scene()
    const [theirs, answer] = await Promise.all([
      loses(vic, { type: 'close' }, 'conversation.status_changed'),
      patch(ana, { status: 'closed' }),
    ])
    expect(closings(vic)).toBe(1)
    if (theirs !== 'ok') expect([theirs, answer.status]).toEqual([{ code: 'already_closed', isTold: true }, 200])
    else expect(answer).toMatchObject({ status: 409, body: { code: 'already_closed', rev: (await read()).rev } })
  })

  it('[Q10][CV6] two assign what they saw unassigned: the loser learns the present revision', async () => {
    const { ana, ben, read, patch } = await scene()
    const { rev } = await read()
    const answers = await Promise.all([
      patch(ana, { assignee: ana.member, expectedRev: rev }),
      patch(ben, { assignee: ben.member, expectedRev: rev }),
    ])
    const lost = answers.filter(({ status }) => status === 409)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const now = await read()
    expect(lost[0]?.body).toMatchObject({ code: 'version_conflict', rev: now.rev })
    expect([ana.member, ben.member]).toContain(now.assignee)
  })

  it('[Q10][CV6] two take what they saw unassigned, over sockets: the loser has seen whose it is by then', async () => {
    const { ana, ben, desk, other, read } = await scene()
    const { rev } = await read()
    const takes = (seat: Seat) => loses(seat, { type: 'accept' }, 'conversation.assigned', rev)
    const outcomes = await Promise.all([takes(desk), takes(other)])
    expect(outcomes).toContain('ok')
    expect(outcomes).toContainEqual({ code: 'version_conflict', isTold: true })
    const [winner, loser] = outcomes[0] === 'ok' ? [ana, other] : [ben, desk]
    expect(loser.entries.findLast((e) => e.type === 'conversation.assigned')?.body).toMatchObject({ to: winner.member })
    expect((await read()).assignee).toBe(winner.member)
  })

  it('[Q10][CV2] two accept: both are told who has it in the end, and each take is one entry', async () => {
    const { ana, ben, desk, other, read } = await scene()
    await Promise.all([tries(desk, { type: 'accept' }), tries(other, { type: 'accept' })])
    const { assignee } = await read()
    expect([ana.member, ben.member]).toContain(assignee)
    for (const seat of [desk, other]) {
      const takes = seat.entries.filter((e) => e.type === 'conversation.assigned')
      expect(takes).toHaveLength(2)
      expect(takes.at(-1)?.body).toMatchObject({ to: assignee })
    }
  })

  it('[Q10][MS8] an edit and a deletion of one message: in either order nothing of it comes back', async () => {
    const { vic, desk, ana, read } = await scene()
    await desk.says('said too early')
    await vic.sees('said too early')
    const ref = desk.entries.findLast((e) => e.type === 'message.created')?.n ?? 0
    const [edited, erased] = await Promise.all([
      tries(desk, { type: 'edit_message', ref, text: 'said otherwise' }),
      ana.ask(`/api/v1/conversations/${vic.id}/messages/${ref}`, { method: 'DELETE' }),
    ])
    expect(erased.status).toBe(200)
    expect(['ok', 'message_deleted']).toContain(edited)
    const fresh = await ana.ask(`/api/v1/conversations/${vic.id}/entries?limit=200`)
    expect(JSON.stringify(fresh.body)).not.toMatch(/said (too early|otherwise)/)
    expect((await read()).lastMessage.text).toBe('')
  })

  it('[Q10][DL2] one message over two connections at once stands once', async () => {
    const browser = await visitor()
    const started = await browser.start('hello')
    const [here, there] = [await browser.opens(started.body.id), await browser.opens(started.body.id)]
    const say = { type: 'send_message', text: 'just once' } as const
    await Promise.all([here.does(say, { id: 'same:7' }), there.does(say, { id: 'same:7', retry: true })])
    const again = await browser.opens(started.body.id)
    expect(again.texts.filter((text) => text === 'just once')).toHaveLength(1)
  })

  it('[Q10][DL2] one start sent ten times at once makes one conversation', async () => {
    const browser = await visitor({ ip: '203.0.113.77' })
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.start('hello', 'same:1')))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const seat = await browser.opens(answers[0]?.body.id)
    expect(seat.texts).toEqual(['hello'])
  })
})
