import { createResource, Show } from 'solid-js'
import type { Channel } from '../../../core/api/channels.ts'
import { CopyField } from '../../ui/CopyField.tsx'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { useSession } from '../session/SessionProvider.tsx'
import { snippetOf } from './snippet.ts'
import styles from './Welcome.module.css'
import { Welcome } from './Welcome.tsx'

/** After the set-up: what to put on the website, and where to look first. */
export function SetupDone() {
  const session = useSession()
  const [channels] = createResource(() => session.request<{ list: Channel[] }>('GET', '/api/v1/channels'))
  const channel = () => (channels.error ? undefined : channels()?.list[0])
  return (
    <Welcome
      title="Foyer is ready"
      lead="You are signed in. One line on your website, and visitors can write to you."
      wide
    >
      <Show
        when={channel()}
        fallback={
          <Show when={channels.error} fallback={<Skeleton label="Loading the snippet" rows={2} shape="line" />}>
            <p>
              Copy the line for your website from <a href="/dashboard/settings/channels">Settings → Channels</a>.
            </p>
          </Show>
        }
      >
        {(present) => (
          <div class={styles.short}>
            <CopyField label="Paste this before </body> on every page" text={snippetOf(present().id)} action="Copy" />
            <p class={styles.aside}>
              It works on <bdi>{present().origins.join(', ')}</bdi>.
            </p>
          </div>
        )}
      </Show>
      <div class={styles.next}>
        <a href="/demo" target="_blank" rel="noopener">
          Open the demo shop
        </a>
        <a href="/dashboard/inbox/all" data-main="">
          Open the inbox
        </a>
      </div>
    </Welcome>
  )
}
