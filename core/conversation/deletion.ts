/**
 * Deleting a conversation (CV12): hidden at once, undone for half a minute, then gone. While it is being deleted every
 * other command is told that there is no such conversation.
 */
import { DAY_MS } from '../durations.ts'
import type { Author, ConversationId, WorkspaceId } from '../ids.ts'
import { type Refusal, type RefusalCode, refusal } from '../refusals.ts'
import { holds } from '../rights.ts'
import type { Actor, Agent, Command, Key, Verdict } from './command.ts'
import type { TeamEvent } from './entries.ts'
import type { ConversationRecord } from './record.ts'
import type { Deletion } from './state.ts'

/** How long a deletion can be undone. */
export const UNDO_MS = 30_000
/** How long after that a visitor looks again for what became of it: the purge has begun by then. */
const LOOK_AGAIN_MS = 5_000
/** How long a purged conversation is remembered as such: so long nothing that comes late brings it back. */
export const TOMBSTONE_MS = 90 * DAY_MS

/** What is left of a purged conversation: enough to say that it is gone. */
export interface Tombstone {
  id: ConversationId
  workspace: WorkspaceId
  /** Epoch milliseconds. */
  buriedAt: number
}

/** What the audit log keeps: nothing of what was said. */
export interface Receipt {
  workspace: WorkspaceId
  by: Author
  /** When it was deleted. */
  at: number
  entries: { public: number; team: number }
}

/** Epoch milliseconds from which on it cannot be undone. */
export function undoneUntil(deletion: Deletion): number {
  return deletion.at + UNDO_MS
}

/** Whether the time to undo is over, or the purge has begun by a clock that was ahead. */
export function isFinal({ team, purge }: Pick<ConversationRecord, 'team' | 'purge'>, now: number): boolean {
  return team.deletion !== null && (purge !== null || now >= undoneUntil(team.deletion))
}

export function receiptOf({ workspace, team, ...record }: ConversationRecord, deletion: Deletion): Receipt {
  return { workspace, ...deletion, entries: { public: record.public.head, team: team.head } }
}

/** PR1: with the right to, or with the scope. Refusals: `not_allowed`. */
export function deletedBy(actor: Agent | Key): Verdict<TeamEvent> {
  return mayDelete(actor) ? [{ type: 'conversation.deleted', body: {} }] : 'not_allowed'
}

/** Of one that is not being deleted. Refusals: `not_allowed`, `not_deleted`. */
export function restoredBy(actor: Agent | Key): RefusalCode {
  return mayDelete(actor) ? 'not_deleted' : 'not_allowed'
}

function mayDelete(actor: Agent | Key): boolean {
  return actor.kind === 'key' ? actor.scopes.includes('conversations:delete') : holds(actor, 'delete_conversations')
}

/**
 * What everybody is told who asks for anything while it is being deleted, also for what was answered before. A
 * visitor's browser keeps what it wrote and asks once more when it is known whether that was undone, as on a socket.
 */
export function hiddenFrom(deletion: Deletion, actor: Actor, now: number): Refusal {
  return refusal(
    'not_found',
    actor.kind === 'visitor' ? Math.max(now, undoneUntil(deletion)) + LOOK_AGAIN_MS : undefined,
  )
}

/** What can be done while it is being deleted. Refusals: `not_found`, `not_allowed`, `undo_over`. */
export function whileDeleting(
  record: ConversationRecord,
  deletion: Deletion,
  actor: Actor,
  command: Command,
  now: number,
): Verdict<TeamEvent> {
  if ((actor.kind !== 'agent' && actor.kind !== 'key') || command.type !== 'restore')
    return hiddenFrom(deletion, actor, now)
  if (!mayDelete(actor)) return 'not_allowed'
  return isFinal(record, now) ? 'undo_over' : [{ type: 'conversation.restored', body: {} }]
}
