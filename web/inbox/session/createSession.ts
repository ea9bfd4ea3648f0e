/**
 * Who is signed in, and where they work: the one place that knows. Every 401, of a call or of a socket, ends up in
 * `expire`; what was asked then waits until the same person has signed in again, and goes on as if nothing had
 * happened.
 */
import { createSignal, untrack } from 'solid-js'
import type { Session } from '../../../core/api/accounts.ts'
import { ApiProblem, api, type Method } from '../../lib/api.ts'
import { apiFile } from '../../lib/apiFile.ts'
import { createChoice } from './createChoice.ts'

export type SessionState =
  | { status: 'loading' }
  /** The server could not be asked. */
  | { status: 'unreachable'; message: string }
  | { status: 'signed_out' }
  | { status: 'signed_in'; session: Session }
  /** Was signed in on this page; everything on it stays while the person signs in again. */
  | { status: 'expired'; session: Session }

export interface SessionControl {
  state(): SessionState
  /** Asks the server who this browser is. */
  load(): Promise<void>
  signIn(email: string, password: string): Promise<void>
  signOut(): Promise<void>
  /** Ends all sessions of this person, on every device. */
  signOutEverywhere(): Promise<void>
  /** Where this person works now: the workspace chosen last in this browser, else the first; null without any. */
  membership(): Session['memberships'][number] | null
  /** Goes on in another workspace of theirs. Remembered. */
  choose(workspace: string): void
  /** Takes a session that another call was answered with: set-up, invitation. */
  adopt(session: Session): void
  /** The server no longer takes the cookie of this browser. */
  expire(): void
  /** Calls back after each renewal of an expired session; answers the function that ends it. */
  onRenewed(listener: () => void): () => void
  /** Calls the API for the signed-in workspace. A call that finds the session expired waits and is repeated. */
  request<T>(method: Method, path: string, body?: object): Promise<T>
  /** The same for a file. */
  file(path: string): Promise<Blob>
}

export function createSession(): SessionControl {
  const [state, setState] = createSignal<SessionState>({ status: 'loading' })
  const { membership, choose } = createChoice(() => memberships(state()))
  const listeners = new Set<() => void>()

  async function leave(path: string): Promise<void> {
    await api('DELETE', path, { body: {} })
    setState({ status: 'signed_out' })
  }

  function adopt(session: Session): void {
    const before = state()
    if (before.status !== 'expired') {
      setState({ status: 'signed_in', session })
      return
    }
    // Somebody else's page must not become theirs with everything on it.
    if (before.session.user.id !== session.user.id) {
      location.reload()
      return
    }
    setState({ status: 'signed_in', session })
    for (const listener of [...listeners]) listener()
  }

  function expire(): void {
    // Untracked: an effect that calls this because a link is down must not run again when the session is renewed,
    // before the link has had its turn.
    const now = untrack(state)
    if (now.status === 'signed_in') setState({ status: 'expired', session: now.session })
  }

  function onRenewed(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  async function load(): Promise<void> {
    try {
      adopt(await api<Session>('GET', '/api/v1/session'))
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      // An open page keeps what is on it, whatever the answer.
      if ('session' in state()) return
      if (error.problem.status === 401) setState({ status: 'signed_out' })
      else setState({ status: 'unreachable', message: error.problem.detail })
    }
  }

  async function signedIn<T>(ask: (workspace: string | undefined) => Promise<T>): Promise<T> {
    try {
      return await ask(untrack(membership)?.workspace.id)
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.status !== 401 || !('session' in state())) throw error
      expire()
      await renewal()
      return signedIn(ask)
    }
  }

  function renewal(): Promise<void> {
    return new Promise((resolve) => {
      const end = onRenewed(() => {
        end()
        resolve()
      })
    })
  }

  return {
    state,
    load,
    adopt,
    expire,
    onRenewed,
    request: (method, path, body) =>
      signedIn((workspace) => api(method, path, { ...(body && { body }), ...(workspace && { workspace }) })),
    file: (path) => signedIn((workspace) => apiFile(path, workspace)),
    signIn: async (email, password) =>
      adopt(await api<Session>('POST', '/api/v1/session', { body: { email, password } })),
    signOut: () => leave('/api/v1/session'),
    signOutEverywhere: () => leave('/api/v1/sessions'),
    membership,
    choose,
  }
}

function memberships(state: SessionState): Session['memberships'] {
  return 'session' in state ? state.session.memberships : []
}
