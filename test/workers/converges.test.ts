import { describe, expect, it } from 'vitest'
import type { Command } from '../../core/conversation/command.ts'
import { apply, type ConversationState, emptyState } from '../../core/conversation/state.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type { ServerFrame, SocketCommand } from '../../core/protocol/frames.ts'
import { encodeIdentity, IDENTITY_HEADER } from '../../core/protocol/identity.ts'
import { type Conversation, PLAYS, staged } from '../support/corpora/commands.ts'
import { eventually } from '../support/eventually.ts'
import { agent, colleague, Line, Seat, visitor } from '../support/play.ts'

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

/** Until what was followed live is what somebody is told who has just come. */
const follows = (seat: Seat, fresh: Seat) => eventually(() => expect(followed(seat)).toEqual(welcomeOf(fresh)))

/** A command that a socket may carry and that is new here does not compile until it stands here, and is played. */
const PLAYED: Record<SocketCommand['type'], true> = {
  ...{ send_message: true, add_note: true, edit_message: true, delete_message: true, accept: true },
  ...{ set_status: true, set_priority: true, close: true, reopen: true },
  ...{ request_rating: true, submit_rating: true, score_conversation: true },
}

/** Stands for the newest message. */
const ANSWER = 1

const newestOf = (seat: Seat) => seat.entries.findLast((entry) => entry.type === 'message.created')?.n ?? 0

describe('live and fetched are the same', () => {
  it('[Q13][DL4][CV11] after every command, for agents and for visitors', async () => {
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
      [desk, { type: 'request_rating' }],
      [vic, { type: 'submit_rating', score: 2 }],
      [other, { type: 'request_rating' }],
      [vic, { type: 'submit_rating', score: 4, comment: 'better now' }],
      [other, { type: 'score_conversation', score: 3 }],
      [other, { type: 'score_conversation', score: null }],
      [desk, { type: 'send_message', text: 'one more thing' }],
      [desk, { type: 'edit_message', ref: ANSWER, text: 'one thing' }],
      [desk, { type: 'delete_message', ref: ANSWER }],
    ]
    expect([...new Set(steps.map(([, { type }]) => type))].sort()).toEqual(Object.keys(PLAYED).sort())
    for (const [seat, command] of steps) {
      if ('ref' in command) command.ref = newestOf(seat)
      const { answer } = await seat.does(command)
      expect(answer.type, JSON.stringify(command)).toBe('entries')
      const [freshAgent, freshVisitor] = [await ana.opens(vic.id), await browser.opens(vic.id)]
      await follows(desk, freshAgent)
      await follows(vic, freshVisitor)
      freshAgent.line.close()
      freshVisitor.line.close()
    }
    const assigned = await ana.ask(`/api/v1/conversations/${vic.id}`, { method: 'PATCH', body: { assignee: null } })
    expect(assigned.status).toBe(200)
    await follows(desk, await ana.opens(vic.id))
    for (const method of ['POST', 'DELETE']) {
      const path = `/api/v1/conversations/${vic.id}/collaborators`
      const one = method === 'POST' ? path : `${path}/${ben.member}`
      const body = method === 'POST' ? { body: { member: ben.member } } : {}
      expect((await ana.ask(one, { method, ...body })).status).toBeLessThan(300)
      await follows(desk, await ana.opens(vic.id))
    }
  })
})

describe('[Q13] whoever does it, and however it came', () => {
  const READERS = ['ana', 'visitor'] as const
  type Reader = (typeof READERS)[number]

  async function joins(conversation: Conversation, who: Reader): Promise<Seat> {
    const headers = { upgrade: 'websocket', [IDENTITY_HEADER]: encodeIdentity(conversation.identity(who)) }
    const answer = await conversation.stub().fetch('http://object/', { headers })
    if (!answer.webSocket) throw new Error(`no socket: ${answer.status}`)
    const seat = new Seat(new Line(answer.webSocket, null), 'reader')
    await seat.line.get((frame) => frame.type === 'entries')
    return seat
  }

  /** What a client has that was away: the state it had, and the page of what it missed. */
  async function caughtUp(conversation: Conversation, who: Reader, had: ConversationState): Promise<ConversationState> {
    const after = { public: had.public.head, team: had.team?.head }
    const page = await conversation.stub().page(conversation.identity(who), { after })
    return page.ok ? page.list.reduce(apply, had) : had
  }

  const fetched = async (conversation: Conversation, who: Reader) => {
    const seat = await joins(conversation, who)
    seat.line.close()
    return welcomeOf(seat)
  }

  const isNew = (type: Command['type']) => type === 'start'
  // What is being deleted shows itself to nobody until that is undone: the two are one play.
  const plays = Object.values(PLAYS).flatMap((list) => list.filter(([, { type }]) => type !== 'restore'))

  it.each(plays)('[Q13][DL4] %s: %j', async (who, command, scene) => {
    const conversation = await staged(scene, command)
    const seats = isNew(command.type)
      ? []
      : await Promise.all(READERS.map(async (reader) => ({ reader, seat: await joins(conversation, reader) })))
    expect(await conversation.dispatch(who, 'x:1', command)).toMatchObject({ ok: true })
    if (command.type === 'delete') {
      for (const { seat } of seats) expect(await seat.line.gone()).toBe(CLOSE.deleting)
      expect(await conversation.dispatch('ana', 'x:2', { type: 'restore' })).toMatchObject({ ok: true })
    }
    for (const reader of READERS) {
      const fresh = await fetched(conversation, reader)
      const seat = seats.find((one) => one.reader === reader)?.seat
      const had = seat ? welcomeOf(seat) : emptyState(fresh.public.id, reader === 'visitor' ? 'public' : 'team')
      expect(await caughtUp(conversation, reader, had)).toEqual(fresh)
      if (seat && !seat.line.closed) await eventually(() => expect(followed(seat)).toEqual(fresh))
    }
  })
})
