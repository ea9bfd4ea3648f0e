import type { Notify } from '../../ui/Notices.tsx'
import type { Announcement, Outlets } from './createDoor.ts'
import { ring } from './sound.ts'

/** A message stays readable a little longer than a confirmation. */
const TOAST_MS = 8_000

interface OutletsDeps {
  notify: Notify
  /** The conversation that is open on this page, or null; reactive. */
  shown(): string | null
  open(conversation: string): void
}

/** How an agent is told: on the page, by ear, and by the browser. */
export function createOutlets({ notify, shown, open }: OutletsDeps): Outlets {
  return {
    toast: (news) =>
      notify(news.text, 'plain', {
        title: news.name,
        lastsMs: TOAST_MS,
        over: () => shown() === news.conversation,
        action: { label: 'Open', run: () => open(news.conversation) },
      }),
    sound: ring,
    browser: (news) => showByBrowser(news, open),
  }
}

function showByBrowser(news: Announcement, open: OutletsDeps['open']): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
  // One per conversation: a newer message replaces the one before.
  const shown = new Notification(news.name, { body: news.text, tag: news.conversation, icon: '/icon-unread.svg' })
  shown.onclick = () => {
    focus()
    open(news.conversation)
    shown.close()
  }
}
