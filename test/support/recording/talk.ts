/** The conversation of a recording that is played over sockets: every frame there is, both ways. */
import type { ServerFrame, SocketCommand } from '../../../core/protocol/frames.ts'
import type { Line, Seat } from '../play.ts'
import { answers, type Recorder } from './recorder.ts'

interface Seats {
  vic: Pick<Seat, 'line'>
  desk: Pick<Seat, 'line'>
}

/** Everything that visitor and agent may send; who answers is waited for, so that the order is the same every time. */
export async function talk(recorder: Recorder, { vic, desk }: Seats): Promise<void> {
  const lines: Record<'visitor' | 'agent', Line> = { visitor: vic.line, agent: desk.line }
  type Side = keyof typeof lines
  const counts = { visitor: 0, agent: 0 }
  const asks = async (who: Side, frame: object, isAnswer: (frame: ServerFrame) => boolean) => {
    const from = lines[who].frames.length
    recorder.sends(who, lines[who], frame)
    await lines[who].get(isAnswer, from)
  }
  const command = (who: Side, command: SocketCommand, extra: object = {}, n = ++counts[who]) => {
    const id = `${who}s:${n}`
    return asks(who, { type: 'command', id, ...extra, command }, (frame) => answers(id, frame))
  }
  const pages = (who: Side, ask: object) =>
    asks(who, { type: 'more', ...ask }, (frame) => frame.type === 'entries' && frame.page !== undefined)
  const typed = async (from: Side, at: Side, where: 'reply' | 'note' | null) => {
    recorder.sends(from, lines[from], { type: 'typing', in: where })
    await lines[at].get((frame) => frame.type === 'signal' && frame.typing === where)
  }
  await command('agent', { type: 'send_message', text: 'hi, this is Ana' })
  await command('agent', { type: 'add_note', text: 'canary-note-of-then', quote: 2 })
  const question: SocketCommand = { type: 'send_message', text: 'where is my tea?', quote: 2 }
  await command('visitor', question)
  await command('visitor', question, { retry: true }, 1)
  await command('visitor', { type: 'send_message', text: '' })
  await command('agent', { type: 'edit_message', ref: 5, text: 'hi, this is Ana of Tea' })
  await command('visitor', { type: 'send_message', text: 'said in error' })
  await command('visitor', { type: 'delete_message', ref: 8 })
  await command('agent', { type: 'close' })
  await command('agent', { type: 'reopen' }, { expectedRev: 1 })
  await command('agent', { type: 'reopen' })
  await command('agent', { type: 'set_status', to: 'waiting_human' })
  await command('agent', { type: 'accept' })
  await command('agent', { type: 'set_priority', to: 'high' })
  await command('agent', { type: 'request_rating' })
  await command('agent', { type: 'request_rating' })
  await command('visitor', { type: 'submit_rating', score: 4, comment: 'quick' })
  await command('agent', { type: 'score_conversation', score: 3 })
  await command('visitor', { type: 'close' })
  await command('agent', { type: 'send_message', text: 'one thing more', reopen: true })
  await typed('agent', 'visitor', 'reply')
  await typed('agent', 'visitor', null)
  await typed('visitor', 'agent', 'reply')
  await typed('visitor', 'agent', null)
  await asks('agent', { type: 'seen', public: 3 }, (frame) => frame.type === 'cursors')
  await asks('visitor', { type: 'seen', public: 4 }, (frame) => frame.type === 'cursors')
  await asks('visitor', { type: 'unheard of', id: 'visitors:fault' }, (frame) => frame.type === 'error')
  await pages('visitor', { before: { public: 3 } })
  await pages('agent', { after: { public: 2, team: 0 } })
}
