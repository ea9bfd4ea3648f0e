/**
 * One conversation: the only writer of its timeline (CV1). A shell: it establishes who asks, lets `core` decide,
 * stores the outcome and tells everyone, all in one turn. Must hold no rule of its own and do no I/O in a command.
 */
import { DurableObject } from 'cloudflare:workers'
import type { BanNews } from '../../core/bans/ban.ts'
import { entriesFor } from '../../core/conversation/audience.ts'
import type { Actor, Envelope } from '../../core/conversation/command.ts'
import { markSeen } from '../../core/conversation/cursors.ts'
import { DEFAULT_POLICY, newerPolicy, type Policies } from '../../core/conversation/policy.ts'
import { type ConversationRecord, linkedWith, newRecord } from '../../core/conversation/record.ts'
import { isUrgent, rowOf } from '../../core/conversation/row.ts'
import { CLOSE } from '../../core/protocol/close.ts'
import type {
  DispatchAnswer,
  DispatchCall,
  PageAnswer,
  PageAsk,
  ReadAnswer,
} from '../../core/protocol/conversationCalls.ts'
import type { EffectAnswer, EffectCall } from '../../core/protocol/effectCalls.ts'
import { faultFrame, parseClientFrame } from '../../core/protocol/frames.ts'
import { decodeIdentity, IDENTITY_HEADER, type Identity, policyOf } from '../../core/protocol/identity.ts'
import { refusal } from '../../core/refusals.ts'
import { closeBack, isHeard, openedSocket } from '../webSockets.ts'
import { actorFor, attachmentFor, expel, hides, knowsRow, mayStay, opensSockets } from './admission.ts'
import { answerOf } from './answer.ts'
import type { Outcome } from './execute.ts'
import { resumeFrom } from './resume.ts'
import { roomsOf } from './rooms.ts'
import { audienceOf } from './sockets.ts'
import { welcome } from './welcome.ts'

export class Conversation extends DurableObject<Env> {
  readonly #rooms = roomsOf(
    this.ctx,
    () => this.env,
    (...asked) => this.#run(...asked),
  )
  readonly #store = this.#rooms.store
  readonly #sockets = this.#rooms.sockets
  readonly #pace = this.#rooms.pace
  readonly #signals = this.#rooms.signals
  readonly #policies = this.#rooms.policies
  readonly #bans = this.#rooms.bans
  readonly #execution = this.#rooms.execution
  readonly #drain = this.#rooms.drain
  readonly #registry = this.#rooms.registry
  readonly #timers = this.#rooms.timers
  readonly #effects = this.#rooms.effects

  /**
   * Opens a socket, or answers 404. The Worker has checked origin and token and says who it is in a header of its own.
   */
  override async fetch(request: Request): Promise<Response> {
    const identity = decodeIdentity(request.headers.get(IDENTITY_HEADER))
    // What the welcome reads of the logs confirms what is remembered.
    const { record, actor } = this.#admitted(identity, this.#store.recall())
    if (!record || !identity || !actor || !opensSockets(actor)) return new Response(null, { status: 404 })
    if (record.team.deletion) return new Response(null, { status: 410 })
    if (!this.#pace.takes('open', actor)) return new Response(null, { status: 429 })
    const attachment = attachmentFor(identity, actor)
    const { client, server } = this.#sockets.accept(attachment)
    this.#welcome(server, record, actor, new URL(request.url).searchParams)
    if (actor.kind === 'agent') this.#signals.presenceChanged()
    void this.#registry.seen(server, attachment)
    return openedSocket(request, client)
  }

  /** One command over HTTP. Refusals are answers, never exceptions. */
  async dispatch(call: DispatchCall): Promise<DispatchAnswer> {
    const { record, actor } = this.#admitted(call.identity, this.#store.load() ?? this.#fresh(call))
    if (!record || !actor) return { ok: false, refusal: refusal('not_found'), row: null }
    const outcome = this.#pace.tooSoon(actor) ?? this.#run(record, actor, call.envelope)
    return answerOf(outcome, record, actor)
  }

  /** What the conversation is now, for agents and keys; for the system also while it is being deleted. */
  async read(identity: Identity): Promise<ReadAnswer> {
    const kept = identity.kind === 'system' ? this.#store.load() : this.#store.living()
    const { record, actor } = this.#admitted(identity, kept)
    if (!record || !actor || !knowsRow(actor)) return { ok: false, refusal: refusal('not_found') }
    const cursors = this.#sockets.cursors(record.cursors)
    return { ok: true, row: rowOf(record), cursors, linked: linkedWith(record) }
  }

  /** A page of history, cut to the caller's audience. */
  async page(identity: Identity, ask: PageAsk): Promise<PageAnswer> {
    const { record, actor } = this.#admitted(identity, this.#store.living(this.#store.recall()))
    // A page is read, and so are we found to be outdated; a refusal has to be confirmed.
    if (!record || !actor) this.#store.confirm()
    if (!record || !actor) return { ok: false, refusal: refusal('not_found') }
    return {
      ok: true,
      ...this.#pageFor(record, actor, ask),
      ...(actor.kind === 'assistant' && { epoch: record.epoch }),
    }
  }

  /** How many messages of the team the visitor has not seen. */
  async unread(identity: Identity): Promise<number> {
    const { record, actor } = this.#admitted(identity, this.#store.living())
    if (!record || actor?.kind !== 'visitor') return 0
    return this.#store.logs.unreadByVisitor(this.#sockets.cursors(record.cursors).visitor)
  }

  /** What the consumers of queues ask and tell of promised effects. */
  async effect(call: EffectCall): Promise<EffectAnswer> {
    return this.#effects.answer(call)
  }

  /** PR2: a member's rights changed. Their sockets open again on the rights of now, or do not. */
  async revoke(member: string): Promise<void> {
    for (const socket of this.#sockets.ofMember(member)) socket.close(CLOSE.renew, 'rights changed')
  }

  /** An administrator decided anew. */
  async policiesChanged(policies: Policies): Promise<void> {
    this.#policies.instructed(policies)
    void this.#registry.addressed()
  }

  /** BN1: somebody was banned, or is no longer. */
  async bansChanged(news: BanNews): Promise<void> {
    this.#registry.unawaited()
    this.#bans.heard(news)
  }

  /** Answers nothing at all, not even a promise: the runtime would have to wait for it, message by message. */
  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    this.#hear(socket, data)
  }

  #hear(socket: WebSocket, data: string | ArrayBuffer): unknown {
    if (!isHeard(socket)) return
    const attachment = this.#sockets.of(socket)
    const record = this.#store.recall()
    if (!attachment || !record || !mayStay(attachment.actor, record)) return socket.close(CLOSE.gone, 'gone')
    if (record.team.deletion) return socket.close(CLOSE.deleting, 'being deleted')
    if (!this.#sockets.valid(socket, Date.now())) return
    if (!attachment.registered) void this.#registry.seen(socket, attachment)
    const frame = parseClientFrame(data)
    const limited = 'fault' in frame ? 'fault' : frame.type === 'more' ? 'page' : null
    // A page of ours never comes here. Closed, not left unanswered: who waits for a page asks again when it is back.
    if (limited && !this.#pace.takes(limited, attachment.actor)) return socket.close(CLOSE.later, 'too many frames')
    // A command is confirmed by what it writes, a page by what it reads.
    if ('fault' in frame || (frame.type !== 'command' && frame.type !== 'more')) this.#store.confirm()
    if ('fault' in frame) return this.#sockets.send(socket, faultFrame(frame))
    if (frame.type === 'typing') return this.#signals.typing(socket, attachment, record, frame.in)
    if (frame.type === 'seen') return this.#signals.seen(socket, attachment, record, frame.public)
    if (frame.type === 'more')
      return this.#sockets.send(socket, { type: 'entries', ...this.#pageFor(record, attachment.actor, frame) })
    const outcome = this.#run(record, attachment.actor, frame)
    if (outcome.kind === 'refused') this.#sockets.send(socket, { type: 'refused', id: frame.id, ...outcome.refusal })
    // The live copy of an accepted command is its acknowledgement; only a repeat has to be told again.
    if (outcome.kind === 'repeated')
      this.#sockets.send(socket, { type: 'entries', list: entriesFor(audienceOf(attachment.actor), outcome.entries) })
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    this.#left(socket)
    closeBack(socket, code)
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#left(socket)
  }

  override async alarm(): Promise<void> {
    await this.#timers.ring()
  }

  /** The record with the newest policy, and who a caller is to it; no actor where it does not exist for them. */
  #admitted(identity: Identity | null, known = this.#store.load()) {
    const record = known && identity && this.#policies.brought(known, identity)
    return { record, actor: record && identity && actorFor(identity, record) }
  }

  /** A conversation that is only now begun: nothing of it is stored before its first message is. */
  #fresh({ origin, envelope, identity }: DispatchCall): ConversationRecord | null {
    if (envelope.command.type !== 'start' || origin?.id !== this.ctx.id.name || this.#store.tombstone()) return null
    if (identity.kind === 'visitor' && identity.ip !== undefined) this.#registry.begins(identity.ip)
    return origin ? newRecord(origin, newerPolicy(DEFAULT_POLICY, policyOf(identity, origin))) : null
  }

  #run(record: ConversationRecord, actor: Actor, envelope: Envelope): Outcome {
    const now = Date.now()
    const outcome = this.#execution.run(record, actor, envelope, now)
    if (outcome.kind !== 'taken') return outcome
    this.#sockets.announce(outcome.entries, now)
    this.#effects.taken(outcome.entries)
    const hidden = hides(outcome.record, outcome.entries)
    if (hidden) expel(this.#sockets, outcome.record)
    this.#drain.changed(() => rowOf(outcome.record), outcome.entries.some(isUrgent), hidden)
    if (outcome.record.team.deletion) this.#sockets.closeAll(CLOSE.deleting, 'being deleted')
    return outcome
  }

  #welcome(socket: WebSocket, record: ConversationRecord, actor: Actor, query: URLSearchParams): void {
    const cursors = this.#sockets.cursors(record.cursors)
    this.#sockets.send(
      socket,
      welcome(record, actor, cursors, () => this.#signals.present()),
    )
    const after = resumeFrom(query)
    this.#sockets.send(socket, { type: 'entries', ...this.#pageFor(record, actor, after ? { after } : {}) })
  }

  #pageFor({ public: { head }, team }: ConversationRecord, actor: Actor, ask: PageAsk) {
    const audience = ask.only === 'public' ? 'visitor' : audienceOf(actor)
    const page = this.#store.logs.page(audience, ask, { public: head, team: team.head })
    return { ...page, list: entriesFor(audience, page.list) }
  }

  /** A cursor lives with its socket; what the last socket has seen is written when it goes. */
  #left(socket: WebSocket): void {
    this.#sockets.closed()
    const record = this.#store.load()
    const attachment = this.#sockets.of(socket)
    if (!record || !attachment) return
    this.#signals.left(socket, attachment)
    void this.#registry.gone(socket, attachment)
    if (record.team.deletion) return
    const cursors = markSeen(record.cursors, attachment.actor.kind, attachment.seen, record.public.head)
    if (cursors !== record.cursors) this.#store.save({ ...record, cursors })
  }
}
