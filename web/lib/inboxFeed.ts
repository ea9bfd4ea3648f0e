import type { ConversationRow } from '../../core/conversation/row.ts'
import type { InboxFrame } from '../../core/protocol/inboxFrames.ts'
import { type Connection, connect, type LinkState } from './connection.ts'

export interface InboxFeedOptions {
  workspace: string
  /** Rows to lay over what is shown: the higher revision wins. Called for the overlay of each connect and for live rows. */
  onRows(rows: ConversationRow[]): void
  /** The conversation is no longer this member's to see. */
  onRemoved(id: string): void
  /** After every `live` the list should be read again: what changed meanwhile may have left the overlay. */
  onState(state: LinkState, retryAt?: number): void
}

/** The live rows of a workspace's inbox. Connect first, then read the list: nothing falls between the two. */
export function createInboxFeed(options: InboxFeedOptions): Pick<Connection, 'reconnect' | 'close'> {
  const url = `/api/v1/inbox/socket?workspace=${encodeURIComponent(options.workspace)}`
  const hear = (frame: InboxFrame): void => {
    if (frame.type === 'removed') options.onRemoved(frame.id)
    else options.onRows(frame.type === 'welcome' ? frame.rows : frame.list)
  }
  return connect<InboxFrame>({ url: () => url, onFrame: hear, onState: options.onState })
}
