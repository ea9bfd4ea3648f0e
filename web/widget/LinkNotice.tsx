import { createSignal, Show } from 'solid-js'
import { listen } from '../lib/listen.ts'
import type { Visit } from './createVisit.ts'

/**
 * Says what became of the conversation (CV12), and what the connection is doing;
 * connecting only once that takes longer than a moment (the style sheet delays it).
 */
export function LinkNotice(props: { link: ReturnType<Visit['link']>; ended: boolean }) {
  const [online, setOnline] = createSignal(navigator.onLine)
  const look = (): void => void setOnline(navigator.onLine)
  listen(window, ['online', 'offline'], look)
  const sentence = (): string | null => {
    if (props.link === 'unavailable' || props.link === 'closed') return 'This chat is not available right now.'
    if (props.link === 'live' || props.link === 'gone')
      return props.ended ? 'This conversation was removed. What you write begins a new one.' : null
    if (props.link === 'deleting') return 'This conversation is being removed. What you write is kept.'
    if (!online()) return 'You are offline. We reconnect as soon as you are back.'
    return props.link === 'waiting' ? 'The connection was lost. Trying again…' : 'Connecting…'
  }
  return (
    <div role="status" class="link-notice-place">
      <Show when={sentence()}>
        {(text) => (
          <p class="link-notice" data-state={props.link}>
            {text()}
          </p>
        )}
      </Show>
    </div>
  )
}
