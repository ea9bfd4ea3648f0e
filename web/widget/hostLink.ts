import { type Accessor, createSignal } from 'solid-js'
import type { FromFrame, HostPage, ToFrame } from './hostMessages.ts'

export interface HostLink {
  /** Whether the visitor has the window open. */
  shown: Accessor<boolean>
  /** The page the visitor looks at; null until the launcher told. */
  page: Accessor<HostPage | null>
  /** Tells the launcher that the frame may be shown and listens from now on. */
  ready(): void
  /** Asks the launcher to close the window. */
  close(): void
}

/**
 * The frame's end of its talk with the launcher.
 * @param origin of the website around the frame; messages go there and are taken from there alone
 */
export function createHostLink(origin: string): HostLink {
  const framed = parent !== window
  const [shown, setShown] = createSignal(!framed)
  const [page, setPage] = createSignal<HostPage | null>(null)
  const tell = (message: FromFrame): void => {
    if (framed && origin) parent.postMessage(message, origin)
  }
  addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!framed || event.source !== parent || event.origin !== origin) return
    const message = readMessage(event.data)
    if (!message) return
    setPage(message.page)
    setShown(message.foyer === 'shown')
  })
  return { shown, page, ready: () => tell({ foyer: 'ready' }), close: () => tell({ foyer: 'close' }) }
}

/** The website's page may be anybody's: its messages are read like any other input. */
function readMessage(data: unknown): ToFrame | null {
  if (!isRecord(data) || !isRecord(data['page'])) return null
  const { url, title, referrer } = data['page']
  if (typeof url !== 'string' || typeof title !== 'string' || typeof referrer !== 'string') return null
  return { foyer: data['foyer'] === 'shown' ? 'shown' : 'hidden', page: { url, title, referrer } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
