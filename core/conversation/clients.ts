/**
 * Recognises a command that was sent before (DL2) without an index and without a table: for the newest writers
 * the record keeps how far each has counted and where the logs stood when it first wrote. Anything that might be
 * known already is looked for in the logs from there on, never assumed.
 */
import { type Author, type ClientId, parseClientId } from '../ids.ts'
import type { ConversationRecord } from './record.ts'

/** One page load or API client of one author. */
export interface ClientCounter {
  author: Author
  instance: string
  /** The highest `n` taken from it. */
  last: number
  /** Log heads before its first entry: nothing of it stands earlier. */
  from: { public: number; team: number }
}

export const CLIENTS_KEPT = 64

export type Recognition = { seen: 'new' } | { seen: 'perhaps'; from: { public: number; team: number } }

/** Whether a command may stand in the logs already, and from which numbers on to look for it. */
export function recognise(
  clients: readonly ClientCounter[],
  author: Author,
  id: { instance: string; n: number },
  retry: boolean,
): Recognition {
  // What says of itself that it may have been sent before is looked for from the beginning: its writer may have been
  // forgotten and met again since, and then the heads kept for it are later than its entries.
  if (retry) return { seen: 'perhaps', from: { public: 0, team: 0 } }
  const known = clients.find((c) => c.instance === id.instance && c.author === author)
  if (!known) return { seen: 'new' }
  return id.n > known.last ? { seen: 'new' } : { seen: 'perhaps', from: known.from }
}

/** The counters after a command of this id was taken, which the record does not hold yet. */
export function clientsAfter(
  record: Pick<ConversationRecord, 'clients' | 'public' | 'team'>,
  author: Author,
  clientId: ClientId | undefined,
): ClientCounter[] {
  const id = clientId === undefined ? null : parseClientId(clientId)
  if (!id) return record.clients
  return countClient(record.clients, author, id, { public: record.public.head, team: record.team.head })
}

/** With one more that was taken: newest last, at most `CLIENTS_KEPT`. @param heads of the logs before it */
export function countClient(
  clients: readonly ClientCounter[],
  author: Author,
  id: { instance: string; n: number },
  heads: { public: number; team: number },
): ClientCounter[] {
  const known = clients.find((c) => c.instance === id.instance && c.author === author)
  const others = clients.filter((c) => c !== known)
  // An unknown writer that does not begin at 1 was perhaps forgotten, and has older entries than this one.
  const from = known?.from ?? (id.n === 1 ? heads : { public: 0, team: 0 })
  const counter = { author, instance: id.instance, last: Math.max(known?.last ?? 0, id.n), from }
  return [...others, counter].slice(-CLIENTS_KEPT)
}
