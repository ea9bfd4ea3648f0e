import { createEffect, onCleanup } from 'solid-js'
import { createIdleReports } from '../members/createIdleReports.ts'
import { countText } from './countText.ts'
import { countInTitle } from './createTitle.ts'
import { useInbox } from './InboxContext.tsx'

/** What the tab tells of the inbox (IB7), and what it tells the others of oneself. Shows nothing on the page. */
export function Attention() {
  const { rows, awayAfterMs } = useInbox()
  const unread = () => rows.count('unread') ?? 0
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const plain = icon?.getAttribute('href') ?? ''
  createEffect(() => countInTitle(unread() > 0 ? countText(unread()) : ''))
  createEffect(() => icon?.setAttribute('href', unread() > 0 ? '/icon-unread.svg' : plain))
  onCleanup(() => {
    countInTitle('')
    icon?.setAttribute('href', plain)
  })
  createIdleReports(rows.presence, awayAfterMs)
  return null
}
