import { createSignal, For, onCleanup, Show } from 'solid-js'
import type { Ban } from '../../../core/api/bans.ts'
import { type Author, memberOf } from '../../../core/ids.ts'
import { exactTime, relativeTime } from '../../lib/times.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'
import { useNotify } from '../../ui/Notices.tsx'
import { createTitle } from '../app/createTitle.ts'
import { useInbox } from '../app/InboxContext.tsx'
import { createAttempt } from '../form/createAttempt.ts'
import { nameOfContact } from '../list/preview.ts'
import { useSession } from '../session/SessionProvider.tsx'
import { ConfirmDialog } from '../settings/ConfirmDialog.tsx'
import { createPages } from '../settings/createPages.ts'
import { ListingShow } from '../settings/ListingShow.tsx'
import { MorePages } from '../settings/MorePages.tsx'
import settings from '../settings/Settings.module.css'
import { BanBadge } from './BanBadge.tsx'
import { NetworkDialog } from './NetworkDialog.tsx'

const SEARCH_PAUSE_MS = 250

/** What a ban is of, as people call it. */
function titleOf(ban: Ban): string {
  if (ban.scope === 'network' || !ban.contact) return ban.target
  return nameOfContact(ban.contact)
}

/** /dashboard/settings/bans: who is shut out, and why; and the way to let them in again (BN4). */
export function BansPage() {
  const { request } = useSession()
  const notify = useNotify()
  const { attempt } = createAttempt(notify)
  const pages = createPages<Ban>(request, '/api/v1/bans')
  const [search, setSearch] = createSignal('')
  const [adding, setAdding] = createSignal(false)
  const [lifting, setLifting] = createSignal<Ban | null>(null)
  let pause: ReturnType<typeof setTimeout> | undefined
  createTitle(() => 'Bans')
  onCleanup(() => clearTimeout(pause))

  function look(text: string) {
    setSearch(text)
    clearTimeout(pause)
    pause = setTimeout(
      () => void pages.show(text.trim() && `search=${encodeURIComponent(text.trim())}`),
      SEARCH_PAUSE_MS,
    )
  }

  async function lift(ban: Ban) {
    await attempt(async () => {
      await request('DELETE', `/api/v1/bans/${ban.id}`)
      notify(`The ban of ${titleOf(ban)} is lifted.`)
    }, 'not_found')
    setLifting(null)
    void pages.show()
  }

  return (
    <section class={settings.section}>
      <div class={settings.head}>
        <div>
          <h2>Bans</h2>
          <p>Who cannot start conversations, or whose messages do not pass. Visitors never learn the reason.</p>
        </div>
        <Button kind="primary" onClick={() => setAdding(true)}>
          Ban network
        </Button>
      </div>
      <TextField
        label="Search bans"
        type="search"
        placeholder="Name, email, network or reason"
        value={search()}
        onInput={(event) => look(event.currentTarget.value)}
      />
      <ListingShow listing={pages.listing()} label="bans" onRetry={() => void pages.show()}>
        {(list) => (
          <Show when={list().length > 0} fallback={<p class={settings.none}>{nobody(search())}</p>}>
            <ul class={settings.list} aria-label="Bans" aria-busy={pages.busy()}>
              <For each={list()}>{(ban) => <BanLine ban={ban} onLift={() => setLifting(ban)} />}</For>
            </ul>
            <MorePages pages={pages} />
          </Show>
        )}
      </ListingShow>
      <Show when={adding()}>
        <NetworkDialog
          onPlaced={(ban) => {
            setAdding(false)
            notify(`${ban.target} is banned.`)
            void pages.show()
          }}
          onClose={() => setAdding(false)}
        />
      </Show>
      <Show when={lifting()} keyed>
        {(ban) => (
          <ConfirmDialog
            title={`Lift the ban of ${titleOf(ban)}?`}
            action="Lift ban"
            onConfirm={() => lift(ban)}
            onClose={() => setLifting(null)}
          >
            They can write from this moment on, in whatever they have open.
          </ConfirmDialog>
        )}
      </Show>
    </section>
  )
}

function nobody(search: string): string {
  if (search.trim() !== '') return 'No ban has this in it. Search for something else.'
  return 'Nobody is banned. A visitor is banned from a conversation’s menu, a network from here.'
}

const SCOPES = { contact: 'Contact', device: 'Device', network: 'Network' } as const

function BanLine(props: { ban: Ban; onLift(): void }) {
  const { me, members, programs } = useInbox()
  const by = () => {
    const author = props.ban.createdBy as Author
    const member = memberOf(author)
    return member === me ? 'you' : member === null ? programs.nameOf(author) : members.nameOf(member)
  }
  const until = () => (props.ban.expiresAt === null ? 'until lifted' : `until ${exactTime(props.ban.expiresAt)}`)
  return (
    <li class={settings.item}>
      <div class={settings.who}>
        <bdi>{titleOf(props.ban)}</bdi>
        <span>
          {SCOPES[props.ban.scope]} · {until()} · by {by()}, {relativeTime(props.ban.createdAt)}
        </span>
        <Show when={props.ban.email}>{(email) => <span>Also whoever gives {email()}</span>}</Show>
        <Show when={props.ban.reason}>{(reason) => <span dir="auto">{reason()}</span>}</Show>
      </div>
      <BanBadge bans={[{ scope: props.ban.scope, kind: props.ban.kind, until: props.ban.expiresAt }]} />
      <Button kind="quiet" aria-label={`Lift the ban of ${titleOf(props.ban)}`} onClick={() => props.onLift()}>
        Lift
      </Button>
    </li>
  )
}
