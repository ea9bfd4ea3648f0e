/**
 * The one alarm of a conversation. When it goes off: first what is due by itself, synchronously; then it is set to what
 * is next; then one attempt at what needs others. Never throws (an alarm that fails six times is dropped by the
 * platform, and with it what it guards), and is never set to less than a second ahead.
 */
import type { Envelope } from '../../core/conversation/command.ts'
import { TOMBSTONE_MS, type Tombstone } from '../../core/conversation/deletion.ts'
import type { ConversationRecord } from '../../core/conversation/record.ts'
import { rowOf } from '../../core/conversation/row.ts'
import { armed, dueNow, nextTimer, SAFETY_MS, SOONEST_MS } from '../../core/conversation/timers.ts'
import { isClientId } from '../../core/ids.ts'
import { report } from '../report.ts'
import type { Drain } from './drain.ts'
import type { Effects } from './effects.ts'
import type { inboxLink } from './inboxLink.ts'
import { Purge, purgeSteps } from './purge.ts'
import type { Registry } from './registry.ts'
import type { Store } from './store.ts'

export interface TimersDeps {
  now(): number
  /** Between 0 and 1. */
  random(): number
  setAlarm(at: number): void
  load(): ConversationRecord | null
  tombstone(): Tombstone | null
  /** CV13: closes it as a command of the system. */
  close(record: ConversationRecord): void
  /** What was promised and is overdue moves on (`effects.ts`); answers what has to be handed over once more. */
  tend(): number[]
  /** One attempt at handing it over. */
  hand(requests: readonly number[]): Promise<void>
  /** BN4: forgets the bans that have lifted themselves. */
  lift(record: ConversationRecord): void
  /** Tells the inbox what it may not know. Answers whether all is well. */
  tell(record: ConversationRecord): Promise<boolean>
  /** One attempt at the steps of the purge that are left (CV12). Answers whether it is gone for good. */
  purge(record: ConversationRecord): Promise<boolean>
  /** The last of it: nothing is left, not even the memory that it was there. */
  forget(tombstone: Tombstone): Promise<void>
  report(message: string, error: unknown): void
}

export class Timers {
  readonly #deps: TimersDeps
  /** Attempts in a row that came to nothing; forgotten with the instance. */
  #failures = 0

  constructor(deps: TimersDeps) {
    this.#deps = deps
  }

  /**
   * In the turn of a write, so that no crash can come between: asks for the alarm only if none is pending in time, and
   * answers the same record if so.
   */
  armed(record: ConversationRecord, now: number): ConversationRecord {
    const { timers, set } = armed(record, now)
    if (set) this.#deps.setAlarm(timers.alarm)
    return timers === record.timers ? record : { ...record, timers }
  }

  async ring(): Promise<void> {
    try {
      const tombstone = this.#deps.tombstone()
      const settled = tombstone ? await this.#guard(tombstone) : await this.#tend()
      this.#failures = settled ? 0 : this.#failures + 1
    } catch (error) {
      this.#failures += 1
      this.#deps.report('the alarm of a conversation failed', error)
    }
    if (this.#failures > 0) this.#again()
  }

  async #tend(): Promise<boolean> {
    const { now, load, close, lift, tend, hand, tell, purge } = this.#deps
    const kept = load()
    if (!kept) return true
    lift(kept)
    const found = load() ?? kept
    const due = dueNow(found, now())
    if (due === 'close') close(found)
    const overdue = tend()
    const record = load() ?? found
    if (due === 'purge') {
      // Until it is through nothing else is pending, and a crash in it must not be the end of it.
      this.#again()
      return purge(record)
    }
    const next = nextTimer(record, now())
    // Whoever crashes while telling is rung again by the platform, unless an alarm was set: then soon, not in days.
    const soon = next === null ? null : this.#again()
    const [isTold] = await Promise.all([tell(record), hand(overdue)])
    if (!isTold) return false
    const then = nextTimer(load() ?? record, now())
    if (soon !== null && then !== null && then !== soon) this.#set(then)
    return true
  }

  async #guard(tombstone: Tombstone): Promise<boolean> {
    const until = tombstone.buriedAt + TOMBSTONE_MS
    if (this.#deps.now() < until) this.#set(until)
    else await this.#deps.forget(tombstone)
    return true
  }

  /**
   * Tries again after a jittered minute, later doubling up to an hour;
   * sooner if something else is due before. Answers when.
   */
  #again(): number {
    const record = this.#deps.load()
    const now = this.#deps.now()
    const pause = SAFETY_MS * 2 ** Math.min(Math.max(0, this.#failures - 1), 6) * (0.5 + this.#deps.random() / 2)
    const next = record && nextTimer(record, now)
    return this.#set(next !== null && next > now ? Math.min(now + pause, next) : now + pause)
  }

  #set(wanted: number): number {
    const at = Math.max(wanted, this.#deps.now() + SOONEST_MS)
    this.#deps.setAlarm(at)
    return at
  }
}

/** CV13, as a command like any other: recognised if the alarm goes off twice for one silence. */
export function closing(record: ConversationRecord): Envelope {
  const id = `silence:${record.public.head}`
  if (!isClientId(id)) throw new Error('a conversation that closes has an entry')
  return { id, command: { type: 'close' } }
}

interface Surroundings {
  storage: DurableObjectStorage
  store: Store
  drain: Drain
  effects: Effects
  inbox: ReturnType<typeof inboxLink>
  registry: Registry
  close(record: ConversationRecord): void
  lift(record: ConversationRecord): void
}

/** The timers of a conversation, over its own storage. */
export function conversationTimers(around: Surroundings): Timers {
  const { storage, store, drain, effects, inbox, registry, close, lift } = around
  const setAlarm = (at: number) => void storage.setAlarm(at)
  const steps = purgeSteps({ drain, purgeIndex: inbox.purgeIndex })
  const buried = () => setAlarm(Date.now() + TOMBSTONE_MS)
  const purge = new Purge({ store, steps, now: Date.now, buried, report })
  return new Timers({
    ...{ now: Date.now, random: Math.random, setAlarm, close, lift, report },
    load: () => store.load(),
    tombstone: () => store.tombstone(),
    tend: () => effects.tend(),
    hand: (requests) => effects.hand(requests),
    tell: async (record) => {
      // The inbox awaits a visitor who has begun: some never come.
      if (Date.now() - record.public.startedAt <= 2 * SAFETY_MS) await registry.addressed()
      return drain.settle(rowOf(record))
    },
    purge: (record) => purge.advance(record),
    forget: async () => {
      // The index first: its tombstone would swallow a conversation that begins under this id again.
      await inbox.forget()
      await store.clear()
    },
  })
}
