/** How far each side has read the public log. Moves without an entry and without a row of its own (DL6). */
import type { Actor } from './command.ts'
import type { Cursors } from './record.ts'

/** The cursors after one side saw up to a public number (a frame `seen`); never past the head, never backwards. */
export function markSeen(cursors: Cursors, kind: Actor['kind'], seen: number, head: number): Cursors {
  const to = Math.min(seen, head)
  const side = kind === 'visitor' ? 'visitor' : 'agents'
  return to > cursors[side] ? { ...cursors, [side]: to } : cursors
}
