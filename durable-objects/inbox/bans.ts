/**
 * The workspace's bans as this object has heard of them, and which conversations have still to be told (BN1, BN4).
 * Holds no reasons: who is shut out needs to know that it is so, and nobody that learns it from here needs to know why.
 * Must never await.
 */
import {
  type BanFact,
  type BannedNetwork,
  type BanScope,
  type BanTold,
  type Hold,
  isInForce,
  nameOf,
  type Party,
} from '../../core/bans/ban.ts'
import { isWithin, type Network, parseNetwork } from '../../core/bans/network.ts'
import type { Admission, Standing } from '../../core/protocol/inboxCalls.ts'
import type { Database } from './database.ts'

/** A conversation that has to be told. */
export interface Untold extends Party {
  conversation: string
  /** The newest of what it has to be told. */
  version: number
  told: BanTold[]
}

type Row = { scope: BanScope; target: string; version: number; kind: Hold['kind']; until: number | null }

const IN_FORCE = 'lifted = 0 AND (until IS NULL OR until > ?)'

export class LiveBans {
  readonly #db: Database
  /** Read once: most workspaces have none, and every row that is told of asks. */
  #version: number | null = null
  #networks: Array<Network & Pick<Row, 'until'>> | null = null

  constructor(db: Database) {
    this.#db = db
  }

  /** Of the newest change that was heard of; 0 before the first. */
  get version(): number {
    this.#version ??=
      this.#db.rows<{ newest: number | null }>('SELECT max(version) AS newest FROM bans')[0]?.newest ?? 0
    return this.#version
  }

  /** Takes what is newer than what is here, and answers it. */
  keep(facts: readonly BanFact[]): BanFact[] {
    const news = facts.filter(({ target, version }) => version > (this.#find(target)?.version ?? 0))
    for (const { target, scope, version, kind, until, lifted, follows } of news)
      this.#db.sql.exec(
        'INSERT OR REPLACE INTO bans (target, scope, version, kind, until, lifted, follows) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[target, scope, version, kind, until, Number(lifted), Number(follows)],
      )
    this.#version = null
    this.#networks = null
    return news
  }

  /** What holds a contact and a device now. */
  holdsOf({ contact, device }: Party, now: number): Hold[] {
    if (this.version === 0) return []
    const rows = this.#db.rows<Row>(`SELECT * FROM bans WHERE target IN (?, ?) AND ${IN_FORCE}`, contact, device, now)
    return rows.map(({ version, kind, until }) => ({ version, kind, until }))
  }

  /** What keeps somebody from beginning a conversation, as far as this object can tell. */
  shutsOut(party: Party, ip: string, now: number): Exclude<Admission, number> {
    if (this.version === 0) return null
    if (this.bansAddress(ip, now)) return 'network_banned'
    if (this.holdsOf(party, now).length > 0) return 'banned'
    return this.#db.rows(`SELECT 1 FROM bans WHERE follows = 1 AND ${IN_FORCE} LIMIT 1`, now).length > 0 ? 'ask' : null
  }

  /** Whether an address lies in a banned network now. */
  bansAddress(ip: string | undefined, now: number): boolean {
    return ip !== undefined && this.networksOver([ip], now).length > 0
  }

  /** The banned networks in which some of these addresses lie, as text. */
  networksOver(addresses: readonly string[], now: number): string[] {
    if (this.version === 0) return []
    return this.#known(now)
      .filter((network) => addresses.some((ip) => isWithin(network, ip)))
      .map(({ text }) => text)
  }

  /** Every banned network: what the Worker asks for while D1 is out of reach. */
  networks(now: number): BannedNetwork[] {
    return this.version === 0 ? [] : this.#known(now).map(({ text, until }) => ({ text, until }))
  }

  /** Whether a conversation knows other bans than those that hold its visitor. */
  differs({ bans, ...party }: Standing, now: number): boolean {
    return nameOf(this.holdsOf(party, now)) !== bans
  }

  /** A conversation has to be told of what is, and with `entry` of who did it. */
  owe(conversation: string, { contact, device }: Party, entry?: BanTold): void {
    this.#db.sql.exec(
      `INSERT INTO ban_news (id, contact, device, version, told) VALUES (?1, ?2, ?3, ?4, json_array(json(?5)))
       ON CONFLICT (id) DO UPDATE SET version = excluded.version,
         told = CASE WHEN ?5 IS NULL THEN told ELSE json_insert(told, '$[#]', json(?5)) END`,
      ...[conversation, contact, device, this.version, entry ? JSON.stringify(entry) : null],
    )
  }

  untold(most: number): Untold[] {
    return this.#db
      .rows<{ id: string; contact: string; device: string; version: number; told: string }>(
        'SELECT * FROM ban_news LIMIT ?',
        most,
      )
      .map(({ id, contact, device, version, told }) => {
        // Written by `owe` above and by nobody else.
        const entries = (JSON.parse(told) as Array<BanTold | null>).filter((entry) => entry !== null)
        return { conversation: id, ...({ contact, device } as Party), version, told: entries }
      })
  }

  /** It has heard; what came up meanwhile is still to be told. */
  told({ conversation, version }: Untold): void {
    this.#db.sql.exec('DELETE FROM ban_news WHERE id = ? AND version <= ?', conversation, version)
  }

  #find(target: string): Row | undefined {
    return this.#db.rows<Row>('SELECT * FROM bans WHERE target = ?', target)[0]
  }

  #known(now: number): Array<Network & Pick<Row, 'until'>> {
    this.#networks ??= this.#db
      .rows<Row>("SELECT * FROM bans WHERE scope = 'network' AND lifted = 0")
      .flatMap(({ target, until }) => {
        const network = parseNetwork(target)
        return typeof network === 'string' ? [] : [{ ...network, until }]
      })
    return this.#networks.filter((network) => isInForce(network, now))
  }
}
