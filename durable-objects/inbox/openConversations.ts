/**
 * Which conversations have somebody in them, or are about to: since when, with whom, from where, and which policies
 * they have. Whatever is decided for all of them at once is brought to these alone; the others ask when they open. Must
 * never await.
 */
import type { Party } from '../../core/bans/ban.ts'
import { isWithin, type Network } from '../../core/bans/network.ts'
import type { ConversationId } from '../../core/ids.ts'
import type { Standing } from '../../core/protocol/inboxCalls.ts'
import type { Database } from './database.ts'

/**
 * Characters of all addresses that an open conversation is kept with:
 * whoever changes theirs all the time fills nothing.
 */
const IPS_MAX = 800

/** A conversation with its contact and device. */
export interface Concerned extends Party {
  conversation: ConversationId
}

type Row = { id: string; contact: string; device: string; ips: string }

export class OpenConversations {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /**
   * One has an open socket or is about to, and the policies of this version.
   * Who it is with, bans ask (BN1).
   */
  opened(conversation: string, policy: number, at: number, who?: Standing): void {
    this.#db.sql.exec(
      `INSERT INTO live (id, at, policy, contact, device, ips) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (id) DO UPDATE SET at = excluded.at, policy = max(policy, excluded.policy),
         contact = excluded.contact, device = excluded.device,
         ips = CASE WHEN excluded.ips = '' OR instr(' ' || ips || ' ', ' ' || excluded.ips || ' ') > 0 THEN ips
           ELSE ltrim(substr(ips || ' ' || excluded.ips, -${IPS_MAX})) END`,
      ...[conversation, at, policy, who?.contact ?? '', who?.device ?? '', who?.ip ?? ''],
    )
  }

  /** Its last socket has gone by `at`. One that opens again asks for the policies itself. */
  closed(conversation: string, at: number): void {
    this.#db.sql.exec('DELETE FROM live WHERE id = ? AND at <= ?', conversation, at)
  }

  /** Those that have older policies than this version. */
  behind(policy: number, most: number): string[] {
    return this.#db.rows<Row>('SELECT id FROM live WHERE policy < ? LIMIT ?', policy, most).map(({ id }) => id)
  }

  /** It has heard of the policies of this version. */
  told(conversation: string, policy: number): void {
    this.#db.sql.exec('UPDATE live SET policy = max(policy, ?) WHERE id = ?', policy, conversation)
  }

  /** Those of a contact or device. */
  of(target: string): Concerned[] {
    return this.#db.rows<Row>('SELECT * FROM live WHERE contact = ?1 OR device = ?1', target).map(concerned)
  }

  /** Those with somebody from a network. */
  from(network: Network): Concerned[] {
    return this.#db
      .rows<Row>("SELECT * FROM live WHERE ips <> ''")
      .filter(({ ips }) => ips.split(' ').some((ip) => isWithin(network, ip)))
      .map(concerned)
  }

  /** From where the sockets of one were opened, the address that was seen last at the end. */
  addressesOf(conversation: string): string[] {
    const found = this.#db.rows<Row>('SELECT ips FROM live WHERE id = ?', conversation)[0]
    return found?.ips.split(' ').filter(Boolean) ?? []
  }
}

// What `opened` above was told of, by conversations alone.
function concerned({ id, contact, device }: Row): Concerned {
  return { conversation: id as ConversationId, ...({ contact, device } as Party) }
}
