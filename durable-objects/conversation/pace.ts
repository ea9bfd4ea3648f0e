/**
 * How often one writer may have others told, or pages read, by frames that are no commands. Kept in memory alone: what is
 * never stored must not cost a row to limit either, and an object that had time to sleep has given every burst back.
 */
import { type Actor, authorOf } from '../../core/conversation/command.ts'
import { FRAME_LIMITS, take } from '../../core/conversation/limits.ts'

export class Pace {
  /** By limit and writer: as few as there are people in the conversation, however many sockets each of them opens. */
  readonly #arrivals = new Map<string, number>()

  /** Takes one of `what`; false if there is none left for now. */
  takes(what: keyof typeof FRAME_LIMITS, actor: Actor): boolean {
    const key = `${what} ${authorOf(actor)}`
    const taken = take(FRAME_LIMITS[what], this.#arrivals.get(key) ?? 0, Date.now())
    if (taken.ok) this.#arrivals.set(key, taken.arrival)
    return taken.ok
  }
}
