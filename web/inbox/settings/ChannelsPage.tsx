import { For } from 'solid-js'
import type { Channel } from '../../../core/api/channels.ts'
import { CopyField } from '../../ui/CopyField.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { snippetOf } from '../welcome/snippet.ts'
import { createListing } from './createListing.ts'
import { ListingShow } from './ListingShow.tsx'
import styles from './Settings.module.css'

/** /dashboard/settings/channels: where conversations arrive, and the line that puts the widget on a website. */
export function ChannelsPage() {
  const { request } = useSession()
  const channels = createListing<Channel>(request, '/api/v1/channels')
  createTitle(() => 'Channels')
  return (
    <section class={styles.section}>
      <div class={styles.head}>
        <div>
          <h2>Channels</h2>
          <p>
            Where conversations arrive. Try the chat in the{' '}
            <a href="/demo" target="_blank" rel="noopener">
              demo shop
            </a>
            .
          </p>
        </div>
      </div>
      <ListingShow listing={channels.listing()} label="channels" onRetry={() => void channels.refresh()}>
        {(list) => (
          <For each={list()}>
            {(channel) => (
              <article class={styles.card} aria-label={channel.name}>
                <dl class={styles.facts}>
                  <dt>Name</dt>
                  <dd>
                    <bdi>{channel.name}</bdi>
                  </dd>
                  <dt>Allowed websites</dt>
                  <dd>
                    <For each={channel.origins}>{(origin) => <div dir="ltr">{origin}</div>}</For>
                  </dd>
                </dl>
                <CopyField
                  label="Paste this before </body> on every page"
                  text={snippetOf(channel.id)}
                  action="Copy snippet"
                />
              </article>
            )}
          </For>
        )}
      </ListingShow>
    </section>
  )
}
