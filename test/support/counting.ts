/**
 * Counts what costs money: rows written and read by the objects and by D1, questions to D1, requests to the objects.
 * Spies on the platform's own prototypes, so that no statement escapes it.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Conversation } from '../../durable-objects/conversation/conversation.ts'
import { Inbox } from '../../durable-objects/inbox/inbox.ts'
import { inboxStub } from './play.ts'

export interface Counts {
  conversationRows: number
  /** Rows that conversations read. */
  conversationReads: number
  inboxRows: number
  d1Rows: number
  d1Batches: number
  /** Questions to D1 of any kind, a batch counted once. */
  d1Asked: number
  frames: number
  requests: number
  /** Objects that came to life. */
  woken: number
}

type Method = (...args: unknown[]) => unknown
type ObjectName = 'conversation' | 'inbox'

const none = (): Counts => ({
  conversationRows: 0,
  conversationReads: 0,
  inboxRows: 0,
  d1Rows: 0,
  d1Batches: 0,
  d1Asked: 0,
  frames: 0,
  requests: 0,
  woken: 0,
})

export class Counting {
  counts = none()
  readonly #undo: Array<() => void> = []
  /** Whose turn it is: an object's method runs to its first await before another's begins. */
  #turn: ObjectName = 'conversation'
  /**
   * Whose a storage is, known from its object's first call on:
   * also what is written after an await is counted there.
   */
  readonly #owners = new WeakMap<object, ObjectName>()
  /** Of the turn that is running: a cursor is read lazily, and may be looked at only where it was made. */
  #cursors: Array<{ rowsRead: number }> = []

  static async begin(workspace: string): Promise<Counting> {
    const counting = new Counting()
    counting.#objects()
    counting.#database()
    await runInDurableObject(inboxStub(workspace), (_inbox, ctx) => counting.#storage(ctx))
    return counting
  }

  reset(): void {
    this.counts = none()
  }

  end(): void {
    for (const restore of this.#undo.reverse()) restore()
  }

  #objects(): void {
    const calls = (object: ObjectName, kind: 'requests' | 'frames') => (run: () => unknown, called: object) => {
      const { storage } = (called as { ctx: DurableObjectState }).ctx
      for (const place of [storage, storage.sql]) this.#owners.set(place, object)
      this.#turn = object
      this.counts[kind] += 1
      this.#cursors = []
      const answer = run()
      // All reading of a conversation is done before its method first awaits.
      if (object === 'conversation')
        for (const cursor of this.#cursors) this.counts.conversationReads += cursor.rowsRead
      return answer
    }
    for (const name of ['fetch', 'dispatch', 'page', 'effect', 'alarm'])
      this.#spy(Conversation.prototype, name, calls('conversation', 'requests'))
    for (const name of ['webSocketMessage', 'webSocketClose'])
      this.#spy(Conversation.prototype, name, calls('conversation', 'frames'))
    this.#spy(Inbox.prototype, 'webSocketMessage', calls('inbox', 'frames'))
    for (const name of ['fetch', 'update', 'alarm', 'overlay', 'admitStart', 'opened', 'left'])
      this.#spy(Inbox.prototype, name, calls('inbox', 'requests'))
  }

  #storage(ctx: DurableObjectState): void {
    const rows = (n: number, place: object) => {
      const owner = this.#owners.get(place) ?? this.#turn
      this.counts[owner === 'inbox' ? 'inboxRows' : 'conversationRows'] += n
    }
    this.#spy(Object.getPrototypeOf(ctx.storage.sql), 'exec', (run, sql) => {
      const cursor = run() as { rowsWritten: number; rowsRead: number }
      rows(cursor.rowsWritten, sql)
      this.#cursors.push(cursor)
      return cursor
    })
    this.#spy(Object.getPrototypeOf(ctx.storage), 'setAlarm', (run, storage) => {
      rows(1, storage)
      return run()
    })
    // Whatever wakes an object with a socket, it asks who is there.
    const awake = new WeakSet<object>()
    this.#spy(Object.getPrototypeOf(ctx), 'getWebSockets', (run, of) => {
      if (!awake.has(of)) this.counts.woken += 1
      awake.add(of)
      return run()
    })
  }

  #database(): void {
    const asked = (run: () => unknown) => {
      this.counts.d1Asked += 1
      return run()
    }
    const statement = Object.getPrototypeOf(env.DB.prepare('SELECT 1')) as object
    for (const name of ['first', 'all', 'run', 'raw']) this.#spy(statement, name, asked)
    this.#spy(Object.getPrototypeOf(env.DB) as object, 'batch', async (run) => {
      this.counts.d1Batches += 1
      this.counts.d1Asked += 1
      const results = (await run()) as Array<{ meta: { rows_written: number } }>
      for (const result of results) this.counts.d1Rows += result.meta.rows_written
      return results
    })
  }

  #spy(prototype: object, name: string, around: (run: () => unknown, called: object) => unknown): void {
    const original = Reflect.get(prototype, name) as Method
    Reflect.set(prototype, name, function (this: object, ...args: unknown[]) {
      return around(() => original.apply(this, args), this)
    })
    this.#undo.push(() => Reflect.set(prototype, name, original))
  }
}
