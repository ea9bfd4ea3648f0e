/** The inbox object's own database, brought to the newest schema before its first use. */
import { runMigrations } from '../sqlite.ts'
import { MIGRATIONS } from './migrations.ts'

export class Database {
  readonly #storage: DurableObjectStorage
  #ready = false

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  get sql(): SqlStorage {
    if (!this.#ready) this.#migrate()
    return this.#storage.sql
  }

  rows<Row extends Record<string, SqlStorageValue>>(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.sql.exec<Row>(query, ...bindings).toArray()
  }

  /** All or nothing; `run` must not await. */
  transaction(run: () => void): void {
    if (!this.#ready) this.#migrate()
    this.#storage.transactionSync(run)
  }

  #migrate(): void {
    // The number of steps stands beside the tables: SQLite's own user_version is refused in objects.
    const done = this.#storage.kv.get<number>('steps') ?? 0
    if (done < MIGRATIONS.length)
      this.#storage.transactionSync(() => {
        runMigrations(this.#storage.sql, MIGRATIONS, done)
        this.#storage.kv.put('steps', MIGRATIONS.length)
      })
    this.#ready = true
  }
}
