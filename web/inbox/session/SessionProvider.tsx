import { createContext, createMemo, type JSX, type ParentProps, Show, useContext } from 'solid-js'
import type { Session } from '../../../core/api/accounts.ts'
import type { Right } from '../../../core/rights.ts'
import { createSession, type SessionControl } from './createSession.ts'

const SessionContext = createContext<SessionControl>()

/** Makes the session known to every page. It is asked for by whoever needs it: `load`. */
export function SessionProvider(props: ParentProps<{ control?: SessionControl }>) {
  return <SessionContext.Provider value={props.control ?? createSession()}>{props.children}</SessionContext.Provider>
}

/** The session, below `SessionProvider`. */
export function useSession(): SessionControl {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession is called outside of SessionProvider')
  return session
}

/** Whether one holds this right by now: an administrator may give and take it while the page is open (PR1, PR2). */
export function useRight(right: Right): () => boolean {
  const session = useSession()
  return () => session.membership()?.rights.includes(right) ?? false
}

/** A person in the workspace they work in. */
export interface Me {
  user: Session['user']
  membership: Session['memberships'][number]
}

const MeContext = createContext<() => Me>()

/** Renders its children once somebody is signed in and belongs to a workspace; stays while the session is expired. */
export function WithMe(props: { children: JSX.Element; fallback: JSX.Element }) {
  const session = useSession()
  const me = createMemo((): Me | null => {
    const state = session.state()
    const membership = session.membership()
    return 'session' in state && membership ? { user: state.session.user, membership } : null
  })
  return (
    <Show when={me()} fallback={props.fallback}>
      {(present) => <MeContext.Provider value={present}>{props.children}</MeContext.Provider>}
    </Show>
  )
}

/** Who is signed in, below `WithMe`. */
export function useMe(): () => Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('useMe is called outside of WithMe')
  return me
}
