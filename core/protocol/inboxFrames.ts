/** The frames of the inbox socket: live rows for agents. Clients say nothing on it but pings. */
import type { ConversationRow } from '../conversation/row.ts'

export type InboxFrame =
  /** Rows that D1 may not have yet. Lay them over what the list answers: the higher revision wins. */
  | { type: 'welcome'; rows: ConversationRow[] }
  | { type: 'rows'; list: ConversationRow[] }
  /** No longer visible to this member. */
  | { type: 'removed'; id: string }
