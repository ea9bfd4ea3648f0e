/**
 * `/widget.js`, the one file that other websites load: a button that opens the chat in a frame of Foyer's own origin.
 * Keeps out of the page's way: no cookie, no global but one mark, no style that leaks in or out, nothing that a strict
 * Content-Security-Policy of the page would refuse (VW1). Everything else is in the frame, loaded on first opening.
 */
import type { FromFrame, ToFrame } from './hostMessages.ts'

declare global {
  interface Window {
    /** Set once a launcher is on the page. */
    foyerLauncher?: true
  }
}

/** A frame that its page may not show (VW5) looks loaded and never says that it is ready. */
const READY_WITHIN_MS = 8_000

const STYLE = `
:host{all:initial!important;position:fixed!important;inset-block-end:0!important;inset-inline-end:0!important;z-index:2147483647!important}
button,iframe{position:fixed;inset-inline-end:calc(20px + env(safe-area-inset-right));border:0;padding:0;margin:0}
button{inset-block-end:calc(20px + env(safe-area-inset-bottom));inline-size:56px;block-size:56px;border-radius:50%;background:#1d5fc4;color:#fff;cursor:pointer;box-shadow:0 4px 16px #0003;forced-color-adjust:none;transition:scale .12s ease-out}
button:hover{scale:1.05}
button:active{scale:.97}
button:focus-visible{outline:2px solid #1d5fc4;outline-offset:2px;box-shadow:0 0 0 6px #fff}
button::before{content:'';display:block;inline-size:28px;block-size:28px;margin:auto;background:currentColor;clip-path:path('M14 2C7.4 2 2 6.6 2 12.3c0 3.1 1.6 5.9 4.2 7.8-.2 1.9-1 3.6-2.2 5 2.6-.1 4.9-1 6.7-2.7 1.1.2 2.2.3 3.3.3 6.6 0 12-4.6 12-10.4S20.6 2 14 2z')}
[aria-expanded=true]::before{clip-path:path('M4 9.5 6.5 7 14 14.5 21.5 7 24 9.5 14 19.5z')}
iframe{inset-block-end:calc(88px + env(safe-area-inset-bottom));inline-size:384px;block-size:min(704px,100% - 104px);border-radius:16px;box-shadow:0 0 0 1px #0001,0 12px 48px #0003;background:#fff;color-scheme:light dark;animation:a .2s ease-out}
iframe[hidden]{display:none}
@keyframes a{from{opacity:0;translate:0 12px}}
@media(prefers-color-scheme:dark){iframe{background:#17191d}}
@media(max-width:480px){iframe{inset:0;inline-size:100%;block-size:100dvh;border-radius:0}[aria-expanded=true]{display:none}}
@media(prefers-reduced-motion){*{animation:none!important;transition:none!important}}`

/** A script that was added by another script, or runs late, is no longer the current one. */
function ownScript(): HTMLScriptElement | null {
  const current = document.currentScript
  if (current instanceof HTMLScriptElement && current.dataset['channel']) return current
  return document.querySelector<HTMLScriptElement>('script[data-channel][src*="/widget.js"]')
}

function place(channel: string, origin: string): void {
  const here = location.origin
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'closed' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  const button = document.createElement('button')
  button.type = 'button'
  root.append(button)
  // Beside the body, so that a single-page app may replace all of it.
  document.documentElement.append(host)

  let frame: HTMLIFrameElement | null = null
  let ready = false
  let shown = false

  const tell = (): void => {
    const page = { url: location.href, title: document.title, referrer: document.referrer }
    const message: ToFrame = { foyer: shown ? 'shown' : 'hidden', page }
    if (ready) frame?.contentWindow?.postMessage(message, origin)
  }
  const show = (open: boolean): void => {
    if (open && !frame) frame = load()
    shown = open
    if (frame) frame.hidden = !open
    button.ariaExpanded = String(open)
    button.ariaLabel = open ? 'Close chat' : 'Open chat'
    tell()
    if (open) frame?.focus()
  }
  const load = (): HTMLIFrameElement => {
    const made = document.createElement('iframe')
    made.title = 'Chat'
    made.src = `${origin}/widget/frame?channel=${encodeURIComponent(channel)}&host=${encodeURIComponent(here)}`
    made.onload = () => setTimeout(() => frame === made && !ready && giveUp(made), READY_WITHIN_MS)
    root.append(made)
    return made
  }
  const giveUp = (made: HTMLIFrameElement): void => {
    made.remove()
    frame = null
    show(false)
    console.warn(
      `Foyer: the chat could not open on ${here}. If this website is not among the allowed ones of channel ${channel}, add it in Foyer under Settings → Channels.`,
    )
  }
  const leave = (): void => {
    show(false)
    button.focus()
  }

  addEventListener('message', (event: MessageEvent<FromFrame | undefined>) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return
    if (event.data?.foyer === 'close') leave()
    if (event.data?.foyer !== 'ready') return
    ready = true
    tell()
  })
  // The page loses the focus when somebody turns to the chat: in a single-page app it may show another address by now.
  addEventListener('blur', tell)
  button.onclick = () => show(!shown)
  button.onkeydown = (event) => {
    if (event.key === 'Escape' && shown) leave()
  }
  show(false)
}

const script = ownScript()
const channel = script?.dataset['channel']
if (!script || !channel)
  console.warn('Foyer: the script tag needs its data-channel. Copy it anew from Settings → Channels.')
else if (!window.foyerLauncher) {
  window.foyerLauncher = true
  place(channel, new URL(script.src).origin)
}
