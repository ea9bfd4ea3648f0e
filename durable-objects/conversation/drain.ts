/**
 * Tells the inbox object what the conversation's row is now. The first change goes at once; further ones within
 * half a second are gathered, but for one that hides the conversation from somebody (CV7, CV12). Must never be awaited
 * by a command: the chat goes on while the inbox is out of reach, and the alarm tells again whatever was not delivered.
 */
import type { Policies } from '../../core/conversation/policy.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'

export const GATHER_MS = 500

export interface DrainDeps {
  now(): number
  /** Answers newer policies than this conversation has. */
  tell(row: ConversationRow, urgent: boolean): Promise<Policies | null>
  instructed(policies: Policies): void
  /** The newest revision that is known to be told, by what outlasts a sleep. */
  told(): number
  noteTold(rev: number): void
  after(ms: number, run: () => void): void
  report(message: string, error: unknown): void
}

export class Drain {
  readonly #deps: DrainDeps
  /** Made when it is told: in a burst most rows never are. */
  #latest: (() => ConversationRow) | null = null
  #urgent = false
  #atOnce = false
  #toldRev: number | null = null
  #startedAt = Number.NEGATIVE_INFINITY
  #doing: 'nothing' | 'gathering' | 'telling' = 'nothing'
  /** Counts the tellings, so that what was gathered for one does not tell again after another has. */
  #tellings = 0
  /** What is under way. */
  #telling: Promise<void> = Promise.resolve()
  #ended = false

  constructor(deps: DrainDeps) {
    this.#deps = deps
  }

  /**
   * The row changed.
   * @param urgent a new conversation, another status or assignee, which lists must show within seconds
   * @param atOnce somebody may not see it any more: their list must not name it a moment longer than it takes to say so
   */
  changed(row: () => ConversationRow, urgent: boolean, atOnce = false): void {
    this.#latest = row
    this.#urgent ||= urgent
    this.#atOnce ||= atOnce
    if (this.#doing === 'telling' || this.#ended) return
    const wait = this.#startedAt + GATHER_MS - this.#deps.now()
    if (wait <= 0 || this.#atOnce) void this.#send()
    else if (this.#doing === 'nothing') this.#later(Math.min(wait, GATHER_MS))
  }

  /** Whether a telling is under way, or follows within half a second. */
  get isBusy(): boolean {
    return this.#doing !== 'nothing'
  }

  /** Whether what is given is known to be delivered. After a wake only an open socket may remember. */
  delivered(row: ConversationRow): boolean {
    return this.#told >= row.rev
  }

  get #told(): number {
    this.#toldRev ??= this.#deps.told()
    return this.#toldRev
  }

  /** From the alarm: tells once more what is not known to be delivered. Answers whether all is well. */
  async settle(row: ConversationRow): Promise<boolean> {
    if (this.delivered(row)) return true
    this.#latest = () => row
    this.#urgent = true
    await this.#send()
    return this.delivered(row)
  }

  /** CV12: tells nothing any more; resolves when nothing is under way. */
  async end(): Promise<void> {
    this.#ended = true
    await this.#telling
  }

  #later(ms: number): void {
    this.#doing = 'gathering'
    const gathered = this.#tellings
    this.#deps.after(ms, () => gathered === this.#tellings && void this.#send())
  }

  #send(): Promise<void> {
    if (!this.#latest || this.#ended) return Promise.resolve()
    this.#telling = this.#tell(this.#latest())
    return this.#telling
  }

  async #tell(row: ConversationRow): Promise<void> {
    const urgent = this.#urgent
    this.#doing = 'telling'
    this.#tellings += 1
    this.#urgent = false
    this.#atOnce = false
    this.#startedAt = this.#deps.now()
    try {
      const policies = await this.#deps.tell(row, urgent)
      this.#toldRev = Math.max(this.#told, row.rev)
      this.#deps.noteTold(this.#toldRev)
      if (policies) this.#deps.instructed(policies)
    } catch (error) {
      this.#urgent ||= urgent
      this.#deps.report('the inbox could not be told', error)
    }
    this.#doing = 'nothing'
    // Something came while this was under way; after a failure the safety alarm takes over.
    const latest = this.#latest
    if (latest && latest().rev > row.rev) this.changed(latest, this.#urgent)
  }
}
