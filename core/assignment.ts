/**
 * Who is given a conversation that nobody has (CV6 ⚙). Pure: who is there, what each has and whose turn it was come
 * from the inbox object, and a conversation that somebody took meanwhile is not given (`decide`).
 */
import type { Status } from './conversation/entries.ts'
import type { ChannelPolicy } from './conversation/policy.ts'
import type { MemberId } from './ids.ts'
import type { Availability } from './protocol/inboxFrames.ts'

/** One member as a possible assignee. */
export interface Candidate {
  member: MemberId
  availability: Availability
  disabled: boolean
  /** Open conversations, of all channels. */
  open: number
  /** When they were last chosen, rising from one choice to the next; 0 for never. */
  turn: number
}

/** Open, for a person to answer, and nobody's: what waits to be taken or given. */
export function isNobodys(status: Status, assignee: MemberId | null): boolean {
  return assignee === null && (status === 'waiting_human' || status === 'active_human')
}

/**
 * Whom a conversation is given to, or null where nobody may be given it now: automatic assignment is off, nobody is
 * available, or everybody has the maximum.
 * @param had who had it last: they are given it again only where nobody else can be
 */
export function choose(
  { autoAssign, maxOpen }: Pick<ChannelPolicy, 'autoAssign' | 'maxOpen'>,
  candidates: readonly Candidate[],
  had: MemberId | null = null,
): MemberId | null {
  if (autoAssign === 'off') return null
  const free = candidates.filter(
    ({ availability, disabled, open }) =>
      availability === 'available' && !disabled && (maxOpen === null || open < maxOpen),
  )
  const others = free.filter(({ member }) => member !== had)
  const order = autoAssign === 'least_busy' ? byLoad : byTurn
  return (others.length > 0 ? others : free).toSorted(order)[0]?.member ?? null
}

/** Whose turn is the longest ago; of two who never had one, always the same first. */
function byTurn(a: Candidate, b: Candidate): number {
  return a.turn - b.turn || (a.member < b.member ? -1 : 1)
}

function byLoad(a: Candidate, b: Candidate): number {
  return a.open - b.open || byTurn(a, b)
}
