import { useNavigate } from '@solidjs/router'
import { createContext, createSignal, onCleanup, type ParentProps, untrack, useContext } from 'solid-js'
import { DEFAULT_POLICIES } from '../../../core/conversation/policy.ts'
import { type MemberId, memberOf } from '../../../core/ids.ts'
import type { Right, Role } from '../../../core/rights.ts'
import { useNotify } from '../../ui/Notices.tsx'
import { createDrafts, type Drafts } from '../composer/createDrafts.ts'
import { createOpenConversations, type OpenConversations } from '../conversation/createOpenConversations.ts'
import { createRows, type Rows } from '../list/createRows.ts'
import { createMembers, type Members } from '../members/createMembers.ts'
import { createPrograms, type Programs } from '../members/createPrograms.ts'
import { claim } from '../notify/claim.ts'
import { createDoor } from '../notify/createDoor.ts'
import { createOutlets } from '../notify/outlets.ts'
import type { SessionControl } from '../session/createSession.ts'
import { useMe, useSession } from '../session/SessionProvider.tsx'
import type { Place } from '../timeline/createScroll.ts'
import { type Channels, createChannels } from './createChannels.ts'
import { createPreferences, type Preferences } from './createPreferences.ts'

/** What all signed-in pages share; lives as long as somebody works in a workspace. */
export interface InboxState {
  me: MemberId
  /** As they are by now: an administrator may change them while the page is open (PR2). */
  role(): Role
  rights(): readonly Right[]
  rows: Rows
  members: Members
  programs: Programs
  drafts: Drafts
  conversations: OpenConversations
  channels: Channels
  preferences: Preferences
  /** After how many milliseconds without a touch this dashboard is away (⚙). */
  awayAfterMs(): number
  /** Where one left each conversation that one did not leave at its end. */
  places: Map<string, Place>
  /** Says which conversation is open on this page, or that none is. */
  show(conversation: string | null): void
}

const InboxContext = createContext<InboxState>()

/** Makes it known to every signed-in page. @param props `state`: another one, for tests */
export function InboxProvider(props: ParentProps<{ state?: InboxState }>) {
  const state = props.state ?? createInboxState()
  return <InboxContext.Provider value={state}>{props.children}</InboxContext.Provider>
}

/** What the signed-in pages share, below `InboxProvider`. */
export function useInbox(): InboxState {
  const state = useContext(InboxContext)
  if (!state) throw new Error('useInbox is called outside of InboxProvider')
  return state
}

// What was typed in one workspace waits while one works in another.
const draftsOf = new Map<MemberId, Drafts>()

function createInboxState(): InboxState {
  const session = useSession()
  const navigate = useNavigate()
  const present = useMe()
  const { membership } = present()
  const me = memberOf(`agent:${membership.member}`)
  if (!me) throw new Error('a membership always names its member')
  const [shown, show] = createSignal<string | null>(null)
  const [awayAfterMs, setAwayAfterMs] = createSignal(DEFAULT_POLICIES.awayAfterMs)
  const preferences = createPreferences(me)
  const members = createMembers(session.request)
  const programs = createPrograms(session.request)
  const channels = createChannels(session.request)
  const open = (id: string) => navigate(`/inbox/all?id=${id}`)
  const outlets = createOutlets({ notify: useNotify(), shown, open })
  const offer = createDoor({ me, preferences, shown, outlets, claim })
  const rows = createRows({
    workspace: membership.workspace.id,
    me,
    request: session.request,
    onUnauthorized: session.expire,
    // The session itself knows where this person may still work.
    onForbidden: () => void session.load(),
    onRights: followRights(session),
    onMembers: members.hear,
    onPolicy: (policy) => setAwayAfterMs(policy.awayAfterMs),
    onChanged: (what) => void (what === 'members' ? members : channels).refresh(),
    onNews: (row) => void offer(row),
  })
  const endRenewals = session.onRenewed(rows.reconnect)
  onCleanup(() => {
    endRenewals()
    rows.close()
  })
  const drafts = draftsOf.get(me) ?? createDrafts()
  draftsOf.set(me, drafts)
  const conversations = createOpenConversations(session)
  const places = new Map<string, Place>()
  const role = () => present().membership.role
  const rights = () => present().membership.rights
  return {
    ...{ me, role, rights, rows, members, programs, drafts, conversations, channels, preferences, awayAfterMs, places },
    show,
  }
}

/**
 * What this page offers follows what one may do (PR2). Whose role or rights change is connected anew, and is told the
 * rights alone: a role that gives no others is known by the session only.
 */
function followRights(session: Pick<SessionControl, 'membership' | 'load'>): (rights: readonly Right[]) => void {
  let connected = false
  return (rights) => {
    if (connected || rights.join() !== untrack(session.membership)?.rights.join()) void session.load()
    connected = true
  }
}
