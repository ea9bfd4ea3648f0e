/** A whole recording: what people and programs do in one small installation, and everything that was said about it. */
import { env } from 'cloudflare:workers'
import type { InboxFrame } from '../../../core/protocol/inboxFrames.ts'
import { agent, colleague, inboxStub, type Line, visitor } from '../play.ts'
import { database, dump, Recorder, until } from './recorder.ts'
import * as scenes from './scenes.ts'
import { talk } from './talk.ts'

export async function recorded() {
  const at = Date.now()
  const recorder = new Recorder()
  recorder.begin()
  const [ana, ben] = [await agent(), await colleague('Ben')]
  const watching = await ana.watches()
  const browser = await visitor()
  const vic = await browser.arrives('hello')
  // A second tab, which goes again: who begins is told of with the row, who comes later with a call.
  const tab = await browser.opens(vic.id)
  await until(() => recorder.calls.some(({ name }) => name === 'opened'), 'the second tab is told of')
  tab.line.close()
  const desk = await ana.opens(vic.id)
  const cast = { ana, ben, browser, id: vic.id, calls: recorder.calls }
  await talk(recorder, { vic, desk })
  await scenes.agents(cast)
  await watches(recorder, watching, vic.id)
  const posted = await scenes.programs(cast)
  await scenes.visitors(cast)
  await scenes.transcripts(cast)
  await scenes.policies(cast)
  await scenes.bans(cast)
  await scenes.assigning(cast)
  await scenes.assistant(cast, posted)
  const hidden = await scenes.hiding(cast, posted)
  await scenes.rights(cast, posted)
  await scenes.continues(cast)
  const ended = await scenes.ending(cast, posted)
  const dashboards: InboxFrame[] = [...watching.frames, ...hidden, ...ended]
  const received = { visitor: vic.line.frames, agent: desk.line.frames, inbox: dashboards }
  await scenes.closed(vic.line, desk.line)
  await until(() => recorder.calls.filter(({ name }) => name === 'left').length >= 2, 'everybody left')
  recorder.end()
  return {
    ...{ at, id: vic.id, workspace: ana.workspace, member: ana.member, token: browser.token, cookie: ana.cookie },
    database: await database(),
    calls: recorder.calls,
    sent: recorder.sent,
    received,
    stored: {
      conversation: await dump(env.CONVERSATION.getByName(vic.id)),
      inbox: await dump(inboxStub(ana.workspace)),
    },
  }
}

/** A dashboard: what was read there, what is to be read again, and whether anybody looks at it. */
async function watches(recorder: Recorder, line: Line<InboxFrame>, id: string): Promise<void> {
  await line.get((frame) => frame.type === 'rows' && frame.list.some((row) => row.lastMessage?.text === 'by HTTP'))
  for (const frame of [
    { type: 'read', id, public: 3, visitor: 2 },
    { type: 'mark_unread', id },
    { type: 'presence', state: 'away' },
    { type: 'presence', state: 'here' },
  ]) {
    const from = line.frames.length
    recorder.sends('inbox', line, frame)
    await line.get(({ type }) => type === (frame.type === 'presence' ? 'members' : 'markers'), from)
  }
}
