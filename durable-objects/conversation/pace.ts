/**
 * How often one writer may have others told, or pages read, by frames that are no commands, and how often a program may
 * command. Kept in memory alone: a limit must not cost a row, and an object that had time to sleep has given every
 * burst back.
 */
import { type Actor, authorOf } from '../../core/conversation/command.ts'
import { FRAME_LIMITS, KEY_LIMIT, type Limit, type Taken, take } from '../../core/conversation/limits.ts'
import { type Outcome, refused } from './execute.ts'

export class Pace {
  /** By limit and writer: as few as there are people in the conversation, however many sockets each of them opens. */
  readonly #arrivals = new Map<string, number>()

  /** Takes one of `what`; false if there is none left for now. */
  takes(what: keyof typeof FRAME_LIMITS, actor: Actor): boolean {
    return this.#take(what, FRAME_LIMITS[what], actor).ok
  }

  /** DL9: the refusal of a program's command that comes too soon, repeats included; null where it may be taken. */
  tooSoon(actor: Actor): Extract<Outcome, { kind: 'refused' }> | null {
    if (actor.kind !== 'key') return null
    const taken = this.#take('command', KEY_LIMIT, actor)
    return taken.ok ? null : refused('rate_limited', taken.retryAt)
  }

  #take(what: string, limit: Limit, actor: Actor): Taken {
    const key = `${what} ${authorOf(actor)}`
    const taken = take(limit, this.#arrivals.get(key) ?? 0, Date.now())
    if (taken.ok) this.#arrivals.set(key, taken.arrival)
    return taken
  }
}
