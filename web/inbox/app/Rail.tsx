import { A, useLocation } from '@solidjs/router'
import { For } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import Settings from '~icons/lucide/settings'
import { VIEWS } from '../../../core/conversation/filter.ts'
import { MeMenu } from './MeMenu.tsx'
import styles from './Rail.module.css'
import { VIEW_WORDS } from './views.ts'

/** The way around: views of the inbox, settings, oneself. A bar at the foot on small screens. */
export function Rail() {
  const location = useLocation()
  const here = (path: string) => location.pathname.startsWith(`/dashboard${path}`)
  return (
    <nav class={styles.rail} aria-label="Main">
      <ul class={styles.views}>
        <For each={VIEWS}>
          {(view) => (
            <li>
              <A
                href={`/inbox/${view}`}
                class={styles.link}
                aria-label={VIEW_WORDS[view].name}
                aria-current={here(`/inbox/${view}`) ? 'page' : undefined}
                data-tip={VIEW_WORDS[view].name}
                data-tip-side="end"
              >
                <Dynamic component={VIEW_WORDS[view].icon} aria-hidden="true" />
              </A>
            </li>
          )}
        </For>
      </ul>
      <A
        href="/settings/members"
        class={styles.link}
        aria-label="Settings"
        aria-current={here('/settings') ? 'page' : undefined}
        data-tip="Settings"
        data-tip-side="end"
      >
        <Settings aria-hidden="true" />
      </A>
      <MeMenu />
    </nav>
  )
}
