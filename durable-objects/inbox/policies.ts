/** The workspace's policies as this object has heard of them. Must never await. */
import { NO_POLICIES, type Policies } from '../../core/conversation/policy.ts'
import type { Database } from './database.ts'

export class LivePolicies {
  readonly #db: Database
  /** Read once: every row that is told of asks. */
  #now: Policies | null = null

  constructor(db: Database) {
    this.#db = db
  }

  now(): Policies {
    this.#now ??= this.#read()
    return this.#now
  }

  /** Takes policies unless newer ones are here. Answers those that held before, or null where nothing changed. */
  keep(policies: Policies | undefined): Policies | null {
    const before = this.now()
    if (!policies || policies.version <= before.version) return null
    this.#db.sql.exec('INSERT OR REPLACE INTO policies (one, json) VALUES (1, ?)', JSON.stringify(policies))
    this.#now = policies
    return before
  }

  #read(): Policies {
    const row = this.#db.rows<{ json: string }>('SELECT json FROM policies')[0]
    // Written by `keep` above and by nobody else.
    return row ? (JSON.parse(row.json) as Policies) : NO_POLICIES
  }

  /** The policies, for who has an older version; null where there is nothing to tell. */
  newerThan(version: number | undefined): Policies | null {
    const policies = this.now()
    return version !== undefined && policies.version > version ? policies : null
  }
}
