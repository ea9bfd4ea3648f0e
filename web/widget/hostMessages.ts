/**
 * What the launcher on the website and the frame tell each other by `postMessage`,
 * each to the other's exact origin.
 */

/** The page that the visitor is looking at. */
export interface HostPage {
  url: string
  title: string
  referrer: string
}

/**
 * What the launcher keeps for the frame in the website's own storage, by name: always `badge` (a token that reads one
 * number) and `colour`, and only where the browser denies the frame a storage of its own also `visit` and unsent
 * messages.
 */
export type HostKept = Record<string, string | undefined>

export interface ToFrame {
  foyer: 'shown' | 'hidden'
  page: HostPage
  kept: HostKept
}

export type FromFrame =
  | { foyer: 'ready' | 'close' }
  /** Undefined forgets it. */
  | { foyer: 'keep'; name: string; value: string | undefined }
  /** What has come and was not seen: for the launcher's badge. */
  | { foyer: 'unread'; count: number }
