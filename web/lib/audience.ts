import { type Entry, isTeam } from '../../core/conversation/entries.ts'
import type { Cursors } from '../../core/conversation/record.ts'
import { apply, applyPublic, type ConversationState, emptyPublic, emptyState } from '../../core/conversation/state.ts'
import type { ConversationId } from '../../core/ids.ts'

/** For whom a conversation is followed. A value of its own, so that the widget ships nothing of the team's. */
export interface Audience {
  /** Which mark tells how far this side has read. */
  cursor: keyof Cursors
  /** Before any entry. */
  empty(id: ConversationId): ConversationState
  /** After one more entry. */
  apply(state: ConversationState, entry: Entry): ConversationState
}

/** The visitor: public entries alone, and no team state. */
export const publicAudience: Audience = {
  cursor: 'visitor',
  empty: (id) => ({ public: emptyPublic(id), team: null }),
  apply: (state, entry) => (isTeam(entry) ? state : { public: applyPublic(state.public, entry), team: null }),
}

/** Members and keys: both logs. */
export const teamAudience: Audience = { cursor: 'agents', empty: (id) => emptyState(id, 'team'), apply }
