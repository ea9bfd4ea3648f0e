import {
  createContext,
  createEffect,
  createSignal,
  For,
  onCleanup,
  onMount,
  type ParentProps,
  Show,
  untrack,
  useContext,
} from 'solid-js'
import X from '~icons/lucide/x'
import { Button, IconButton } from './Button.tsx'
import styles from './Notices.module.css'

type Tone = 'plain' | 'bad'

export interface NoticeOptions {
  /** A line in bold above the text; the whole notice is then the button of its action. */
  title?: string
  action?: { label: string; run(): void }
  lastsMs?: number
  /** Shows how many seconds it stays, and takes the focus to its action: there is only so long to use it. */
  counted?: boolean
  /** Goes as soon as this is so; reactive. */
  over?(): boolean
}

interface Notice extends NoticeOptions {
  key: number
  text: string
  tone: Tone
}

/** Shows a notice. */
export type Notify = (text: string, tone?: Tone, options?: NoticeOptions) => void

const SHOWN_MS = 6_000
const SECOND_MS = 1_000

const NoticesContext = createContext<Notify>()

/** Shows short sentences at the foot of the page, read out by screen readers. They go by themselves. */
export function NoticesProvider(props: ParentProps) {
  const [notices, setNotices] = createSignal<Notice[]>([])
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let last = 0
  let region: HTMLDivElement | undefined
  const dismiss = (key: number) => setNotices((list) => list.filter((notice) => notice.key !== key))
  const notify: Notify = (text, tone = 'plain', options = {}) => {
    last += 1
    const key = last
    setNotices((list) => [
      ...list.filter((notice) => !isReplaced(notice, text, options)),
      { key, text, tone, ...options },
    ])
    setNotices((list) => list.slice(-3))
    const expire = (afterMs: number) => {
      // Nothing goes while somebody points at it or is in it with the keys; a time that is counted is what it is.
      const isHeld = () => !options.counted && (region?.matches(':hover') || region?.contains(document.activeElement))
      timers.add(setTimeout(() => (isHeld() ? expire(SECOND_MS) : dismiss(key)), afterMs))
    }
    expire(options.lastsMs ?? SHOWN_MS)
  }
  // What is over stays so: it must not come back when one looks elsewhere.
  createEffect(() => {
    for (const { key, over } of notices()) if (over?.()) untrack(() => dismiss(key))
  })
  onCleanup(() => timers.forEach(clearTimeout))
  return (
    <NoticesContext.Provider value={notify}>
      {props.children}
      <div ref={region} class={styles.region} role="status" aria-label="Notices">
        <For each={notices()}>{(notice) => <NoticeLine notice={notice} onGone={() => dismiss(notice.key)} />}</For>
      </div>
    </NoticesContext.Provider>
  )
}

/** The seconds left, moving; said to nobody who listens: once is enough. */
function Seconds(props: { lastsMs: number }) {
  const until = Date.now() + props.lastsMs
  const [left, setLeft] = createSignal(props.lastsMs)
  const timer = setInterval(() => setLeft(Math.max(0, until - Date.now())), SECOND_MS / 4)
  onCleanup(() => clearInterval(timer))
  return (
    <span class={styles.seconds} aria-hidden="true">
      {Math.ceil(left() / SECOND_MS)} s
    </span>
  )
}

function NoticeLine(props: { notice: Notice; onGone(): void }) {
  let line: HTMLDivElement | undefined
  onMount(() => {
    if (props.notice.counted) line?.querySelector('button')?.focus()
  })
  const act = () => {
    props.notice.action?.run()
    props.onGone()
  }
  return (
    <div ref={line} class={styles.notice} data-tone={props.notice.tone}>
      <Show
        when={props.notice.title}
        fallback={
          <>
            <span dir="auto">{props.notice.text}</span>
            <Show when={props.notice.counted}>
              <Seconds lastsMs={props.notice.lastsMs ?? SHOWN_MS} />
            </Show>
            <Show when={props.notice.action}>
              {(action) => (
                <Button kind="quiet" onClick={act}>
                  {action().label}
                </Button>
              )}
            </Show>
          </>
        }
      >
        {(title) => (
          <button type="button" class={styles.message} onClick={act}>
            <strong dir="auto">{title()}</strong>
            <span dir="auto">{props.notice.text}</span>
          </button>
        )}
      </Show>
      <IconButton label="Dismiss" tipSide="start" onClick={() => props.onGone()}>
        <X aria-hidden="true" />
      </IconButton>
    </div>
  )
}

/**
 * The same sentence, or the newer of two with one title,
 * replaces what stood there; of two with an action each stays.
 */
function isReplaced(notice: Notice, text: string, options: NoticeOptions): boolean {
  if (options.title !== undefined) return notice.title === options.title
  return notice.text === text && !notice.action && !options.action
}

/** The function that shows a notice. */
export function useNotify(): Notify {
  const notify = useContext(NoticesContext)
  if (!notify) throw new Error('useNotify is called outside of NoticesProvider')
  return notify
}
