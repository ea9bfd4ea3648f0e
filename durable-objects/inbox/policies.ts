/**
 * The workspace's policies as this object has heard of them, and which open conversations have still to hear. Must
 * never await.
 */
import { NO_POLICIES, type Policies } from '../../core/conversation/policy.ts'
import type { Standing } from '../../core/protocol/inboxCalls.ts'
import type { Database } from './database.ts'

/**
 * Characters of all addresses that an open conversation is kept with:
 * whoever changes theirs all the time fills nothing.
 */
const IPS_MAX = 800

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

  /**
   * A conversation has an open socket or is about to, and the policies of this version.
   * Who it is with, bans ask (BN1).
   */
  opened(conversation: string, version: number, at: number, who?: Standing): void {
    this.#db.sql.exec(
      `INSERT INTO live (id, at, policy, contact, device, ips) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (id) DO UPDATE SET at = excluded.at, policy = max(policy, excluded.policy),
         contact = excluded.contact, device = excluded.device,
         ips = CASE WHEN excluded.ips = '' OR instr(' ' || ips || ' ', ' ' || excluded.ips || ' ') > 0 THEN ips
           ELSE ltrim(substr(ips || ' ' || excluded.ips, -${IPS_MAX})) END`,
      ...[conversation, at, version, who?.contact ?? '', who?.device ?? '', who?.ip ?? ''],
    )
  }

  /** Its last socket has gone by `at`. One that opens again asks for the policies itself. */
  closed(conversation: string, at: number): void {
    this.#db.sql.exec('DELETE FROM live WHERE id = ? AND at <= ?', conversation, at)
  }

  /** Open conversations that have older policies than these. */
  untold(most: number): string[] {
    return this.#db
      .rows<{ id: string }>('SELECT id FROM live WHERE policy < ? LIMIT ?', this.now().version, most)
      .map(({ id }) => id)
  }

  told(conversation: string, version: number): void {
    this.#db.sql.exec('UPDATE live SET policy = max(policy, ?) WHERE id = ?', version, conversation)
  }
}
