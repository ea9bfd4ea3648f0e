import { useLocation } from '@solidjs/router'
import { For, type ParentProps, Suspense } from 'solid-js'
import { useMe, useRight } from '../session/SessionProvider.tsx'
import styles from './Settings.module.css'

const PLACES = [
  { path: '/dashboard/settings/profile', name: 'Profile', by: 'everybody' },
  { path: '/dashboard/settings/notifications', name: 'Notifications', by: 'everybody' },
  { path: '/dashboard/settings/members', name: 'Members', by: 'everybody' },
  { path: '/dashboard/settings/groups', name: 'Groups', by: 'administrators' },
  { path: '/dashboard/settings/channels', name: 'Channels', by: 'everybody' },
  { path: '/dashboard/settings/senders', name: 'Senders', by: 'everybody' },
  { path: '/dashboard/settings/bans', name: 'Bans', by: 'who may ban' },
  { path: '/dashboard/settings/policies', name: 'Policies', by: 'everybody' },
  { path: '/dashboard/settings/keys', name: 'API keys', by: 'administrators' },
  { path: '/dashboard/settings/audit-log', name: 'Audit log', by: 'administrators' },
] as const

/** The frame of the settings: where one is, and the page itself. */
export function SettingsPage(props: ParentProps) {
  const location = useLocation()
  const me = useMe()
  const mayBan = useRight('ban')
  const places = () =>
    PLACES.filter(
      ({ by }) => by === 'everybody' || me().membership.role !== 'agent' || (by === 'who may ban' && mayBan()),
    )
  return (
    <main class={styles.settings}>
      <nav class={styles.places} aria-label="Settings">
        <h1>Settings</h1>
        <ul>
          <For each={places()}>
            {(place) => (
              <li>
                <a href={place.path} aria-current={location.pathname === place.path ? 'page' : undefined}>
                  {place.name}
                </a>
              </li>
            )}
          </For>
        </ul>
      </nav>
      <div class={styles.scroll}>
        <div class={styles.page}>
          <Suspense>{props.children}</Suspense>
        </div>
      </div>
    </main>
  )
}
