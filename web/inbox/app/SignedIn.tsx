import { useLocation, useNavigate } from '@solidjs/router'
import { createEffect, Match, onMount, type ParentProps, Show, Switch } from 'solid-js'
import { Button } from '../../ui/Button.tsx'
import { KeySheet } from '../keyboard/KeySheet.tsx'
import { useSession, WithMe } from '../session/SessionProvider.tsx'
import { SignInAgain } from '../session/SignInAgain.tsx'
import { Attention } from './Attention.tsx'
import { InboxProvider } from './InboxContext.tsx'
import styles from './page.module.css'
import { Rail } from './Rail.tsx'

/** The frame of all pages that need somebody signed in; leads others to the sign-in page and back. */
export function SignedIn(props: ParentProps) {
  const session = useSession()
  const location = useLocation()
  const navigate = useNavigate()
  onMount(() => {
    if (!('session' in session.state())) void session.load()
  })
  createEffect(() => {
    if (session.state().status !== 'signed_out') return
    const to = location.pathname.replace(/^\/dashboard/, '') + location.search
    navigate(`/sign-in?to=${encodeURIComponent(to)}`, { replace: true })
  })
  return (
    <WithMe fallback={<Arriving />}>
      {/* Another workspace is another inbox: nothing of the one before may stay. */}
      <Show when={session.membership()?.workspace.id} keyed>
        <InboxProvider>
          <Attention />
          <KeySheet />
          <div class={styles.frame}>
            <Rail />
            {props.children}
          </div>
        </InboxProvider>
      </Show>
      <SignInAgain />
    </WithMe>
  )
}

/** Before it is known who this is: the frame alone, or why nobody can tell. */
function Arriving() {
  const session = useSession()
  const unreachable = () => {
    const state = session.state()
    return state.status === 'unreachable' ? state.message : null
  }
  return (
    <Switch>
      <Match when={unreachable()}>
        {(message) => (
          <main class={styles.lone}>
            <h1>Foyer cannot be reached</h1>
            <p>{message()}</p>
            <Button kind="primary" onClick={() => void session.load()}>
              Try again
            </Button>
          </main>
        )}
      </Match>
      <Match when={session.state().status === 'signed_in'}>
        <main class={styles.lone}>
          <h1>You are not a member of a workspace</h1>
          <p>Ask an administrator to invite you.</p>
          <Button onClick={() => void session.signOut()}>Sign out</Button>
        </main>
      </Match>
    </Switch>
  )
}
