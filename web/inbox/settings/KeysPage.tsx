import { createSignal, For, Show } from 'solid-js'
import type { ApiKey } from '../../../core/api/keys.ts'
import { relativeTime } from '../../lib/times.ts'
import { Button } from '../../ui/Button.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { createListing } from './createListing.ts'
import { KeyDialog } from './KeyDialog.tsx'
import { ListingShow } from './ListingShow.tsx'
import styles from './Settings.module.css'

/** /dashboard/settings/keys: what programs may do here (AP1). */
export function KeysPage() {
  const session = useSession()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const keys = createListing<ApiKey>(session.request, '/api/v1/keys')
  const [making, setMaking] = createSignal(false)
  const [revoking, setRevoking] = createSignal<ApiKey | null>(null)
  createTitle(() => 'API keys')

  async function revoke(key: ApiKey) {
    await attempt(async () => {
      await session.request('DELETE', `/api/v1/keys/${key.id}`, {})
      notify(`The key ${key.name} no longer works.`)
    })
    setRevoking(null)
    void keys.refresh()
  }

  return (
    <section class={styles.section}>
      <div class={styles.head}>
        <div>
          <h2>API keys</h2>
          <p>
            With a key, a program can do what its scopes allow. Every operation stands in{' '}
            <a href="/openapi.json" target="_blank" rel="noopener">
              the API’s description
            </a>
            .
          </p>
        </div>
        <Button kind="primary" onClick={() => setMaking(true)}>
          Make key
        </Button>
      </div>
      <ListingShow listing={keys.listing()} label="API keys" onRetry={() => void keys.refresh()}>
        {(list) => (
          <Show
            when={list().length > 0}
            fallback={
              <p class={styles.none}>No key yet. Make one for each program, so that each can be revoked alone.</p>
            }
          >
            <ul class={styles.list} aria-label="API keys">
              <For each={list()}>{(key) => <KeyLine apiKey={key} onRevoke={() => setRevoking(key)} />}</For>
            </ul>
          </Show>
        )}
      </ListingShow>
      <Show when={making()}>
        <KeyDialog onIssued={() => void keys.refresh()} onClose={() => setMaking(false)} />
      </Show>
      <Show when={revoking()} keyed>
        {(key) => (
          <ConfirmDialog
            title={`Revoke ${key.name}?`}
            action="Revoke key"
            onConfirm={() => revoke(key)}
            onClose={() => setRevoking(null)}
          >
            Programs that use it are refused from this moment. What it wrote stays. A revoked key cannot be brought
            back.
          </ConfirmDialog>
        )}
      </Show>
    </section>
  )
}

function KeyLine(props: { apiKey: ApiKey; onRevoke(): void }) {
  const inbox = useInbox()
  const used = () => {
    const { lastUsedAt } = props.apiKey
    return lastUsedAt === null ? 'never used' : `last used ${relativeTime(lastUsedAt)}`
  }
  return (
    <li class={styles.item}>
      <div class={styles.who}>
        <bdi>{props.apiKey.name}</bdi>
        <span>
          <code dir="ltr">{props.apiKey.hint}…</code> · {used()} · made by{' '}
          {inbox.members.nameOf(props.apiKey.createdBy)}
        </span>
        <span dir="ltr">{props.apiKey.scopes.join(', ')}</span>
      </div>
      <Button kind="quiet" aria-label={`Revoke ${props.apiKey.name}`} onClick={() => props.onRevoke()}>
        Revoke
      </Button>
    </li>
  )
}
