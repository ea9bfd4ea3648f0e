import { describe, expect, it } from 'vitest'
import { isTeam } from '../../core/conversation/entries.ts'
import { apply, type ConversationState } from '../../core/conversation/state.ts'
import type { ServerFrame, SocketCommand } from '../../core/protocol/frames.ts'
import { agent, colleague, type Seat, visitor } from '../support/play.ts'

function welcomeOf(seat: Seat): ConversationState {
  const [first] = seat.line.frames
  if (first?.type !== 'welcome') throw new Error('a connection begins with a welcome')
  return first.state
}

/** What a client has that was there all along: the state it was welcomed with, and every live entry since. */
function followed(seat: Seat): ConversationState {
  const live = seat.line.frames.filter(
    (f): f is Extract<ServerFrame, { type: 'entries' }> => f.type === 'entries' && f.page === undefined,
  )
  return live.flatMap((frame) => frame.list).reduce(apply, welcomeOf(seat))
}

describe('live and fetched are the same', () => {
  it('[DL4][CV11] after every command, for agents and for visitors', async () => {
    const browser = await visitor()
    const vic = await browser.arrives('hello')
    const ana = await agent()
    const ben = await colleague('Ben')
    const [desk, other] = [await ana.opens(vic.id), await ben.opens(vic.id)]
    const steps: Array<[Seat, SocketCommand]> = [
      [vic, { type: 'send_message', text: 'anyone?' }],
      [desk, { type: 'add_note', text: 'mine' }],
      [desk, { type: 'accept' }],
      [desk, { type: 'set_priority', to: 'high' }],
      [other, { type: 'send_message', text: 'taking over' }],
      [other, { type: 'accept' }],
      [desk, { type: 'set_status', to: 'waiting_human' }],
      [desk, { type: 'set_status', to: 'active_human' }],
      [vic, { type: 'send_message', text: 'quoting', quote: 2 }],
      [desk, { type: 'add_note', text: 'quoting', quote: 't1' }],
      [vic, { type: 'close' }],
      [desk, { type: 'reopen' }],
      [other, { type: 'close' }],
      [desk, { type: 'send_message', text: 'one more thing' }],
    ]
    for (const [seat, command] of steps) {
      const { answer } = await seat.does(command)
      expect(answer.type, JSON.stringify(command)).toBe('entries')
      const [freshAgent, freshVisitor] = [await ana.opens(vic.id), await browser.opens(vic.id)]
      const head = welcomeOf(freshVisitor).public.head
      await vic.line.get((f) => f.type === 'entries' && f.list.some((e) => !isTeam(e) && e.n === head))
      expect(followed(desk)).toEqual(welcomeOf(freshAgent))
      expect(followed(vic)).toEqual(welcomeOf(freshVisitor))
      freshAgent.line.close()
      freshVisitor.line.close()
    }
    const assigned = await ana.ask(`/api/v1/conversations/${vic.id}`, { method: 'PATCH', body: { assignee: null } })
    expect(assigned.status).toBe(200)
    expect(followed(desk)).toEqual(welcomeOf(await ana.opens(vic.id)))
  })
})
