import { createContext, createSignal, For, onCleanup, type ParentProps, useContext } from 'solid-js'
import X from '~icons/lucide/x'
import { IconButton } from './Button.tsx'
import styles from './Notices.module.css'

interface Notice {
  key: number
  text: string
  tone: 'plain' | 'bad'
}

type Notify = (text: string, tone?: Notice['tone']) => void

const SHOWN_MS = 6_000

const NoticesContext = createContext<Notify>()

/** Shows short sentences at the foot of the page, read out by screen readers. They go by themselves. */
export function NoticesProvider(props: ParentProps) {
  const [notices, setNotices] = createSignal<Notice[]>([])
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let last = 0
  const dismiss = (key: number) => setNotices((list) => list.filter((notice) => notice.key !== key))
  const notify: Notify = (text, tone = 'plain') => {
    last += 1
    const key = last
    setNotices((list) => [...list.filter((notice) => notice.text !== text), { key, text, tone }].slice(-3))
    timers.add(setTimeout(() => dismiss(key), SHOWN_MS))
  }
  onCleanup(() => timers.forEach(clearTimeout))
  return (
    <NoticesContext.Provider value={notify}>
      {props.children}
      <div class={styles.region} role="status" aria-label="Notices">
        <For each={notices()}>
          {(notice) => (
            <div class={styles.notice} data-tone={notice.tone}>
              <span>{notice.text}</span>
              <IconButton label="Dismiss" tipSide="start" onClick={() => dismiss(notice.key)}>
                <X aria-hidden="true" />
              </IconButton>
            </div>
          )}
        </For>
      </div>
    </NoticesContext.Provider>
  )
}

/** The function that shows a notice. */
export function useNotify(): Notify {
  const notify = useContext(NoticesContext)
  if (!notify) throw new Error('useNotify is called outside of NoticesProvider')
  return notify
}
