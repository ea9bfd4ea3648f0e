/** How entries of a timeline stand together: days, and runs of one author that grow into one another. */
import type { Entry } from '../../../core/conversation/entries.ts'
import { MINUTE_MS } from '../../../core/durations.ts'
import { sameDay } from '../../lib/times.ts'

/** Entries of one author this close together are one run. */
export const RUN_MS = 5 * MINUTE_MS

export interface Place {
  /** A new day begins here. */
  newDay: boolean
  /** First and last of its run. */
  first: boolean
  last: boolean
}

type Neighbour = Pick<Entry, 'at' | 'author' | 'type'> | undefined

/** Where an entry stands between its neighbours. */
export function placeOf(previous: Neighbour, entry: Pick<Entry, 'at' | 'author' | 'type'>, next: Neighbour): Place {
  return {
    newDay: !previous || !sameDay(previous.at, entry.at),
    first: !continues(previous, entry),
    last: !continues(entry, next),
  }
}

function continues(previous: Neighbour, entry: Neighbour): boolean {
  return (
    previous !== undefined &&
    entry !== undefined &&
    previous.author === entry.author &&
    previous.type === entry.type &&
    entry.at - previous.at < RUN_MS &&
    sameDay(previous.at, entry.at)
  )
}
