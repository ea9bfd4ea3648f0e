/**
 * Gives to available agents what nobody has (CV6 ⚙). Decided here, because only this object knows who is there and what
 * is open; done by the conversation, which refuses where somebody was faster. Never awaited by a call of a
 * conversation: that one may be waiting for the answer. Everything it goes by is stored or connected, so it may be
 * asked at any moment, also by an object that has just woken.
 */
import { type Candidate, choose, isNobodys } from '../../core/assignment.ts'
import { assignsByItself, channelPolicy, type Policies } from '../../core/conversation/policy.ts'
import type { ConversationRow } from '../../core/conversation/row.ts'
import { report } from '../report.ts'
import { within } from '../within.ts'
import type { Conversations } from './conversations.ts'
import type { Dashboards } from './dashboards.ts'
import type { LivePolicies } from './policies.ts'
import type { Rights } from './rights.ts'
import { URGENT_MS } from './rows.ts'
import type { Turns, Unassigned } from './turns.ts'

const REMOTE_MS = 5_000
/** Conversations that are given at once. */
const AT_ONCE = 20
/** By then the alarm comes to see whether all was given: not before that of the row that began it. */
const SEEN_TO_MS = URGENT_MS

export interface AssigningDeps {
  turns: Turns
  policies: LivePolicies
  rights: Rights
  dashboards: Dashboards
  conversations: Conversations
  /** Called when something is decided, before it is done: the alarm must come even if nothing else does. */
  decided(): void
  /** A conversation said what it is. */
  learned(row: ConversationRow): void
}

/** A candidate, and what they were given and is not known to be theirs. */
interface Dealt extends Candidate {
  given: string[]
}

interface Decision {
  conversation: string
  to: Dealt
  turn: number
}

/** How it stands; changes while it is dealt. */
interface Table {
  policies: Policies
  members: Dealt[]
  waiting: Unassigned[]
  /** The newest turn. */
  turn: number
}

export class Assigning {
  readonly #deps: AssigningDeps
  #asked = false
  #isRunning = false
  #outcome: Promise<boolean> = Promise.resolve(true)
  /** Whether something may be left that nobody has. */
  #isLeft = true
  /** When what was decided is to be looked after; null: all is done; undefined: not known since this object woke. */
  #due: number | null | undefined = undefined

  constructor(deps: AssigningDeps) {
    this.#deps = deps
  }

  /** When the alarm is to look after what was decided, or null. */
  get due(): number | null {
    return this.#due ?? null
  }

  /**
   * Whether a row that changed may let something be given:
   * it is nobody's itself, or somebody may be free for another.
   */
  concerns({ status, assignee }: ConversationRow): boolean {
    return this.#isLeft || isNobodys(status, assignee)
  }

  /** From the alarm: what may have been decided and not done. Answers whether all is well. */
  settle(): Promise<boolean> {
    return this.#due === null ? Promise.resolve(true) : this.run()
  }

  /**
   * Something changed: who is there, what is open, or what was decided about it. Gives whatever can be given.
   * @returns whether all is well; where not, the alarm is to ask again
   */
  run(): Promise<boolean> {
    this.#asked = true
    if (!this.#isRunning) this.#outcome = this.#all()
    return this.#outcome
  }

  async #all(): Promise<boolean> {
    const failed = new Set<string>()
    this.#isRunning = true
    this.#isLeft = true
    let table: Table | null = null
    try {
      while (this.#asked) {
        this.#asked = false
        table = this.#table(failed)
        // What changes meanwhile lays a new table.
        for (let dealt = deal(table); dealt.length > 0; dealt = this.#asked ? [] : deal(table)) {
          this.#keep(dealt)
          await Promise.all(dealt.map((decision) => this.#give(decision, failed)))
        }
      }
      this.#isLeft = failed.size > 0 || table === null || table.waiting.length > 0
      this.#due = failed.size > 0 ? Date.now() : null
    } catch (error) {
      report('conversations could not be assigned', error)
      this.#due = Date.now()
    }
    this.#isRunning = false
    return this.#due === null
  }

  /**
   * Null where nothing is to be given: it is switched off,
   * or nobody is available. What waits is not looked for then.
   */
  #table(failed: ReadonlySet<string>): Table | null {
    const { turns, rights, dashboards } = this.#deps
    const policies = this.#deps.policies.now()
    const present = dashboards.presence()
    if (!assignsByItself(policies) || present.every(({ availability }) => availability !== 'available')) return null
    const waiting = turns.unassigned()
    if (waiting.length === 0) return { policies, members: [], waiting, turn: 0 }
    const [load, known, since] = [turns.load(), turns.all(), new Map(waiting.map((one) => [one.id, one.since]))]
    const members = present.map(({ member, availability }) => {
      const before = known.find((turn) => turn.member === member)
      // What is nobody's again since then was theirs, and is given anew.
      const given = before?.given.filter((id) => (since.get(id) ?? Number.POSITIVE_INFINITY) <= before.turn) ?? []
      // What could not be given just now may be theirs all the same.
      const perhaps = given.filter((id) => failed.has(id)).length
      return {
        ...{ member, availability, disabled: rights.isDisabled(member) },
        ...{ open: (load.get(member) ?? 0) + perhaps, turn: before?.turn ?? 0, given },
      }
    })
    // First what was decided before this object slept, and may have been done.
    const wasDecided = ({ id }: Unassigned) => members.some(({ given }) => given.includes(id))
    const rest = waiting.filter(({ id }) => !failed.has(id))
    const inOrder = [...rest.filter(wasDecided), ...rest.filter((one) => !wasDecided(one))]
    return { policies, members, waiting: inOrder, turn: Math.max(0, ...known.map(({ turn }) => turn)) }
  }

  #keep(dealt: readonly Decision[]): void {
    const members = new Set(dealt.map(({ to }) => to))
    this.#deps.turns.keep([...members].map(({ member, turn, given }) => ({ member, turn, given })))
    this.#due = Date.now() + SEEN_TO_MS
    this.#deps.decided()
  }

  async #give({ conversation, to, turn }: Decision, failed: Set<string>): Promise<void> {
    const { conversations, learned } = this.#deps
    try {
      const row = await within(REMOTE_MS, conversations.give(conversation, to.member, turn))
      // One that is not there any more will tell so itself.
      if (row) learned(row)
      if (row && isNobodys(row.status, row.assignee)) throw new Error('a conversation would not be given')
      if (row?.assignee !== to.member) to.open -= 1
      to.given = to.given.filter((id) => id !== conversation)
    } catch (error) {
      // Whether it was done is not known: it counts as theirs until it is.
      report('a conversation could not be given to anybody', error)
      failed.add(conversation)
    }
  }
}

/** Decides about some of what waits, and takes it from the table. */
function deal(table: Table | null): Decision[] {
  const [dealt, left]: [Decision[], Unassigned[]] = [[], []]
  if (!table) return dealt
  for (const one of table.waiting) {
    const to = dealt.length < AT_ONCE ? chosen(table, one) : null
    if (!to) {
      left.push(one)
      continue
    }
    table.turn = Math.max(table.turn + 1, Date.now())
    to.turn = table.turn
    to.open += 1
    to.given = [...to.given.filter((id) => id !== one.id), one.id]
    dealt.push({ conversation: one.id, to, turn: to.turn })
  }
  table.waiting = left
  return dealt
}

/**
 * To whom it goes: the same as before where it may have been done already,
 * so that nobody has one more than they may.
 */
function chosen({ policies, members }: Table, { id, channel, had }: Unassigned): Dealt | null {
  const policy = channelPolicy(policies, channel ?? '')
  const before = members.filter(({ given }) => given.includes(id))
  const member = choose(policy, before) ?? choose(policy, members, had)
  return members.find((one) => one.member === member) ?? null
}
