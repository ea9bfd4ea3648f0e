/**
 * `/widget.js`, the one file that other websites load: a button that opens the chat in a frame of Foyer's own origin.
 * Keeps out of the page's way: no cookie, no global but one mark, no style that leaks in or out, nothing that a strict
 * Content-Security-Policy of the page would refuse (VW1). Everything else is in the frame, loaded on first opening.
 * Who has written before costs one request more, for the number on the button.
 */
import type { FromFrame, HostKept, ToFrame } from './hostMessages.ts'

declare global {
  interface Window {
    /** Set once a launcher is on the page. */
    foyerLauncher?: true
  }
}

/** A frame that its page may not show (VW5) looks loaded and never says that it is ready. */
const READY_WITHIN_MS = 8_000

// Where no colour can be derived from another, the channel's is taken as it is.
const STYLE = `
:host{all:initial!important;--c:#1d5fc4}
*{position:fixed;inset-block-end:max(20px,env(safe-area-inset-bottom));inset-inline-end:max(20px,env(safe-area-inset-right));border:0;color:#fff;font:600 15px system-ui;border-radius:16px;cursor:pointer;background:var(--c);animation:a .2s}
@supports(color:oklch(from red min(l,.5) c h)){*{background:oklch(from var(--c) min(l,.5) c h)}}
.b{width:56px;height:56px;border-radius:50%;box-shadow:0 4px 32px #0004}
.b:before{content:'';display:block;width:24px;height:22px;margin:auto;border-radius:50% 50% 50% 2px;background:#fff}
[aria-expanded=true]:before{content:'×';background:0 0;font-size:32px;line-height:20px}
[data-n]:after{content:attr(data-n);position:absolute;right:-4px;top:-4px;padding:0 7px;border-radius:16px;font-size:12px;line-height:20px;background:#c8242b}
iframe,p{inset-block-end:calc(68px + max(20px,env(safe-area-inset-bottom)));margin:0;box-shadow:0 4px 32px #0004}
p:empty,[hidden]{display:none}
p *{position:static;padding:14px}
iframe{width:384px;height:min(704px,100% - 104px);background:canvas;color-scheme:light dark}
@keyframes a{0%{opacity:0}}
@media(max-width:480px){iframe{inset:0;width:100%;height:100dvh;border-radius:0}[aria-expanded=true]{display:none}}
@media(prefers-reduced-motion){*{animation:none}}`

// A script that was added as a module, or is run late by a bundler, is no longer the current one.
const current = document.currentScript
const script =
  current instanceof HTMLScriptElement
    ? current
    : document.querySelector<HTMLScriptElement>('script[data-channel][src*="/widget.js"]')
const channel = script?.dataset['channel']
const key = `foyer:${channel}`

const host = document.createElement('div')
const root = host.attachShadow({ mode: 'closed' })
const add = <Name extends 'button' | 'p' | 'iframe'>(name: Name, into: Node = root) =>
  into.appendChild(document.createElement(name))
const bubble = add('p')
const button = add('button')

let origin = ''
let kept: HostKept = {}
let frame: HTMLIFrameElement | null = null
let ready = false
let shown = false
let unread = 0

/** The website's own storage may be blocked, or hold anything: what it does not keep is known until the page goes. */
function recall(): void {
  try {
    kept = { ...JSON.parse(localStorage[key]) }
  } catch {}
}

function tell(): void {
  recall()
  const page = { url: location.href, title: document.title, referrer: document.referrer }
  const message: ToFrame = { foyer: shown ? 'shown' : 'hidden', page, kept }
  frame?.contentWindow?.postMessage(message, origin)
}

function hush(): void {
  bubble.replaceChildren()
}

/** Paints the launcher as things are, and says in passing that something new has come. */
function notice(count: number): void {
  const news = `${count} new message${count > 1 ? 's' : ''}`
  button.ariaExpanded = `${shown}`
  button.ariaLabel = shown ? 'Close chat' : count ? `Open chat, ${news}` : 'Open chat'
  if (shown || !count) delete button.dataset['n']
  else button.dataset['n'] = `${count}`
  host.style.setProperty('--c', kept['colour'] ?? '')
  if (shown || count !== unread) hush()
  if (!shown && count > unread) {
    const read = add('button', bubble)
    read.textContent = `You have ${news}`
    read.onclick = () => show(true)
    const dismiss = add('button', bubble)
    dismiss.textContent = '×'
    dismiss.ariaLabel = 'Dismiss'
    dismiss.onclick = hush
  }
  unread = count
}

function load(): HTMLIFrameElement {
  const made = add('iframe')
  made.title = 'Chat'
  made.src = `${origin}/widget/frame?${new URLSearchParams({ channel: channel ?? '', host: location.origin })}`
  made.onload = () => setTimeout(() => ready || giveUp(), READY_WITHIN_MS)
  return made
}

function giveUp(): void {
  frame?.remove()
  frame = null
  show(false)
  console.warn(`Foyer: ${location.origin} is missing from channel ${channel}, see Settings → Channels.`)
}

function show(open: boolean): void {
  if (open) frame ??= load()
  shown = open
  if (frame) frame.hidden = !open
  notice(unread)
  if (ready) tell()
  if (open) frame?.focus()
  else button.focus()
}

function hear({ origin: from, source, data }: MessageEvent<FromFrame | null>): void {
  if (from !== origin || !frame || source !== frame.contentWindow) return
  if (data?.foyer === 'close') show(false)
  if (data?.foyer === 'unread') notice(data.count)
  if (data?.foyer === 'keep') {
    recall()
    kept = { ...kept, [data.name]: data.value }
    try {
      localStorage[key] = JSON.stringify(kept)
    } catch {}
    notice(unread)
  }
  if (data?.foyer !== 'ready') return
  ready = true
  tell()
}

if (!script || !channel) console.warn('Foyer: data-channel is missing, see Settings → Channels.')
else if (!window.foyerLauncher) {
  window.foyerLauncher = true
  origin = new URL(script.src).origin
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  bubble.role = 'status'
  button.className = 'b'
  button.onclick = () => show(!shown)
  // Never false: an on-handler that returns it cancels the event, and with it Enter and Space.
  button.onkeydown = (event) => event.key !== 'Escape' || !shown || show(false)
  addEventListener('message', hear)
  recall()
  notice(0)
  // Beside the body, so that a single-page app may replace all of it.
  document.documentElement.append(host)
  if (kept['badge'])
    fetch(`${origin}/widget/v1/badge`, { method: 'POST', body: kept['badge'] })
      .then((answer) => answer.json())
      .then((badge: { unread: number }) => frame || notice(badge.unread))
      .catch(() => {})
}
