/**
 * Takes one command from whoever asks to what is stored: recognise a repeat, decide, append, commit. One path for
 * sockets, HTTP and RPC. Everything here is one synchronous turn; whoever calls it tells the sockets afterwards.
 */
import { append } from '../../core/conversation/append.ts'
import { recognise } from '../../core/conversation/clients.ts'
import { type Actor, authorOf, type Envelope } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import type { Entry } from '../../core/conversation/entries.ts'
import { type FloodArrivals, takeFlood } from '../../core/conversation/limits.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { rewritten } from '../../core/conversation/rewrite.ts'
import { parseClientId } from '../../core/ids.ts'
import { type Refusal, type RefusalCode, refusal } from '../../core/refusals.ts'
import { digestOf, digestOfRequest } from './digest.ts'
import type { Idempotency } from './idempotency.ts'
import type { Store } from './store.ts'

export type Outcome =
  | { kind: 'taken'; record: ConversationRecord; entries: Entry[] }
  | { kind: 'repeated'; record: ConversationRecord; entries: [Entry] }
  | { kind: 'refused'; refusal: Refusal }

export interface ExecutionDeps {
  store: Store
  idempotency: Idempotency
  secret: string
  /** Called in the turn of the commit with what is about to be stored; answers what to store. */
  beforeCommit(record: ConversationRecord, now: number): ConversationRecord
}

export class Execution {
  readonly #deps: ExecutionDeps
  /** What searches cost, kept in memory only: a repeat must not write a row. */
  #searched: FloodArrivals = { quick: 0, lasting: 0 }

  constructor(deps: ExecutionDeps) {
    this.#deps = deps
  }

  run(record: ConversationRecord, actor: Actor, envelope: Envelope, now: number): Outcome {
    const outcome = this.#take(record, actor, envelope, now)
    // What was taken is written; a refusal is only as good as the record it was decided on.
    if (outcome.kind === 'refused') this.#deps.store.confirm()
    return outcome
  }

  #take(record: ConversationRecord, actor: Actor, envelope: Envelope, now: number): Outcome {
    const id = parseClientId(envelope.id)
    if (!id) return refused('client_id_invalid')
    // Of what is being deleted not even what was answered before is told again.
    const named =
      record.team.deletion === null && envelope.idempotency && this.#answered(record, envelope.idempotency, now)
    if (named) return named
    const digest = digestOf(this.#deps.secret, record.id, envelope.command)
    const recognition = recognise(record.clients, authorOf(actor), id, envelope.retry ?? false)
    if (recognition.seen === 'perhaps') {
      const repeat = this.#repeat(record, actor, envelope, digest, recognition.from, now)
      if (repeat) return repeat
    }
    const isStale = envelope.expectedRev !== undefined && envelope.expectedRev !== record.team.rev
    // Of what is being deleted nobody learns at which revision it is.
    if (isStale && !record.team.deletion) return refused('version_conflict')
    const referred = 'ref' in envelope.command ? this.#deps.store.message(envelope.command.ref) : null
    const decision = decide(record, actor, envelope.command, now, referred)
    if (!decision.ok) return { kind: 'refused', refusal: decision.refusal }
    const appended = append(record, decision, actor, envelope, now)
    const next = this.#deps.beforeCommit(appended.record, now)
    const changed = referred
      ? appended.entries.map((entry) => rewritten(referred, entry)).filter((m) => m !== referred)
      : []
    this.#deps.store.commit(next, appended.entries, digest, changed, () =>
      this.#remember(record, envelope, appended.entries, now),
    )
    return { kind: 'taken', record: next, entries: appended.entries }
  }

  /** AP2: the answer that a request of this name was given before, or a refusal where it asked for something else. */
  #answered(
    record: ConversationRecord,
    { key, asked }: NonNullable<Envelope['idempotency']>,
    now: number,
  ): Outcome | null {
    const earlier = this.#deps.idempotency.find(key, now)
    if (!earlier) return null
    if (earlier.digest !== digestOfRequest(this.#deps.secret, record.id, asked))
      return refused('idempotency_key_conflict')
    return { kind: 'repeated', record, entries: [this.#deps.store.entry(earlier.log, earlier.n)] }
  }

  #remember(record: ConversationRecord, { id, idempotency }: Envelope, entries: readonly Entry[], now: number): void {
    const bearer = entries.find((entry) => entry.clientId === id)
    if (!idempotency || !bearer) return
    const digest = digestOfRequest(this.#deps.secret, record.id, idempotency.asked)
    this.#deps.idempotency.keep(idempotency.key, bearer, digest, now)
  }

  #repeat(
    record: ConversationRecord,
    actor: Actor,
    envelope: Envelope,
    digest: string,
    from: { public: number; team: number },
    now: number,
  ): Outcome | null {
    if (record.public.head === 0) return null
    if (actor.kind === 'visitor') {
      const spent = {
        quick: Math.max(record.flood.quick, this.#searched.quick),
        lasting: Math.max(record.flood.lasting, this.#searched.lasting),
      }
      const taken = takeFlood(record.policy.limits, spent, now)
      if (!taken.ok) return { kind: 'refused', refusal: refusal('rate_limited', taken.retryAt) }
      this.#searched = taken.arrivals
    }
    const earlier = this.#deps.store.find(authorOf(actor), envelope.id, from)
    if (!earlier) return null
    return earlier.digest === digest
      ? { kind: 'repeated', record, entries: [earlier.entry] }
      : refused('client_id_conflict')
  }
}

function refused(code: RefusalCode): Outcome {
  return { kind: 'refused', refusal: refusal(code) }
}
