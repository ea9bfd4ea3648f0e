import { type Accessor, createSignal } from 'solid-js'
import { isRecord } from '../lib/isRecord.ts'
import type { FromFrame, HostKept, HostPage, ToFrame } from './hostMessages.ts'

export interface HostLink {
  /** Whether the visitor has the window open. */
  shown: Accessor<boolean>
  /** The page the visitor looks at; null until the launcher told. */
  page: Accessor<HostPage | null>
  /** What the launcher keeps for us; null until it told. */
  kept: Accessor<HostKept | null>
  /**
   * Tells the launcher that the frame may be shown, and listens from now on.
   * Resolves with its answer, or soon without.
   */
  ready(): Promise<void>
  /** Asks the launcher to close the window. */
  close(): void
  /** Keeps a text under a name in the website's own storage; undefined forgets it. */
  keep(name: string, value: string | undefined): void
  /** What has come and was not seen. */
  unread(count: number): void
}

/** A launcher answers at once; a page that holds it up must not hold us up. */
const ANSWER_WITHIN_MS = 500

/**
 * The frame's end of its talk with the launcher.
 * @param origin of the website around the frame; messages go there and are taken from there alone
 */
export function createHostLink(origin: string): HostLink {
  const framed = parent !== window
  const [shown, setShown] = createSignal(!framed)
  const [page, setPage] = createSignal<HostPage | null>(null)
  const [kept, setKept] = createSignal<HostKept | null>(null)
  let answered = (): void => undefined
  const tell = (message: FromFrame): void => {
    if (framed && origin) parent.postMessage(message, origin)
  }
  addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!framed || event.source !== parent || event.origin !== origin) return
    const message = readMessage(event.data)
    if (!message) return
    setPage(message.page)
    setKept(message.kept)
    setShown(message.foyer === 'shown')
    answered()
  })
  return {
    shown,
    page,
    kept,
    ready: () =>
      new Promise((resolve) => {
        answered = resolve
        tell({ foyer: 'ready' })
        setTimeout(resolve, framed ? ANSWER_WITHIN_MS : 0)
      }),
    close: () => tell({ foyer: 'close' }),
    keep: (name, value) => {
      setKept((all) => ({ ...all, [name]: value }))
      tell({ foyer: 'keep', name, value })
    },
    unread: (count) => tell({ foyer: 'unread', count }),
  }
}

/** The website's page may be anybody's: its messages are read like any other input. */
function readMessage(data: unknown): ToFrame | null {
  if (!isRecord(data) || !isRecord(data['page'])) return null
  const { url, title, referrer } = data['page']
  if (typeof url !== 'string' || typeof title !== 'string' || typeof referrer !== 'string') return null
  const kept: HostKept = {}
  if (isRecord(data['kept'])) {
    for (const [name, value] of Object.entries(data['kept'])) if (typeof value === 'string') kept[name] = value
  }
  return { foyer: data['foyer'] === 'shown' ? 'shown' : 'hidden', page: { url, title, referrer }, kept }
}
