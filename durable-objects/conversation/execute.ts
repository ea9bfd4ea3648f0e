/**
 * Takes one command from whoever asks to what is stored: recognise a repeat, decide, append, commit. One path for
 * sockets, HTTP and RPC. Everything here is one synchronous turn; whoever calls it tells the sockets afterwards.
 */
import { append } from '../../core/conversation/append.ts'
import { recognise } from '../../core/conversation/clients.ts'
import { type Actor, authorOf, type Command, type Envelope } from '../../core/conversation/command.ts'
import { decide } from '../../core/conversation/decide.ts'
import { hiddenFrom } from '../../core/conversation/deletion.ts'
import { canonical, saidBy, saidIn } from '../../core/conversation/digest.ts'
import type { Entry, MessageEntry } from '../../core/conversation/entries.ts'
import { type FloodArrivals, takeFlood } from '../../core/conversation/limits.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { isReplayable } from '../../core/conversation/replay.ts'
import { rewritten } from '../../core/conversation/rewrite.ts'
import { parseClientId } from '../../core/ids.ts'
import { type Refusal, type RefusalCode, refusal } from '../../core/refusals.ts'
import { knowsRow } from './admission.ts'
import { digestOf, digestOfRequest } from './digest.ts'
import type { Effects } from './effects.ts'
import type { Idempotency } from './idempotency.ts'
import type { Earlier } from './logs.ts'
import type { Store } from './store.ts'

export type Outcome =
  | { kind: 'taken'; record: ConversationRecord; entries: Entry[] }
  | { kind: 'repeated'; record: ConversationRecord; entries: [Entry] }
  | { kind: 'refused'; refusal: Refusal }

type Appended = ReturnType<typeof append>

/** What the command was, where its outcome is stored. */
interface Asked {
  envelope: Envelope
  /** The message it is about. */
  referred: MessageEntry | null
  now: number
}

export interface ExecutionDeps {
  store: Store
  idempotency: Idempotency
  effects: Pick<Effects, 'keep'>
  secret: string
  /**
   * In the turn of the write: sees to the alarm,
   * and answers the record with its timers, the same where none has moved.
   */
  armed(record: ConversationRecord, now: number): ConversationRecord
  /** Whether messages follow each other fast: then `store.shorten` comes within a moment. */
  isBurst(): boolean
  /** The record with how far everybody has read by now. */
  withCursors(record: ConversationRecord): ConversationRecord
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
    // Of what is being deleted nobody is told again what was answered before, but Foyer itself, which reports once.
    const hidden = actor.kind === 'system' ? null : record.team.deletion
    const named = hidden === null && envelope.idempotency && this.#answered(record, envelope.idempotency, now)
    if (named) return named
    const recognition = recognise(record.clients, authorOf(actor), id, envelope.retry ?? false)
    if (recognition.seen === 'perhaps') {
      const repeat = this.#repeat(record, actor, envelope, recognition.from, now)
      if (repeat && hidden) return { kind: 'refused', refusal: hiddenFrom(hidden, actor, now) }
      if (repeat) return repeat
    }
    const stale = this.#stale(record, actor, envelope)
    if (stale) return stale
    const referred = this.#referred(envelope.command)
    const decision = decide(record, actor, envelope.command, now, referred)
    if (!decision.ok) return { kind: 'refused', refusal: decision.refusal }
    const appended = append(record, decision, actor, envelope, now)
    const written = this.#write(record, appended, { envelope, referred, now })
    return { kind: 'taken', record: written, entries: appended.entries }
  }

  /** Why a command that names a revision is not for this one, or null. */
  #stale(record: ConversationRecord, actor: Actor, envelope: Envelope): Outcome | null {
    // Of what is being deleted nobody learns at which revision it is.
    if (envelope.expectedRev === undefined || record.team.deletion) return null
    // DL3: it counts notes as well, so who may not know it must not be told whether they guessed it.
    if (!knowsRow(actor)) return refused('not_allowed')
    return envelope.expectedRev !== record.team.rev ? refused('version_conflict') : null
  }

  /** The message that a command is about, where there is one. */
  #referred(command: Command): MessageEntry | null {
    const { logs } = this.#deps.store
    if ('ref' in command) return logs.message(command.ref)
    return command.type === 'send_transcript' ? logs.said() : null
  }

  /** Stores what came of a command. Most messages are a row in the log and nothing else. */
  #write(before: ConversationRecord, { record, entries }: Appended, { envelope, referred, now }: Asked) {
    const { store, armed, isBurst, withCursors } = this.#deps
    const next = armed(record, now)
    const [entry] = entries
    const moved = next.timers !== before.timers || envelope.idempotency !== undefined
    if (entry && !moved && store.tailHasRoom(isBurst()) && isReplayable(entries, now)) {
      store.append(next, entry)
      return next
    }
    const complete = withCursors(next)
    store.commit(complete, entries, this.#digest(record, envelope.command), () => {
      if (referred) this.#rewrite(record, referred, entries)
      this.#deps.effects.keep(entries, now)
      this.#remember(before, envelope, entries, now)
    })
    return complete
  }

  /** What a message says stands in it, and needs no digest until it says something else. */
  #digest(record: ConversationRecord, command: Command): string | null {
    return saidBy(command) ? null : digestOf(this.#deps.secret, record.id, command)
  }

  /** MS8: from now on a digest is all that is known of what the message said first. */
  #rewrite(record: ConversationRecord, message: MessageEntry, by: readonly Entry[]): void {
    const said = saidIn(message)
    for (const entry of by) {
      const next = rewritten(message, entry)
      if (said && next !== message) this.#deps.store.logs.rewrite(next, digestOf(this.#deps.secret, record.id, said))
    }
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
    return { kind: 'repeated', record, entries: [this.#deps.store.logs.entry(earlier.log, earlier.n)] }
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
      if (!taken.ok) return refused('rate_limited', taken.retryAt)
      this.#searched = taken.arrivals
    }
    const earlier = this.#deps.store.logs.find(authorOf(actor), envelope.id, from)
    if (!earlier) return null
    return this.#asksTheSame(record, earlier, envelope.command)
      ? { kind: 'repeated', record, entries: [earlier.entry] }
      : refused('client_id_conflict')
  }

  /** DL2: whether a command is the one that an entry came of. */
  #asksTheSame(record: ConversationRecord, { entry, digest }: Earlier, command: Command): boolean {
    const said = saidBy(command)
    if (digest === null) {
      const stands = saidIn(entry)
      return said !== null && stands !== null && canonical(said) === canonical(stands)
    }
    // Earlier versions kept a digest of every command, of a message's too.
    return [command, said].some((content) => content && digest === digestOf(this.#deps.secret, record.id, content))
  }
}

export function refused(code: RefusalCode, retryAt?: number): Extract<Outcome, { kind: 'refused' }> {
  return { kind: 'refused', refusal: refusal(code, retryAt) }
}
