import { A, useLocation } from '@solidjs/router'
import { For } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import ChartColumn from '~icons/lucide/chart-column'
import Settings from '~icons/lucide/settings'
import { VIEWS } from '../../../core/conversation/filter.ts'
import { countText } from './countText.ts'
import { useInbox } from './InboxContext.tsx'
import { MeMenu } from './MeMenu.tsx'
import styles from './Rail.module.css'
import { VIEW_WORDS } from './views.ts'

/** The way around: views of the inbox, settings, oneself. A bar at the foot on small screens. */
export function Rail() {
  const location = useLocation()
  const { rows } = useInbox()
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
                aria-description={describe(rows.count(view))}
                aria-current={here(`/inbox/${view}`) ? 'page' : undefined}
                // Drawn by the stylesheet: as text it would stand in the name of the link.
                data-count={rows.count(view) ? countText(rows.count(view) ?? 0) : undefined}
                data-view={view}
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
        href="/reports/satisfaction"
        class={styles.link}
        aria-label="Satisfaction"
        aria-current={here('/reports') ? 'page' : undefined}
        data-tip="Satisfaction"
        data-tip-side="end"
      >
        <ChartColumn aria-hidden="true" />
      </A>
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

function describe(count: number | null): string | undefined {
  if (count === null) return undefined
  return count === 1 ? '1 conversation' : `${countText(count)} conversations`
}
