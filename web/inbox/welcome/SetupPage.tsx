import { createResource, createSignal, Match, Switch } from 'solid-js'
import type { NewInstallation, Session } from '../../../core/api/accounts.ts'
import { api } from '../../lib/api.ts'
import { Message } from '../../ui/Message.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { takeLinkToken } from './linkToken.ts'
import { SetupDone } from './SetupDone.tsx'
import { SetupForm } from './SetupForm.tsx'
import { Welcome } from './Welcome.tsx'

/** /dashboard/setup#token=…: the first run, which makes the owner, the workspace and the first channel. */
export function SetupPage() {
  const session = useSession()
  const token = takeLinkToken()
  const [installation] = createResource(() => api<{ setUp: boolean }>('GET', '/api/v1/installation'))
  const [done, setDone] = createSignal(false)
  createTitle(() => 'Set up')

  async function setUp(wishes: Omit<NewInstallation, 'token'>) {
    const body: NewInstallation = { token: token ?? '', ...wishes }
    const made = await api<Session>('POST', '/api/v1/installation', { body })
    session.adopt(made)
    setDone(true)
  }

  return (
    <Switch
      fallback={
        <Welcome title="Set up Foyer" lead="Three things, and you can chat with your visitors." wide>
          <SetupForm onSetUp={setUp} />
        </Welcome>
      }
    >
      <Match when={done()}>
        <SetupDone />
      </Match>
      <Match when={installation.error}>
        <Welcome title="Set up Foyer">
          <Message tone="bad">
            The server could not be asked how things stand. Load this page again in a moment.
          </Message>
        </Welcome>
      </Match>
      <Match when={installation.loading}>
        <Welcome title="Set up Foyer">
          <Skeleton label="Loading" rows={4} shape="line" />
        </Welcome>
      </Match>
      <Match when={installation()?.setUp}>
        <Welcome
          title="Foyer is already set up"
          lead="The first-run page works once. Sign in with your account, or ask the owner to invite you."
        >
          <a href="/dashboard/sign-in">Sign in</a>
        </Welcome>
      </Match>
      <Match when={token === null}>
        <Welcome title="Open the whole set-up link">
          <p>
            The secret part of the link is missing. Copy the whole link that was printed when Foyer was started, from{' '}
            <b>http</b> to the end, and open it here.
          </p>
        </Welcome>
      </Match>
    </Switch>
  )
}
