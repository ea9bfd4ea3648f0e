/**
 * What this conversation has promised to happen elsewhere: one row each, in a table that is made on first use. Hands
 * over what is pending, lets one claim it, and has told what became of it. Must never await between reading and
 * writing, and never do twice what may have happened (I4). The states themselves are `core/conversation/effects.ts`.
 */
import type { Envelope } from '../../core/conversation/command.ts'
import { claimed, dueOf, type Effect, overdue, promised, promisedAgain, told } from '../../core/conversation/effects.ts'
import type { Entry, TranscriptSettled } from '../../core/conversation/entries.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { isClientId } from '../../core/ids.ts'
import type { EffectAnswer, EffectCall, TranscriptJob } from '../../core/protocol/effectCalls.ts'
import type { Identity } from '../../core/protocol/identity.ts'
import { report } from '../report.ts'
import { hasTable } from '../sqlite.ts'
import { within } from '../within.ts'
import { actorFor, knowsRow } from './admission.ts'
import type { Store } from './store.ts'

const QUEUE_MS = 5_000
/** How many requests are listed, the newest. */
const LISTED = 50

/** What was asked for; fixed when it is promised. */
interface Asked {
  to: string
  from: string
  name: string
  by: string
  at: number
  /** TR7: the newest public number then. */
  until: number
}

interface Kept {
  request: number
  asked: Asked
  effect: Effect
}

export interface EffectsDeps {
  sql: SqlStorage
  now(): number
  /** Between 0 and 1. */
  random(): number
  /** Null before `start`, while it is being deleted, and once it is buried. */
  living(): ConversationRecord | null
  /** The record even while it is being deleted. */
  load(): ConversationRecord | null
  save(record: ConversationRecord): void
  /** Sees to the alarm, and answers the record with its timers. */
  armed(record: ConversationRecord): ConversationRecord
  /** As a command of the system. */
  settle(record: ConversationRecord, envelope: Envelope): void
  queue(job: TranscriptJob): Promise<unknown>
  report(message: string, error: unknown): void
}

export class Effects {
  readonly #deps: EffectsDeps
  #made = false

  constructor(deps: EffectsDeps) {
    this.#deps = deps
  }

  /**
   * In the transaction that writes the entries:
   * the promise stands with what promised it, and what became of it with that.
   */
  keep(entries: readonly Entry[], now: number): void {
    for (const entry of entries) {
      if (entry.type === 'transcript.requested') {
        const { request, to, from, name } = entry.body
        const asked = { to, from, name, by: entry.author, at: entry.at, until: entry.after }
        this.#make()
        this.#write({ request, asked, effect: promised(now) })
      }
      if (entry.type !== 'transcript.retried') continue
      const kept = this.#read(entry.body.request)
      if (kept) this.#write({ ...kept, effect: promisedAgain(kept.effect, now) })
    }
  }

  /** After the turn: what these entries promised is handed over. Should that fail, the alarm hands it over again. */
  taken(entries: readonly Entry[]): void {
    for (const entry of entries)
      if (entry.type === 'transcript.requested' || entry.type === 'transcript.retried')
        void this.hand([entry.body.request])
  }

  /** From the alarm, in one turn: what is overdue moves on. Answers which have to be handed over once more. */
  tend(): number[] {
    const { now, random, living, save } = this.#deps
    // Of one in which a transcript was ever asked for the rows are looked at, not the timer alone: a version from
    // before there were any (a rollback) has kept the rows and dropped the timer.
    if (!living()?.transcripts) return []
    const again: number[] = []
    for (const kept of this.#rows(OPEN)) {
      const effect = overdue(kept.effect, now(), random())
      if (!effect) continue
      this.#move(kept, effect)
      if (effect.state === 'pending') again.push(kept.request)
    }
    const record = living()
    const next = this.#next()
    if (!record || record.timers.effects === next) return again
    const { effects: _, ...others } = record.timers
    save({ ...record, timers: next === undefined ? others : { ...others, effects: next } })
    return again
  }

  async hand(requests: readonly number[]): Promise<void> {
    const record = requests.length > 0 ? this.#deps.living() : null
    if (!record) return
    for (const request of requests) {
      try {
        await within(QUEUE_MS, this.#deps.queue({ conversation: record.id, request }))
      } catch (error) {
        this.#deps.report('the queue for transcripts could not be reached', error)
      }
    }
  }

  /** What a consumer asks and tells. */
  answer(call: EffectCall): EffectAnswer {
    switch (call.do) {
      case 'claim':
        return this.#claim(call.request)
      case 'tell':
        return this.#tell(call)
      case 'list':
        return this.#list(call.as)
    }
  }

  /** Committed before the answer leaves: the platform holds it until it is durable. */
  #claim(request: number): EffectAnswer {
    const { living, now } = this.#deps
    const record = living()
    const kept = record && this.#read(request)
    const effect = kept && claimed(kept.effect, now())
    if (!record || !effect) return { ok: false }
    this.#write({ ...kept, effect })
    this.#look(record, effect)
    const { to, from, name, until } = kept.asked
    const { workspace, contact } = record
    return { ok: true, job: { claim: effect.claims, workspace, contact, to, from, name, until } }
  }

  #tell({ request, claim, outcome }: Extract<EffectCall, { do: 'tell' }>): EffectAnswer {
    const { load, now, random } = this.#deps
    const record = load()
    const kept = record && this.#read(request)
    const effect = kept && told(kept.effect, claim, outcome, now(), random())
    if (!record || !effect) return { ok: false }
    this.#move(kept, effect)
    this.#look(load() ?? record, effect)
    return { ok: true }
  }

  /** The alarm comes by the time that an effect has to be looked at again. */
  #look(record: ConversationRecord, effect: Effect): void {
    const due = dueOf(effect)
    if (due === null || due >= (record.timers.effects ?? Number.POSITIVE_INFINITY)) return
    this.#deps.save(this.#deps.armed({ ...record, timers: { ...record.timers, effects: due } }))
  }

  /**
   * To another state; where that is an end, with the entries that say so.
   * The writes of one turn stand or fall together.
   */
  #move(kept: Kept, effect: Effect): void {
    const record = this.#deps.load()
    const settled = settledBy(effect)
    this.#write({ ...kept, effect })
    if (!record || !settled) return
    const id = `effects:${record.team.rev + 1}`
    if (!isClientId(id)) throw new Error('a revision is a number')
    const { request, asked } = kept
    this.#deps.settle(record, { id, command: { type: 'settle_transcript', request, to: asked.to, settled } })
  }

  #list(as: Identity): EffectAnswer {
    const record = this.#deps.living()
    const actor = record && actorFor(as, record)
    if (!actor || !knowsRow(actor)) return { ok: false }
    const rows = this.#isMade()
      ? this.#rows(`SELECT request, json FROM effects ORDER BY request DESC LIMIT ${LISTED}`)
      : []
    const list = rows.map(({ request, asked, effect }) => ({
      ...{ request, to: asked.to, from: asked.from, name: asked.name, by: asked.by, at: asked.at },
      state: effect.state,
      reason: 'reason' in effect ? effect.reason : null,
      mayRetry: effect.state === 'failed' && effect.mayRetry,
    }))
    return { ok: true, list }
  }

  /** The earliest of what is open; undefined where nothing is. */
  #next(): number | undefined {
    const dues = this.#rows(OPEN).map(({ effect }) => dueOf(effect))
    return dues.reduce<number | undefined>(
      (least, due) => (due === null ? least : Math.min(least ?? due, due)),
      undefined,
    )
  }

  #read(request: number): Kept | null {
    if (!this.#isMade()) return null
    return this.#rows('SELECT request, json FROM effects WHERE request = ?', request)[0] ?? null
  }

  #rows(query: string, ...bindings: SqlStorageValue[]): Kept[] {
    const rows = this.#deps.sql.exec<{ request: number; json: string }>(query, ...bindings).toArray()
    // Written by `#write` below, and by nobody else.
    return rows.map(({ request, json }) => ({ request, ...(JSON.parse(json) as Omit<Kept, 'request'>) }))
  }

  #write({ request, asked, effect }: Kept): void {
    const open = Number(dueOf(effect) !== null)
    const query = 'INSERT OR REPLACE INTO effects (request, open, json) VALUES (?, ?, ?)'
    this.#deps.sql.exec(query, request, open, JSON.stringify({ asked, effect }))
  }

  /** Most conversations never promise anything. */
  #make(): void {
    this.#deps.sql.exec(
      'CREATE TABLE IF NOT EXISTS effects (request INTEGER PRIMARY KEY, open INTEGER NOT NULL, json TEXT NOT NULL)',
    )
  }

  #isMade(): boolean {
    this.#made ||= hasTable(this.#deps.sql, 'effects')
    return this.#made
  }
}

interface Surroundings {
  sql: SqlStorage
  store: Store
  queue(): Env['TRANSCRIPTS']
  armed: EffectsDeps['armed']
  settle: EffectsDeps['settle']
}

/** The effects of a conversation, over its own storage. */
export function conversationEffects({ store, queue, ...deps }: Surroundings): Effects {
  return new Effects({
    ...{ ...deps, now: Date.now, random: Math.random, report },
    living: () => store.living(),
    load: () => store.load(),
    save: (record) => store.save(record),
    queue: (job) => queue().send(job),
  })
}

const OPEN = 'SELECT request, json FROM effects WHERE open = 1 ORDER BY request'

/** What is told of an end; null for what goes on. */
function settledBy(effect: Effect): TranscriptSettled | null {
  switch (effect.state) {
    case 'done':
      return { outcome: 'sent' }
    case 'failed':
      return { outcome: 'failed', reason: effect.reason, mayRetry: effect.mayRetry }
    case 'unknown':
      return { outcome: 'unknown', reason: effect.reason }
    default:
      return null
  }
}
