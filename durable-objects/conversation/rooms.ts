/**
 * The rooms of a conversation, each given what it needs of the others. What a room owns and may never do stands at its
 * own head; here is only who knows whom. Made anew with every wake, so it reads nothing.
 */
import type { Actor, Envelope } from '../../core/conversation/command.ts'
import type { Policies } from '../../core/conversation/policy.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { report } from '../report.ts'
import { BanKeeper } from './banKeeper.ts'
import { Drain } from './drain.ts'
import { conversationEffects } from './effects.ts'
import { Execution, type Outcome } from './execute.ts'
import { Idempotency } from './idempotency.ts'
import { inboxLink } from './inboxLink.ts'
import { Pace } from './pace.ts'
import { PolicyKeeper } from './policyKeeper.ts'
import { Registry } from './registry.ts'
import { Signals } from './signals.ts'
import { Sockets } from './sockets.ts'
import { Store } from './store.ts'
import { closing, conversationTimers, type Timers } from './timers.ts'

type Run = (record: ConversationRecord, actor: Actor, envelope: Envelope) => Outcome

/**
 * @param env asked for with each call out of here: a test may put something else in place of an inbox or a queue
 * @param run takes a command from whoever asks to whoever is told
 */
export function roomsOf(ctx: DurableObjectState, env: () => Env, run: Run) {
  const { storage } = ctx
  const store = new Store(storage)
  const sockets = new Sockets(ctx)
  const pace = new Pace()
  const bySystem = (record: ConversationRecord, envelope: Envelope) => void run(record, { kind: 'system' }, envelope)
  const effects = conversationEffects({
    ...{ sql: storage.sql, store, queue: () => env().TRANSCRIPTS, settle: bySystem },
    armed: (record) => timers.armed(record, Date.now()),
  })
  const execution = new Execution({
    ...{ store, effects, idempotency: new Idempotency(storage.sql), secret: env().ID_SECRET },
    armed: (record, now) => timers.armed(record, now),
    isBurst: () => drain.isBusy,
    withCursors: (record) => ({ ...record, cursors: sockets.cursors(record.cursors) }),
  })
  const kept = () => store.recall() ?? store.tombstone()
  const inbox = inboxLink(() => env().INBOX, ctx.id.name ?? '', kept)
  const told = {
    ...inbox,
    // The answer leaves first: nothing goes out before the write is durable, and what is done for the inbox meanwhile
    // would only stand in its way.
    tell: async (...row: Parameters<typeof inbox.tell>) => {
      await storage.sync()
      return inbox.tell(...row).finally(() => store.shorten())
    },
    instructed: (decided: Policies) => policies.instructed(decided),
    after: (ms: number, then: () => void) => void setTimeout(then, ms),
    report,
  }
  const registry = new Registry({ ...told, sockets })
  const drain = new Drain({
    ...{ ...told, now: Date.now },
    tell: (row, urgent) => registry.tell(row, urgent),
    told: () => sockets.told,
    noteTold: (rev) => sockets.noteTold(rev),
  })
  const timers: Timers = conversationTimers({
    ...{ storage, store, drain, effects, inbox, registry },
    close: (record) => bySystem(record, closing(record)),
    lift: (record) => bans.lift(record),
  })
  const policies = new PolicyKeeper({ store, sockets, timers })
  const bans = new BanKeeper({ store, sockets, timers, run })
  const signals = new Signals(sockets, pace)
  return { store, sockets, pace, signals, policies, bans, execution, drain, registry, timers, effects }
}
