import { createSignal, For, Show } from 'solid-js'
import type { Channel } from '../../../core/api/channels.ts'
import { CAPABILITIES } from '../../../core/channelKinds.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { useRight, useSession } from '../session/SessionProvider.tsx'
import { snippetOf } from '../welcome/snippet.ts'
import { ChannelDialog } from './ChannelDialog.tsx'
import { createListing } from './createListing.ts'
import { ListingShow } from './ListingShow.tsx'
import styles from './Settings.module.css'
import { Swatch } from './Swatch.tsx'

/** /dashboard/settings/channels: where conversations arrive, how the widget looks there, and the line that shows it. */
export function ChannelsPage() {
  const { request } = useSession()
  const inbox = useInbox()
  const notify = useNotify()
  const channels = createListing<Channel>(request, '/api/v1/channels')
  const [editing, setEditing] = createSignal<Channel | 'new' | null>(null)
  const mayManage = useRight('settings')
  createTitle(() => 'Channels')

  function saved() {
    notify(editing() === 'new' ? 'The channel was added.' : 'The channel was changed.')
    setEditing(null)
    void channels.refresh()
    void inbox.channels.refresh()
  }

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
        <Show when={mayManage()}>
          <Button kind="primary" onClick={() => setEditing('new')}>
            Add channel
          </Button>
        </Show>
      </div>
      <ListingShow listing={channels.listing()} label="channels" onRetry={() => void channels.refresh()}>
        {(list) => (
          <Show
            when={list().length > 0}
            fallback={<p class={styles.none}>No channel yet. Add one to put the chat on a website.</p>}
          >
            <For each={list()}>
              {(channel) => (
                <ChannelCard channel={channel} onEdit={mayManage() ? () => setEditing(channel) : undefined} />
              )}
            </For>
          </Show>
        )}
      </ListingShow>
      <Show when={editing()} keyed>
        {(channel) => (
          <ChannelDialog
            channel={channel === 'new' ? null : channel}
            onSaved={saved}
            onClose={() => setEditing(null)}
          />
        )}
      </Show>
    </section>
  )
}

function ChannelCard(props: { channel: Channel; onEdit: (() => void) | undefined }) {
  const capabilities = () => CAPABILITIES[props.channel.kind]
  return (
    <article class={styles.card} aria-label={props.channel.name}>
      <dl class={styles.facts}>
        <dt>Name</dt>
        <dd>
          <bdi>{props.channel.name}</bdi>
        </dd>
        <dt>Kind</dt>
        <dd>{capabilities().name}</dd>
        <Show when={capabilities().widget} fallback={<ById id={props.channel.id} />}>
          <OnWebsites channel={props.channel} />
        </Show>
      </dl>
      <Show when={capabilities().widget}>
        <CopyField
          label="Paste this before </body> on every page"
          text={snippetOf(props.channel.id)}
          action="Copy snippet"
        />
        <Show when={props.onEdit}>
          {(edit) => (
            <div>
              <Button aria-label={`Edit ${props.channel.name}`} onClick={() => edit()()}>
                Edit
              </Button>
            </div>
          )}
        </Show>
      </Show>
    </article>
  )
}

function OnWebsites(props: { channel: Channel }) {
  return (
    <>
      <dt>Allowed websites</dt>
      <dd>
        <For each={props.channel.origins}>{(origin) => <div dir="ltr">{origin}</div>}</For>
      </dd>
      <dt>Colour</dt>
      <dd class={styles.colour}>
        <Swatch colour={props.channel.colour} />
        {props.channel.colour}
      </dd>
      <dt>Greeting</dt>
      <dd>
        <Show when={props.channel.greeting} fallback="The widget's own words">
          {(greeting) => <bdi>{greeting()}</bdi>}
        </Show>
      </dd>
    </>
  )
}

/** A channel that was made by the API is filled by the API (CH8). */
function ById(props: { id: string }) {
  return (
    <>
      <dt>Filled by</dt>
      <dd>
        Programs, through the API. They name it <code>{props.id}</code>.
      </dd>
    </>
  )
}
