/**
 * The two logs of a conversation, as they stand in its database. Owns every statement on them; what serves visitors
 * reads `public_log` and nothing else. Must never await, and never write outside the transaction of `store.ts`.
 */
import {
  type Entry,
  isTeam,
  type MessageEntry,
  type Position,
  type PublicEntry,
  type TeamEntry,
} from '../../core/conversation/entries.ts'
import type { Past } from '../../core/conversation/record.ts'
import type { Author, ClientId, MemberId } from '../../core/ids.ts'
import type { Page, PageAsk } from '../../core/protocol/conversationCalls.ts'
import { PAGE_SIZE } from '../../core/protocol/frames.ts'

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

/** The newest number of each log. */
export type Heads = Record<'public' | 'team', number>

/** A command that was taken before. */
export interface Earlier {
  /** The one that carries its client id. */
  entry: Entry
  /** Of what was asked; null where the entry says it. */
  digest: string | null
}

const PUBLIC = 'SELECT n, at, author, type, client_id, digest, body FROM public_log'
const TEAM = 'SELECT n, after, at, author, type, client_id, digest, body FROM team_log'

export class Logs {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** @param digest of the command whose client id the entry carries */
  insert(entry: Entry, digest: string | null): void {
    // Of an edit only what it refers to is kept: the text stands in the message, and there alone.
    const body = JSON.stringify(entry.type === 'message.edited' ? { ref: entry.body.ref } : entry.body)
    const common = [entry.at, entry.author, entry.type, entry.clientId ?? null, digest, body]
    if (isTeam(entry)) {
      this.#sql.exec(
        'INSERT INTO team_log (n, after, at, author, type, client_id, digest, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        entry.n,
        entry.after,
        ...common,
      )
      return
    }
    this.#sql.exec(
      'INSERT INTO public_log (n, at, author, type, client_id, digest, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      entry.n,
      ...common,
    )
  }

  /**
   * A message was edited or deleted: what it said is gone.
   * The digest of what it said first is kept, and of nothing later.
   */
  rewrite({ n, body }: MessageEntry, first: string): void {
    const set = 'UPDATE public_log SET body = ?, digest = coalesce(digest, ?) WHERE n = ?'
    this.#sql.exec(set, JSON.stringify(body), first, n)
  }

  /** What follows a public number, in order. */
  after(n: number): PublicEntry[] {
    const entries = this.#rows(`${PUBLIC} WHERE n > ? ORDER BY n`, n).map((row) => this.#entryOf(row))
    return entries.filter((entry) => !isTeam(entry))
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

  /** The newest message that was not deleted, or null where none is left. */
  said(): MessageEntry | null {
    const where = "WHERE type = 'message.created' AND json_extract(body, '$.deletedAt') IS NULL ORDER BY n DESC LIMIT 1"
    const row = this.#rows(`${PUBLIC} ${where}`)[0]
    const entry = row && this.#entryOf(row)
    return entry?.type === 'message.created' ? entry : null
  }

  /** The entry of this number, which is known to be there. */
  entry(log: 'public' | 'team', n: number): Entry {
    const row = this.#rows(`${log === 'team' ? TEAM : PUBLIC} WHERE n = ?`, n)[0]
    if (!row) throw new Error('an entry that was answered before stands in its log')
    return this.#entryOf(row)
  }

  /** What records of earlier shapes are asked for. */
  readonly past: Past = {
    lastMessage: () =>
      this.#sql
        .exec<{ n: number }>("SELECT coalesce(max(n), 0) AS n FROM public_log WHERE type = 'message.created'")
        .one().n,
    assignees: () =>
      this.#sql
        .exec<{ member: MemberId }>(
          `SELECT DISTINCT json_extract(body, '$.to') AS member FROM team_log
           WHERE type = 'conversation.assigned' AND json_extract(body, '$.to') IS NOT NULL`,
        )
        .toArray()
        .map(({ member }) => member),
  }

  /** How many messages others wrote to the visitor after a public number; to be asked for a rating is one (RT1). */
  unreadByVisitor(after: number): number {
    return this.#sql
      .exec<{ n: number }>(
        `SELECT count(*) AS n FROM public_log WHERE n > ? AND type IN ('message.created', 'rating.prompted') AND author NOT LIKE 'visitor:%'
           AND json_extract(body, '$.deletedAt') IS NULL`,
        after,
      )
      .one().n
  }

  /**
   * One page of history in timeline order. For visitors the team log is not even read.
   * @param heads the newest number of each log. Both are dense, so which public entries a page has, and whether more
   * follow, is known before one is read: only where those of the team stand between them has to be looked up
   */
  page(audience: 'visitor' | 'team', ask: PageAsk, heads: Heads): Page {
    const limit = Math.min(ask.limit ?? PAGE_SIZE, PAGE_SIZE)
    const { after, before } = ask
    const start = after
      ? { public: after.public, team: after.team ?? 0 }
      : {
          public: Math.min(before?.public ?? Number.POSITIVE_INFINITY, heads.public + 1),
          team: Math.min(before?.team ?? Number.POSITIVE_INFINITY, heads.team + 1),
        }
    const tail = after ? 'WHERE n > ? ORDER BY n LIMIT ?' : 'WHERE n < ? ORDER BY n DESC LIMIT ?'
    const at = { ...start }
    const isLeft = (log: keyof Heads) => (after ? at[log] < heads[log] : at[log] > 1)
    const team = audience === 'team' ? this.#walk(`${TEAM} ${tail}`, start.team, limit) : nothing()
    let waiting = team.next().value
    /** Null: the next of the public log. */
    const places: Array<Entry | null> = []
    while (places.length < limit && (isLeft('public') || waiting)) {
      const number = after ? at.public + 1 : at.public - 1
      if (waiting && (!isLeft('public') || (after ? waiting.after < number : waiting.after >= number))) {
        places.push(waiting)
        at.team = waiting.n
        waiting = places.length < limit ? team.next().value : undefined
      } else {
        places.push(null)
        at.public = number
      }
    }
    const said = this.#rows(`${PUBLIC} ${tail}`, start.public, places.filter((place) => place === null).length)
    const list = places.flatMap((place) => place ?? said.splice(0, 1).map((row) => this.#entryOf(row)))
    const more = isLeft('public') || (audience === 'team' && isLeft('team'))
    return {
      list: after ? list : list.reverse(),
      page: after ? 'after' : 'before',
      next: more ? positionOf(audience, at) : null,
    }
  }

  #rows(sql: string, ...bindings: SqlStorageValue[]): LogRow[] {
    return this.#sql.exec<LogRow>(sql, ...bindings).toArray()
  }

  /** An edit goes out with the text that the message has by now. */
  #entryOf(row: LogRow): Entry {
    const entry = entryOf(row)
    if (entry.type !== 'message.edited') return entry
    return { ...entry, body: { ref: entry.body.ref, text: this.message(entry.body.ref)?.body.text ?? '' } }
  }

  *#walk(sql: string, ...bindings: SqlStorageValue[]): Generator<TeamEntry, undefined> {
    for (const row of this.#sql.exec<LogRow>(sql, ...bindings)) {
      const entry = this.#entryOf(row)
      if (isTeam(entry)) yield entry
    }
  }
}

function* nothing(): Generator<TeamEntry, undefined> {}

function positionOf(audience: 'visitor' | 'team', at: Heads): Position {
  return audience === 'team' ? at : { public: at.public }
}

// The one place where stored text becomes an entry again: it was written by `insert` above and by nobody else.
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
