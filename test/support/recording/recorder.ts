/**
 * Writes down everything that passes between clients, Worker and objects, and what the objects have stored in the end.
 * Runs in an earlier commit as well as in today's (test/fixtures/record.mjs), so it asks classes what they have instead
 * of knowing it: a call that is new tomorrow is recorded tomorrow.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { ServerFrame } from '../../../core/protocol/frames.ts'
import { Conversation } from '../../../durable-objects/conversation/conversation.ts'
import { Inbox } from '../../../durable-objects/inbox/inbox.ts'
import { eventually } from '../eventually.ts'
import type { Line } from '../play.ts'

/** One call of an object. `on` names the conversation; an inbox is that of the workspace. */
export interface Call {
  object: 'conversation' | 'inbox'
  on: string
  name: string
  args: unknown[]
  answer: unknown
}

/** One frame of a client, and how many calls had been made by then. */
export interface Sent {
  who: 'visitor' | 'agent' | 'inbox'
  text: string
  calls: number
}

/** What the runtime itself asks of an object. */
const EVENTS = ['constructor', 'alarm', 'webSocketMessage', 'webSocketClose', 'webSocketError']

/** Every method by which others may ask an object for something. */
export function callsOf(prototype: object): string[] {
  return Object.getOwnPropertyNames(prototype).filter(
    (name) => !EVENTS.includes(name) && typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function',
  )
}

export const OBJECTS = { conversation: Conversation.prototype, inbox: Inbox.prototype }

/** What has to be put back in the end, the last first. */
export class Undo {
  readonly #steps: Array<() => void> = []

  add(step: () => void): void {
    this.#steps.push(step)
  }

  all(): void {
    for (const step of this.#steps.splice(0).reverse()) step()
  }
}

type Method = (this: never, ...args: unknown[]) => unknown

/** Puts another method in the place of one, which it is given. */
export function replaced(of: object, name: string, undo: Undo, other: (original: Method) => Method): void {
  const original = Reflect.get(of, name) as Method
  Reflect.set(of, name, other(original))
  undo.add(() => Reflect.set(of, name, original))
}

export class Recorder {
  readonly calls: Call[] = []
  readonly sent: Sent[] = []
  readonly #undo = new Undo()

  begin(): void {
    for (const [object, prototype] of Object.entries(OBJECTS))
      for (const name of callsOf(prototype)) this.#spy(object as Call['object'], prototype, name)
    silenceQueue(this.#undo)
  }

  end(): void {
    this.#undo.all()
  }

  sends(who: Sent['who'], line: Pick<Line, 'send'>, frame: object): void {
    const text = JSON.stringify(frame)
    this.sent.push({ who, text, calls: this.calls.length })
    line.send(text)
  }

  #spy(object: Call['object'], prototype: object, name: string): void {
    const { calls } = this
    replaced(
      prototype,
      name,
      this.#undo,
      (original) =>
        async function (this: { ctx: DurableObjectState }, ...args) {
          const call: Call = { object, on: this.ctx.id.name ?? '', name, args: args.map(plain), answer: null }
          calls.push(call)
          const answer = await original.apply(this as never, args)
          if (!(answer instanceof Response)) call.answer = structuredClone(answer) ?? null
          return answer
        },
    )
  }
}

/** Who consumes the queue would claim, at a time of their own, what the recording claims. */
export function silenceQueue(undo: Undo): void {
  replaced(Object.getPrototypeOf(env.TRANSCRIPTS), 'send', undo, () => async () => {})
}

function plain(argument: unknown): unknown {
  if (!(argument instanceof Request)) return structuredClone(argument)
  const headers = [...argument.headers].filter(([name]) => /^(foyer-|sec-websocket-protocol|upgrade)/.test(name))
  return { url: argument.url, headers: Object.fromEntries(headers) }
}

/** Everything that an object has stored. */
export async function dump(stub: DurableObjectStub) {
  return runInDurableObject(stub, (_object, ctx) => {
    const { sql } = ctx.storage
    const tables = sql
      .exec<{ name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
      .toArray()
      .filter(({ name }) => !name.startsWith('_cf_') && !name.startsWith('sqlite_'))
    return {
      steps: ctx.storage.kv.get('steps') ?? null,
      tables: tables.map(({ name, sql: create }) => ({
        create,
        rows: [...sql.exec(`SELECT * FROM ${name}`).raw()],
        name,
      })),
    }
  })
}

/** The whole database, as the migrations of this commit made it. */
export async function database() {
  const found = await env.DB.prepare(
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
  ).all<{ type: string; name: string; sql: string }>()
  return Promise.all(
    found.results.map(async ({ type, name, sql: create }) => ({
      create,
      name,
      rows: type === 'table' ? await env.DB.prepare(`SELECT * FROM ${name}`).raw() : [],
    })),
  )
}

/** Whether a frame is the answer to the command of this id. */
export function answers(id: string, frame: ServerFrame): boolean {
  if (frame.type === 'refused' || frame.type === 'error') return frame.id === id
  return frame.type === 'entries' && frame.page === undefined && frame.list.some((entry) => entry.clientId === id)
}

/** Waits until this is so. */
export function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  return eventually(
    async () => {
      if (!(await isSo())) throw new Error(`not yet: ${what}`)
    },
    { interval: 5 },
  )
}
