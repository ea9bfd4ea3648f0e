import { createContext, onCleanup, type ParentProps, useContext } from 'solid-js'
import type { Channel } from '../../../core/api/channels.ts'
import { type MemberId, memberOf } from '../../../core/ids.ts'
import { createDrafts, type Drafts } from '../composer/createDrafts.ts'
import { createOpenConversations, type OpenConversations } from '../conversation/createOpenConversations.ts'
import { createRows, type Rows } from '../list/createRows.ts'
import { createMembers, type Members } from '../members/createMembers.ts'
import { useMe, useSession } from '../session/SessionProvider.tsx'
import { createChannels } from './createChannels.ts'

/** What all signed-in pages share; lives as long as somebody is signed in. */
export interface InboxState {
  me: MemberId
  rows: Rows
  members: Members
  drafts: Drafts
  conversations: OpenConversations
  /** The channels of the workspace; undefined until they are read. */
  channels(): readonly Channel[] | undefined
}

const InboxContext = createContext<InboxState>()

export function InboxProvider(props: ParentProps<{ state?: InboxState }>) {
  const state = props.state ?? createInboxState()
  return <InboxContext.Provider value={state}>{props.children}</InboxContext.Provider>
}

export function useInbox(): InboxState {
  const state = useContext(InboxContext)
  if (!state) throw new Error('useInbox is called outside of InboxProvider')
  return state
}

function createInboxState(): InboxState {
  const session = useSession()
  const { membership } = useMe()()
  const me = memberOf(`agent:${membership.member}`)
  if (!me) throw new Error('a membership always names its member')
  const rows = createRows({
    workspace: membership.workspace.id,
    me,
    request: session.request,
    onUnauthorized: session.expire,
  })
  const endRenewals = session.onRenewed(rows.reconnect)
  onCleanup(() => {
    endRenewals()
    rows.close()
  })
  return {
    me,
    rows,
    members: createMembers(session.request),
    drafts: createDrafts(),
    conversations: createOpenConversations(session),
    channels: createChannels(session.request),
  }
}
