/**
 * The conversation's own database: its record and its two logs. Owns every SQL statement of the object.
 * Must never await: what is read and what is written on it belong to one turn (the input gate opens on any other await).
 */
import type { Tombstone } from '../../core/conversation/deletion.ts'
import {
  compareEntries,
  type Entry,
  isTeam,
  type MessageEntry,
  type Position,
} from '../../core/conversation/entries.ts'
import { broughtForward, type ConversationRecord, type Past } from '../../core/conversation/record.ts'
import type { Author, ClientId, MemberId } from '../../core/ids.ts'
import type { Page, PageAsk } from '../../core/protocol/conversationCalls.ts'
import { PAGE_SIZE } from '../../core/protocol/frames.ts'
import { runMigrations } from '../sqlite.ts'
import { MIGRATIONS } from './migrations.ts'

type LogRow = {
  n: number
  after?: number
  at: number
  author: string
  type: string
  client_id: string | null
  digest: string | null
  body: string
}

/** A command that was taken before: the entry that carries its client id, and the digest of what was asked. */
export interface Earlier {
  entry: Entry
  digest: string | null
}

const PUBLIC = 'SELECT n, at, author, type, client_id, digest, body FROM public_log'
const TEAM = 'SELECT n, after, at, author, type, client_id, digest, body FROM team_log'

export class Store {
  readonly #storage: DurableObjectStorage
  #kept: ConversationRecord | Tombstone | null = null

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /**
   * The record as it is stored, null before `start` and once it is buried. Touches storage each time: an event that never
   * does may run in an instance that has been replaced, and must not answer by what that one remembers.
   */
  load(): ConversationRecord | null {
    const known = this.#kept
    if (known) this.confirm()
    return recordIn(known ?? this.#read())
  }

  /** The record, unless it is being deleted: then there is none for whoever asks (CV12). */
  living(): ConversationRecord | null {
    const record = this.load()
    return record?.team.deletion ? null : record
  }

  /** What a purge has left (CV12), else null. */
  tombstone(): Tombstone | null {
    const kept = this.#read()
    return kept && 'buriedAt' in kept ? kept : null
  }

  /**
   * The same as this instance remembers it: the object is the only writer. For events that go on to `commit`, or to
   * `confirm` before they answer. A read before the write costs as much as the write: it is a transaction of its own.
   */
  recall(): ConversationRecord | null {
    return recordIn(this.#read())
  }

  #read(): ConversationRecord | Tombstone | null {
    if (this.#kept) return this.#kept
    const row = this.#state()
    if (!row) return null
    if (row.steps < MIGRATIONS.length) this.#migrate(row.steps)
    const kept = JSON.parse(row.json) as ConversationRecord | Tombstone
    this.#kept = 'buriedAt' in kept ? kept : broughtForward(kept, this.#past)
    return this.#kept
  }

  /** Throws in an instance that has been replaced. */
  confirm(): void {
    if (this.#exists()) this.#storage.sql.exec('SELECT 1 FROM state')
  }

  /**
   * Appends the entries and replaces the record, all or nothing. The tables are made with the first commit. A message
   * that one of them edits or deletes is rewritten in place: its old text is gone with this transaction.
   * @param also what else is to be written with it
   */
  commit(
    record: ConversationRecord,
    entries: readonly Entry[],
    digest: string,
    rewrites: readonly MessageEntry[] = [],
    also: () => void = () => {},
  ): void {
    const json = JSON.stringify(record)
    this.#storage.transactionSync(() => {
      if (!this.#exists()) runMigrations(this.#storage, MIGRATIONS, 0)
      for (const entry of entries) this.#insert(entry, entry.clientId === undefined ? null : digest)
      for (const { n, body } of rewrites)
        this.#storage.sql.exec('UPDATE public_log SET body = ? WHERE n = ?', JSON.stringify(body), n)
      also()
      this.#write(json)
    })
    this.#kept = record
  }

  /** Replaces the record alone, for what has no entry (cursors). */
  save(record: ConversationRecord): void {
    this.#write(JSON.stringify(record))
    this.#kept = record
  }

  /** Empties every table and leaves the tombstone where the record stood, all or nothing. */
  bury(tombstone: Tombstone): void {
    const json = JSON.stringify(tombstone)
    const { sql } = this.#storage
    this.#storage.transactionSync(() => {
      this.#write(json)
      const tables = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").toArray()
      for (const { name } of tables)
        if (name !== 'state' && !/^(_cf_|sqlite_)/.test(name)) sql.exec(`DELETE FROM ${name}`)
    })
    this.#kept = tombstone
  }

  /** Not even a database is left. The one wait of this room: storage alone goes on meanwhile. */
  async clear(): Promise<void> {
    await this.#storage.deleteAll()
    this.#kept = null
  }

  /** Looks for a client id of an author from the given heads on (DL2). A scan: there is no index to pay for. */
  find(author: Author, clientId: ClientId, from: { public: number; team: number }): Earlier | null {
    const where = 'WHERE n > ? AND client_id = ? AND author = ? LIMIT 1'
    const row =
      this.#rows(`${PUBLIC} ${where}`, from.public, clientId, author)[0] ??
      this.#rows(`${TEAM} ${where}`, from.team, clientId, author)[0]
    return row ? { entry: this.#entryOf(row), digest: row.digest } : null
  }

  /** The message with this public number, or null where there is none. */
  message(n: number): MessageEntry | null {
    const row = this.#rows(`${PUBLIC} WHERE n = ?`, n)[0]
    const entry = row && this.#entryOf(row)
    return entry?.type === 'message.created' ? entry : null
  }

  /** The entry of this number, which is known to be there. */
  entry(log: 'public' | 'team', n: number): Entry {
    const row = this.#rows(`${log === 'team' ? TEAM : PUBLIC} WHERE n = ?`, n)[0]
    if (!row) throw new Error('an entry that was answered before stands in its log')
    return this.#entryOf(row)
  }

  readonly #past: Past = {
    lastMessage: () =>
      this.#storage.sql
        .exec<{ n: number }>("SELECT coalesce(max(n), 0) AS n FROM public_log WHERE type = 'message.created'")
        .one().n,
    assignees: () =>
      this.#storage.sql
        .exec<{ member: MemberId }>(
          `SELECT DISTINCT json_extract(body, '$.to') AS member FROM team_log
           WHERE type = 'conversation.assigned' AND json_extract(body, '$.to') IS NOT NULL`,
        )
        .toArray()
        .map(({ member }) => member),
  }

  /** How many messages others wrote to the visitor after a public number. */
  unreadByVisitor(after: number): number {
    if (!this.#exists()) return 0
    return this.#storage.sql
      .exec<{ n: number }>(
        `SELECT count(*) AS n FROM public_log WHERE n > ? AND type = 'message.created' AND author NOT LIKE 'visitor:%'
           AND json_extract(body, '$.deletedAt') IS NULL`,
        after,
      )
      .one().n
  }

  /** One page of history in timeline order. For visitors the team log is not even read. */
  page(audience: 'visitor' | 'team', ask: PageAsk): Page {
    const limit = Math.min(ask.limit ?? PAGE_SIZE, PAGE_SIZE)
    return ask.after ? this.#newer(audience, ask.after, limit) : this.#older(audience, ask.before, limit)
  }

  #older(audience: 'visitor' | 'team', before: Position | undefined, limit: number): Page {
    const start = { public: before?.public ?? Number.MAX_SAFE_INTEGER, team: before?.team ?? Number.MAX_SAFE_INTEGER }
    const tail = 'WHERE n < ? ORDER BY n DESC LIMIT ?'
    const taken = merge(
      this.#walk(`${PUBLIC} ${tail}`, start.public, limit + 1),
      audience === 'team' ? this.#walk(`${TEAM} ${tail}`, start.team, limit + 1) : nothing(),
      (a, b) => compareEntries(b, a),
      limit,
    )
    const at = { ...start }
    for (const entry of taken.list) at[isTeam(entry) ? 'team' : 'public'] = entry.n
    return { list: taken.list.reverse(), page: 'before', next: taken.more ? positionOf(audience, at) : null }
  }

  #newer(audience: 'visitor' | 'team', after: Position, limit: number): Page {
    const start = { public: after.public, team: after.team ?? 0 }
    const tail = 'WHERE n > ? ORDER BY n LIMIT ?'
    const taken = merge(
      this.#walk(`${PUBLIC} ${tail}`, start.public, limit + 1),
      audience === 'team' ? this.#walk(`${TEAM} ${tail}`, start.team, limit + 1) : nothing(),
      compareEntries,
      limit,
    )
    const at = { ...start }
    for (const entry of taken.list) at[isTeam(entry) ? 'team' : 'public'] = entry.n
    return { list: taken.list, page: 'after', next: taken.more ? positionOf(audience, at) : null }
  }

  /** Null before `start`: then there is no table either. Asking for it first would read the schema, row by row. */
  #state(): { steps: number; json: string } | null {
    try {
      return (
        this.#storage.sql.exec<{ steps: number; json: string }>('SELECT steps, json FROM state').toArray()[0] ?? null
      )
    } catch (error) {
      if (String(error).includes('no such table: state')) return null
      throw error
    }
  }

  #exists(): boolean {
    return this.#read() !== null
  }

  #migrate(done: number): void {
    const steps = runMigrations(this.#storage, MIGRATIONS, done)
    this.#storage.sql.exec('UPDATE state SET steps = ?', steps)
  }

  #insert(entry: Entry, digest: string | null): void {
    // Of an edit only what it refers to is kept: the text stands in the message, and there alone.
    const body = JSON.stringify(entry.type === 'message.edited' ? { ref: entry.body.ref } : entry.body)
    const common = [entry.at, entry.author, entry.type, entry.clientId ?? null, digest, body]
    if (isTeam(entry)) {
      this.#storage.sql.exec(
        'INSERT INTO team_log (n, after, at, author, type, client_id, digest, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        entry.n,
        entry.after,
        ...common,
      )
      return
    }
    this.#storage.sql.exec(
      'INSERT INTO public_log (n, at, author, type, client_id, digest, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      entry.n,
      ...common,
    )
  }

  #write(json: string): void {
    this.#storage.sql.exec(
      'INSERT INTO state (one, steps, json) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET json = excluded.json',
      MIGRATIONS.length,
      json,
    )
  }

  #rows(sql: string, ...bindings: SqlStorageValue[]): LogRow[] {
    return this.#storage.sql.exec<LogRow>(sql, ...bindings).toArray()
  }

  /** An edit goes out with the text that the message has by now. */
  #entryOf(row: LogRow): Entry {
    const entry = entryOf(row)
    if (entry.type !== 'message.edited') return entry
    return { ...entry, body: { ref: entry.body.ref, text: this.message(entry.body.ref)?.body.text ?? '' } }
  }

  *#walk(sql: string, ...bindings: SqlStorageValue[]): Generator<Entry, undefined> {
    for (const row of this.#storage.sql.exec<LogRow>(sql, ...bindings)) yield this.#entryOf(row)
  }
}

function recordIn(kept: ConversationRecord | Tombstone | null): ConversationRecord | null {
  return kept && !('buriedAt' in kept) ? kept : null
}

function* nothing(): Generator<Entry, undefined> {}

function positionOf(audience: 'visitor' | 'team', at: { public: number; team: number }): Position {
  return audience === 'team' ? at : { public: at.public }
}

/** Merges two lazy streams, reading no more of either than the page needs and one to know whether more follows. */
function merge(
  a: Generator<Entry, undefined>,
  b: Generator<Entry, undefined>,
  order: (a: Entry, b: Entry) => number,
  limit: number,
): { list: Entry[]; more: boolean } {
  const list: Entry[] = []
  let left = a.next().value
  let right = b.next().value
  while (list.length < limit && (left || right)) {
    if (left && (!right || order(left, right) <= 0)) {
      list.push(left)
      left = a.next().value
    } else if (right) {
      list.push(right)
      right = b.next().value
    }
  }
  return { list, more: left !== undefined || right !== undefined }
}

// The one place where stored text becomes an entry again: it was written by `#insert` above and by nobody else.
function entryOf(row: LogRow): Entry {
  return {
    n: row.n,
    ...(row.after === undefined ? {} : { after: row.after }),
    at: row.at,
    author: row.author,
    ...(row.client_id === null ? {} : { clientId: row.client_id }),
    type: row.type,
    body: JSON.parse(row.body),
  } as Entry
}
