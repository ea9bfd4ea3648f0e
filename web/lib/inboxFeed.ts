import type { ConversationRow } from '../../core/conversation/row.ts'
import type {
  DashboardPolicy,
  InboxClientFrame,
  InboxFrame,
  Marker,
  MemberPresence,
  ViewCounts,
} from '../../core/protocol/inboxFrames.ts'
import type { Right } from '../../core/rights.ts'
import { connect, type LinkState } from './connection.ts'

type Heard<Type extends InboxFrame['type']> = Extract<InboxFrame, { type: Type }>

export interface InboxFeedOptions {
  workspace: string
  /** The whole first frame of every connect. Its parts are handed to the others as well, so most need only those. */
  onWelcome?: (welcome: Heard<'welcome'>) => void
  /**
   * Rows to lay over what is shown: the higher revision wins. Called for the overlay of each connect and for live rows.
   */
  onRows(rows: ConversationRow[]): void
  /** The conversation is no longer this member's to see. */
  onRemoved(id: string): void
  /** One's own markers: those that the list may not have yet, then those that move in other tabs. */
  onMarkers?: (markers: Marker[]) => void
  /** Everybody's presence; who is not named is offline. */
  onMembers?: (members: MemberPresence[]) => void
  /** The rights one holds, told at each connect. */
  onRights?: (rights: readonly Right[]) => void
  onCounts?: (counts: ViewCounts) => void
  onContact?: (contact: Heard<'contact'>['contact']) => void
  onBan?: (ban: Heard<'ban'>['ban']) => void
  onPolicy?: (policy: DashboardPolicy) => void
  /** Settings that others changed: to be asked for again. */
  onChanged?: (what: Heard<'changed'>['what']) => void
  /** After every `live` the list should be read again: what changed meanwhile may have left the overlay. */
  onState(state: LinkState, retryAt?: number): void
}

export interface InboxFeed {
  /** The end of a conversation has been on screen: its newest public number, and its visitor's messages so far. */
  read(id: string, upTo: { public: number; visitor: number }): void
  /** For oneself alone, until it is opened again (IB9). */
  markUnread(id: string): void
  /** Whether this dashboard is being looked at. Told again after every reconnect. */
  presence(state: 'here' | 'away'): void
  reconnect(): void
  close(): void
}

/**
 * The live side of a workspace's inbox. Connect first, then read the list: nothing falls between the two. What is told
 * while the link is down is told once it is up again, the newest word about each conversation only.
 */
export function createInboxFeed(options: InboxFeedOptions): InboxFeed {
  const url = `/api/v1/inbox/socket?workspace=${encodeURIComponent(options.workspace)}`
  const untold = new Map<string, InboxClientFrame>()
  let looked: InboxClientFrame | null = null

  const tell = (id: string, frame: InboxClientFrame): void => {
    if (connection.send(frame)) untold.delete(id)
    else untold.set(id, frame)
  }
  const tellAgain = (): void => {
    if (looked) connection.send(looked)
    for (const [id, frame] of [...untold]) tell(id, frame)
  }
  const connection = connect<InboxFrame>({
    url: () => url,
    onFrame: (frame) => {
      hear(options, frame)
      if (frame.type === 'welcome') tellAgain()
    },
    onState: options.onState,
  })
  return {
    read: (id, upTo) => tell(id, { type: 'read', id, ...upTo }),
    markUnread: (id) => tell(id, { type: 'mark_unread', id }),
    presence: (state) => {
      looked = { type: 'presence', state }
      connection.send(looked)
    },
    reconnect: () => connection.reconnect(),
    close: () => connection.close(),
  }
}

function hear(options: InboxFeedOptions, frame: InboxFrame): void {
  switch (frame.type) {
    case 'welcome':
      options.onWelcome?.(frame)
      options.onMembers?.(frame.members)
      options.onMarkers?.(frame.markers)
      options.onCounts?.(frame.counts)
      options.onPolicy?.(frame.policy)
      if (frame.rights) options.onRights?.(frame.rights)
      options.onRows(frame.rows)
      break
    case 'rows':
      options.onRows(frame.list)
      break
    case 'removed':
      options.onRemoved(frame.id)
      break
    case 'markers':
      options.onMarkers?.(frame.list)
      break
    case 'members':
      options.onMembers?.(frame.list)
      break
    case 'counts':
      options.onCounts?.(frame.counts)
      break
    case 'contact':
      options.onContact?.(frame.contact)
      break
    case 'ban':
      options.onBan?.(frame.ban)
      break
    case 'policy':
      options.onPolicy?.(frame.policy)
      break
    case 'changed':
      options.onChanged?.(frame.what)
  }
}
