/**
 * The conversation's own database: its record, and the transactions in which record and logs are written together. Must
 * never await: what is read and what is written on it belong to one turn (the input gate opens on any other await).
 *
 * What is true is the stored record and, applied to it, the messages that stand in the log after it: the tail, short.
 * An instance remembers the outcome.
 *
 * | to read    | touches storage  | for                                                          |
 * |------------|------------------|--------------------------------------------------------------|
 * | `load`     | always           | whoever may answer without writing                           |
 * | `recall`   | after a wake     | whoever writes, reads a page, or asks `confirm` at the end    |
 *
 * | to write   | log      | record   | tail after it                                                |
 * |------------|----------|----------|--------------------------------------------------------------|
 * | `append`   | one      | no       | one longer: a plain message, most of what is written         |
 * | `commit`   | some     | yes      | none: whatever else a command does                           |
 * | `save`     | none     | yes      | none: what has no entry                                      |
 * | `shorten`  | none     | yes      | none: after a burst, unless somebody else has written since  |
 */
import type { Tombstone } from '../../core/conversation/deletion.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import { broughtForward, type ConversationRecord } from '../../core/conversation/record.ts'
import { replayed, TAIL_BURST_MAX, TAIL_MAX } from '../../core/conversation/replay.ts'
import { runMigrations } from '../sqlite.ts'
import { Logs } from './logs.ts'
import { MIGRATIONS } from './migrations.ts'

export class Store {
  readonly logs: Logs
  readonly #storage: DurableObjectStorage
  #kept: ConversationRecord | Tombstone | null = null
  /**
   * Whether the last look found nothing.
   * Looking again in the same turn would find the same, and a table that is not there is dear.
   */
  #missing = false
  /** How many messages stand in the log and not yet in the stored record. */
  #tail = 0

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    this.logs = new Logs(storage.sql)
  }

  /**
   * The record as it is stored, null before `start` and once it is buried. Touches storage each time: an event that
   * never does may run in an instance that has been replaced, and must not answer by what that one remembers.
   */
  load(): ConversationRecord | null {
    const known = this.#kept
    if (known) this.confirm()
    const kept = known ?? this.#read()
    this.#missing = kept === null
    return recordIn(kept)
  }

  /** The record, unless it is being deleted: then there is none for whoever asks (CV12). */
  living(record = this.load()): ConversationRecord | null {
    return record?.team.deletion ? null : record
  }

  /** What a purge has left (CV12), else null. */
  tombstone(): Tombstone | null {
    const kept = this.#missing ? null : this.#read()
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
    this.#kept = 'buriedAt' in kept ? kept : this.#caughtUp(broughtForward(kept, this.logs.past))
    return this.#kept
  }

  #caughtUp(record: ConversationRecord): ConversationRecord {
    const tail = this.logs.after(record.public.head)
    this.#tail = tail.length
    return tail.reduce(replayed, record)
  }

  /** Throws in an instance that has been replaced. */
  confirm(): void {
    if (this.#exists()) this.#storage.sql.exec('SELECT 1 FROM state')
  }

  /**
   * Appends the entries and replaces the record, all or nothing. The tables are made with the first commit.
   * @param digest of the command, kept with the entry that carries its client id
   * @param also what else is to be written with it
   */
  commit(record: ConversationRecord, entries: readonly Entry[], digest: string | null, also: () => void): void {
    const json = JSON.stringify(record)
    this.#storage.transactionSync(() => {
      if (!this.#exists()) runMigrations(this.#storage.sql, MIGRATIONS, 0)
      for (const entry of entries) this.logs.insert(entry, entry.clientId === undefined ? null : digest)
      also()
      this.#write(json)
    })
    this.#keep(record)
  }

  /**
   * Whether one more entry may be appended without the record.
   * @param burst whether `shorten` comes within a moment
   */
  tailHasRoom(burst: boolean): boolean {
    return this.#tail < (burst ? TAIL_BURST_MAX : TAIL_MAX)
  }

  /**
   * Writes the record where more stands in the log alone than a wake is to read. No command asks for it: it never
   * undoes what was appended by an instance that came after this one.
   */
  shorten(): void {
    const record = this.#tail > TAIL_MAX ? this.recall() : null
    if (!record) return
    this.#storage.sql.exec(
      `UPDATE state SET json = ?
       WHERE (SELECT max(n) FROM public_log) = ? AND ifnull((SELECT max(n) FROM team_log), 0) = ?`,
      ...[JSON.stringify(record), record.public.head, record.team.head],
    )
    this.#keep(record)
  }

  /** Appends an entry that `replayed` turns into this record: it is not written, and read from the log after a wake. */
  append(record: ConversationRecord, entry: Entry): void {
    this.logs.insert(entry, null)
    this.#tail += 1
    this.#kept = record
  }

  /** Replaces the record alone, for what has no entry (cursors). */
  save(record: ConversationRecord): void {
    this.#write(JSON.stringify(record))
    this.#keep(record)
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
    this.#keep(tombstone)
  }

  /** Not even a database is left. The one wait of this room: storage alone goes on meanwhile. */
  async clear(): Promise<void> {
    await this.#storage.deleteAll()
    this.#kept = null
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
    return !this.#missing && this.#read() !== null
  }

  #migrate(done: number): void {
    const { sql } = this.#storage
    this.#storage.transactionSync(() => {
      runMigrations(sql, MIGRATIONS, done)
      sql.exec('UPDATE state SET steps = ?', MIGRATIONS.length)
    })
  }

  #write(json: string): void {
    this.#storage.sql.exec(
      'INSERT INTO state (one, steps, json) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET json = excluded.json',
      MIGRATIONS.length,
      json,
    )
  }

  /** What was written is what is known; nothing stands in the log alone. */
  #keep(kept: ConversationRecord | Tombstone): void {
    this.#kept = kept
    this.#missing = false
    this.#tail = 0
  }
}

function recordIn(kept: ConversationRecord | Tombstone | null): ConversationRecord | null {
  return kept && !('buriedAt' in kept) ? kept : null
}
