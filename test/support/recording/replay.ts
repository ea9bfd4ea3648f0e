/** Plays a recording to today's objects: the calls and frames of then, in the order of then and at its times. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { DispatchCall } from '../../../core/protocol/conversationCalls.ts'
import type { EffectCall } from '../../../core/protocol/effectCalls.ts'
import type { ServerFrame } from '../../../core/protocol/frames.ts'
import type { Identity } from '../../../core/protocol/identity.ts'
import type { InboxFrame } from '../../../core/protocol/inboxFrames.ts'
import { asleep } from '../asleep.ts'
import { covers } from '../covers.ts'
import { inboxStub, Line } from '../play.ts'
import type { Recording, Stored } from './library.ts'
import { answers, type Call, callsOf, OBJECTS, replaced, type Sent, silenceQueue, Undo } from './recorder.ts'

type Stub = DurableObjectStub & Record<string, (...args: unknown[]) => Promise<unknown>>

/** No recording took longer; what is further ahead is the end of a session, or a time to come. */
const LASTED_MS = 600_000

/** Leaves in an object's database exactly this, as an earlier version did, and puts it to sleep. */
export async function leave(stub: DurableObjectStub, stored: Stored | null): Promise<void> {
  // One that is awake may be about to tell something, or its alarm to go off: it would not find the tables it knows.
  await runInDurableObject(stub, (_object, ctx) => ctx.storage.deleteAlarm())
  await asleep(stub)
  await runInDurableObject(stub, async (_object, ctx) => {
    await ctx.storage.deleteAll()
    for (const { create, name, rows } of stored?.tables ?? []) {
      ctx.storage.sql.exec(create)
      for (const row of rows)
        ctx.storage.sql.exec(`INSERT INTO ${name} VALUES (${row.map(() => '?').join(', ')})`, ...row)
    }
    if (stored && stored.steps !== null) ctx.storage.kv.put('steps', stored.steps)
  })
  await asleep(stub)
}

export const conversations = (recording: Recording) => [
  ...new Set(recording.calls.flatMap(({ object, on }) => (object === 'conversation' ? on : []))),
]

/** Nothing is left of what the recording is about, in no object. */
export async function emptied(recording: Recording): Promise<void> {
  for (const id of conversations(recording)) await leave(env.CONVERSATION.getByName(id), null)
  await leave(inboxStub(recording.workspace), null)
}

export interface Upgrade {
  url: string
  headers: Record<string, string>
}

/** A socket that is opened as it was then. */
export async function opened<Frame>(stub: DurableObjectStub, upgrade: Upgrade): Promise<Line<Frame>> {
  const answer = await stub.fetch(new Request(upgrade.url, { headers: upgrade.headers }))
  if (!answer.webSocket) throw new Error(`no socket: ${answer.status}`)
  return new Line<Frame>(answer.webSocket, answer.headers.get('sec-websocket-protocol'))
}

/** What was asked for, so that the answer to it is found: who commanded what, or whatever it is that was called. */
export function kindOf({ object, name, args: [given] }: Pick<Call, 'object' | 'name' | 'args'>): string {
  if (name === 'dispatch') {
    const { identity, envelope } = given as DispatchCall
    return `${object} dispatch ${envelope.command.type} by ${identity.kind}`
  }
  if (name === 'effect') return `${object} effect ${(given as EffectCall).do}`
  if (name === 'read' || name === 'page') return `${object} ${name} by ${(given as Identity).kind}`
  return `${object} ${name}`
}

/**
 * From now on objects of this kind answer what those of then did, in their order; the last answer is given again.
 * @param undo is given what ends it
 */
export function answeringAsThen({ calls }: Recording, object: Call['object'], undo: Undo): void {
  const answers = new Map<string, unknown[]>()
  for (const call of calls) {
    const key = `${call.on} ${kindOf(call)}`
    if (call.object === object) answers.set(key, [...(answers.get(key) ?? []), call.answer])
  }
  for (const name of callsOf(OBJECTS[object]))
    if (name !== 'fetch')
      replaced(
        OBJECTS[object],
        name,
        undo,
        () =>
          async function (this: { ctx: DurableObjectState }, ...args) {
            const left = answers.get(`${this.ctx.id.name} ${kindOf({ object, name, args })}`) ?? []
            return left.length > 1 ? left.shift() : left[0]
          },
      )
}

interface Replay {
  /** What is missing in the answers of today, by call. */
  faults: string[]
  /** Frames of then that nothing of today would do for. */
  unlike(): string[]
  lines: Array<Line<ServerFrame | InboxFrame>>
}

/** The calls and frames of one kind of object. */
export async function replayed(recording: Recording, object: Call['object']): Promise<Replay> {
  const undo = new Undo()
  silenceQueue(undo)
  let now = recording.at
  replaced(Date, 'now', undo, () => () => now)
  if (object === 'inbox') answeringAsThen(recording, 'conversation', undo)
  const faults: string[] = []
  const lines: Array<{ who: Sent['who']; line: Line<ServerFrame | InboxFrame> }> = []
  const says = async ({ who, text }: Sent) => {
    const line = lines.find((one) => one.who === who)?.line
    if (!line) return
    const [frame, from] = [JSON.parse(text), line.frames.length]
    line.send(text)
    if (frame.id !== undefined && who !== 'inbox') await line.get((it) => answers(frame.id, it as ServerFrame), from)
    if (frame.type === 'more') await line.get((it) => 'page' in it, from)
    if (who === 'inbox' && frame.type !== 'presence') await line.get(({ type }) => type === 'markers', from)
  }
  for (const [i, call] of recording.calls.entries()) {
    for (const frame of recording.sent) if (frame.calls === i) await says(frame)
    if (call.object !== object) continue
    now = Math.max(now, ...timesIn(call, recording.at))
    const stub = (object === 'inbox' ? inboxStub(call.on) : env.CONVERSATION.getByName(call.on)) as unknown as Stub
    if (call.name === 'fetch') {
      const upgrade = call.args[0] as Upgrade
      const who = object === 'inbox' ? 'inbox' : upgrade.url.includes('/widget/') ? 'visitor' : 'agent'
      lines.push({ who, line: await opened(stub, upgrade) })
      continue
    }
    const fault = covers(await stub[call.name]?.(...call.args), call.answer)
    if (fault !== '') faults.push(`${call.name} ${JSON.stringify(call.args).slice(0, 500)}: ${fault}`)
  }
  for (const frame of recording.sent) if (frame.calls === recording.calls.length) await says(frame)
  undo.all()
  const sides = object === 'inbox' ? (['inbox'] as const) : (['visitor', 'agent'] as const)
  const heard = (who: Sent['who']) => lines.flatMap((one) => (one.who === who ? one.line.frames : []))
  return {
    faults,
    unlike: () => sides.flatMap((who) => unlike(heard(who), recording.received[who])),
    lines: lines.map(({ line }) => line),
  }
}

function timesIn({ args }: Call, from: number): number[] {
  return [...JSON.stringify(args).matchAll(/\d{13}/g)].map(Number).filter((at) => at >= from && at < from + LASTED_MS)
}

/** Frames of then that whoever reads them would miss now. */
export function unlike(now: ReadonlyArray<{ type: string }>, then: ReadonlyArray<{ type: string }>): string[] {
  return then
    .filter((frame) => !now.some((other) => other.type === frame.type && covers(other, frame) === ''))
    .map((frame) => JSON.stringify(frame))
}
