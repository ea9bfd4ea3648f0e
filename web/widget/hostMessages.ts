/** What the launcher on the website and the frame tell each other by `postMessage`, each to the other's exact origin. */

/** The page that the visitor is looking at. */
export interface HostPage {
  url: string
  title: string
  referrer: string
}

export interface ToFrame {
  foyer: 'shown' | 'hidden'
  page: HostPage
}

export interface FromFrame {
  foyer: 'ready' | 'close'
}
