import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHostLink } from '../../web/widget/hostLink.ts'

const FOYER = 'https://foyer.example'

let root: ShadowRoot | undefined
let told: Array<{ message: unknown; to: unknown }>
let asked: unknown[]
let unread: number
let listeners: Array<[string, EventListenerOrEventListenerObject]>

async function load(): Promise<void> {
  vi.resetModules()
  await import('../../web/widget/loader.ts')
}

function addScript(channel: string | null): void {
  const script = document.createElement('script')
  script.type = 'text/plain'
  script.setAttribute('src', `${FOYER}/widget.js`)
  if (channel) script.dataset['channel'] = channel
  document.head.append(script)
}

const launcher = (): HTMLButtonElement =>
  root?.querySelector<HTMLButtonElement>('.b') ?? document.createElement('button')
const frame = (): HTMLIFrameElement | null => root?.querySelector('iframe') ?? null

function fromFrame(data: unknown, from: { origin?: string; source?: unknown } = {}): void {
  const event = new MessageEvent('message', { data, origin: from.origin ?? FOYER })
  Object.defineProperty(event, 'source', { value: 'source' in from ? from.source : frame()?.contentWindow })
  dispatchEvent(event)
}

/** The small DOM's own switch; without it every frame, also a blank one, is an error. */
declare const happyDOM: { settings: { enableIframePageLoading: boolean } }

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  asked = []
  unread = 2
  localStorage.clear()
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push([url, init.method, init.body, init.headers])
    return Response.json({ unread })
  })
  listeners = []
  root = undefined
  const add = window.addEventListener.bind(window)
  vi.spyOn(window, 'addEventListener').mockImplementation(
    (type: string, listener: EventListenerOrEventListenerObject) => {
      listeners.push([type, listener])
      add(type, listener)
    },
  )
  const attach = Element.prototype.attachShadow
  vi.spyOn(Element.prototype, 'attachShadow').mockImplementation(function (this: Element, init) {
    expect(init.mode).toBe('closed')
    root = attach.call(this, init)
    return root
  })
  // The frame stays blank here: its window only takes notes.
  happyDOM.settings.enableIframePageLoading = true
  const contentWindow = { postMessage: (message: unknown, to: unknown) => told.push({ message, to }) }
  vi.spyOn(HTMLIFrameElement.prototype, 'contentWindow', 'get').mockReturnValue(contentWindow as unknown as Window)
  vi.spyOn(HTMLIFrameElement.prototype, 'src', 'set').mockImplementation(function (this: HTMLIFrameElement, src) {
    this.dataset['asked'] = src
  })
})

afterEach(() => {
  for (const [type, listener] of listeners) window.removeEventListener(type, listener)
  for (const script of document.querySelectorAll('script')) script.remove()
  for (const host of document.querySelectorAll('html > div')) host.remove()
  delete window.foyerLauncher
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('[VW1] the launcher', () => {
  it('is one button that loads nothing until it is opened', async () => {
    addScript('ch_1')
    await load()
    expect(root?.querySelectorAll('button')).toHaveLength(1)
    expect(asked).toEqual([])
    expect([launcher().ariaLabel, launcher().ariaExpanded, frame()]).toEqual(['Open chat', 'false', null])
    launcher().click()
    const here = encodeURIComponent(location.origin)
    expect(frame()?.dataset['asked']).toBe(`${FOYER}/widget/frame?channel=ch_1&host=${here}`)
    expect([launcher().ariaLabel, launcher().ariaExpanded, frame()?.title]).toEqual(['Close chat', 'true', 'Chat'])
    expect(document.cookie).toBe('')
  })

  it('is one however often the script is loaded', async () => {
    addScript('ch_1')
    addScript('ch_1')
    await load()
    await load()
    expect(document.querySelectorAll('html > div')).toHaveLength(1)
  })

  it('says what is wrong with a tag that names no channel', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    addScript(null)
    await load()
    expect([document.querySelectorAll('html > div').length, warn.mock.calls.length]).toEqual([0, 1])
    expect(String(warn.mock.calls[0]?.[0])).toContain('data-channel')
  })

  it('tells the page only to its own frame, once that is ready and with each opening', async () => {
    addScript('ch_1')
    await load()
    launcher().click()
    expect(told).toEqual([])
    fromFrame({ foyer: 'ready' })
    const page = { url: location.href, title: document.title, referrer: document.referrer }
    expect(told).toEqual([{ message: { foyer: 'shown', page, kept: {} }, to: FOYER }])
    launcher().click()
    expect(told.at(-1)).toEqual({ message: { foyer: 'hidden', page, kept: {} }, to: FOYER })
  })

  it('closes when the frame asks, and nobody else', async () => {
    addScript('ch_1')
    await load()
    launcher().click()
    fromFrame({ foyer: 'close' }, { origin: 'https://evil.example' })
    fromFrame({ foyer: 'close' }, { source: window })
    fromFrame(null)
    expect(frame()?.hidden).toBe(false)
    fromFrame({ foyer: 'close' })
    expect([frame()?.hidden, launcher().ariaExpanded]).toEqual([true, 'false'])
  })

  it('closes with Escape and leaves other keys to the browser', async () => {
    addScript('ch_1')
    await load()
    launcher().click()
    const enter = new KeyboardEvent('keydown', { key: 'Enter', cancelable: true })
    launcher().dispatchEvent(enter)
    expect([enter.defaultPrevented, frame()?.hidden]).toEqual([false, false])
    // An on-handler that answers false takes the key from the browser; the small DOM does not play that.
    expect(launcher().onkeydown?.(enter)).not.toBe(false)
    launcher().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    expect(frame()?.hidden).toBe(true)
  })

  it('[VW5] closes again and says why where the frame may not be shown on this website', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    addScript('ch_1')
    await load()
    launcher().click()
    frame()?.dispatchEvent(new Event('load'))
    vi.advanceTimersByTime(8_000)
    expect([frame(), launcher().ariaExpanded]).toEqual([null, 'false'])
    expect(String(warn.mock.calls[0]?.[0])).toMatch(new RegExp(`${location.origin}.*ch_1.*Channels`))
    launcher().click()
    frame()?.dispatchEvent(new Event('load'))
    fromFrame({ foyer: 'ready' })
    vi.advanceTimersByTime(20_000)
    expect([frame()?.hidden, warn.mock.calls.length]).toEqual([false, 1])
  })
})

describe('[VW1] what is new while the chat is closed', () => {
  const bubble = () => root?.querySelector('p')?.textContent ?? ''
  const KEY = 'foyer:ch_1'

  it('costs who was here before one request, and shows on the launcher', async () => {
    localStorage.setItem(KEY, JSON.stringify({ badge: 'b.1', colour: '#0a7d4b' }))
    addScript('ch_1')
    await load()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toEqual([[`${FOYER}/widget/v1/badge`, 'POST', 'b.1', undefined]])
    expect([launcher().ariaLabel, launcher().dataset['n']]).toEqual(['Open chat, 2 new messages', '2'])
    expect(bubble()).toContain('You have 2 new messages')
  })

  it('opens the chat from its bubble, or is dismissed', async () => {
    addScript('ch_1')
    await load()
    launcher().click()
    launcher().click()
    fromFrame({ foyer: 'unread', count: 1 })
    expect(bubble()).toContain('You have 1 new message')
    root?.querySelector<HTMLButtonElement>('p button:last-child')?.click()
    expect([bubble(), launcher().dataset['n']]).toEqual(['', '1'])
    fromFrame({ foyer: 'unread', count: 2 })
    root?.querySelector<HTMLButtonElement>('p button')?.click()
    expect([frame()?.hidden, bubble(), launcher().dataset['n']]).toEqual([false, '', undefined])
  })

  it('is quiet where there is nothing, or no answer', async () => {
    unread = 0
    localStorage.setItem(KEY, JSON.stringify({ badge: 'b.1' }))
    addScript('ch_1')
    await load()
    await vi.advanceTimersByTimeAsync(0)
    expect([launcher().ariaLabel, bubble()]).toEqual(['Open chat', ''])
  })

  it('keeps for its frame what it is told, for nobody else, and hands it back', async () => {
    addScript('ch_1')
    await load()
    launcher().click()
    fromFrame({ foyer: 'ready' })
    fromFrame({ foyer: 'keep', name: 'visit', value: '{"token":"t"}' })
    fromFrame({ foyer: 'keep', name: 'gone', value: 'x' })
    fromFrame({ foyer: 'keep', name: 'gone', value: undefined })
    fromFrame({ foyer: 'keep', name: 'evil', value: 'x' }, { origin: 'https://evil.example' })
    expect(JSON.parse(localStorage.getItem(KEY) ?? '')).toEqual({ visit: '{"token":"t"}' })
    fromFrame({ foyer: 'ready' })
    expect(told.at(-1)?.message).toMatchObject({ kept: { visit: '{"token":"t"}' } })
  })

  it.each(['null', '5', '"x"', '{', '[]'])('survives %s in the website’s storage', async (text) => {
    localStorage.setItem(KEY, text)
    addScript('ch_1')
    await load()
    launcher().click()
    expect(frame()).not.toBeNull()
  })
})

describe('the frame’s end', () => {
  const HOST = 'https://shop.example'
  const page = { url: `${HOST}/a`, title: 'A', referrer: '' }
  let said: Array<{ message: unknown; to: unknown }>

  const around = { postMessage: (message: unknown, to: unknown) => said.push({ message, to }) }
  const fromHost = (data: unknown, origin = HOST, source: unknown = around): void => {
    const event = new MessageEvent('message', { data, origin })
    Object.defineProperty(event, 'source', { value: source })
    dispatchEvent(event)
  }

  beforeEach(() => {
    said = []
    vi.stubGlobal('parent', around)
  })
  afterEach(() => vi.unstubAllGlobals())

  it('speaks to the named website alone', () => {
    const link = createRoot(() => createHostLink(HOST))
    void link.ready()
    link.close()
    link.keep('badge', 'b.1')
    link.unread(2)
    expect(said).toEqual([
      { message: { foyer: 'ready' }, to: HOST },
      { message: { foyer: 'close' }, to: HOST },
      { message: { foyer: 'keep', name: 'badge', value: 'b.1' }, to: HOST },
      { message: { foyer: 'unread', count: 2 }, to: HOST },
    ])
  })

  it('learns from it whether it is shown, and on which page', () => {
    const link = createRoot(() => createHostLink(HOST))
    expect([link.shown(), link.page()]).toEqual([false, null])
    fromHost({ foyer: 'shown', page, kept: { badge: 'b.1', odd: 5 } })
    expect([link.shown(), link.page(), link.kept()]).toEqual([true, page, { badge: 'b.1' }])
  })

  it.each([
    { name: 'another origin', data: { foyer: 'shown', page }, origin: 'https://evil.example' },
    { name: 'another window', data: { foyer: 'shown', page }, source: null },
    { name: 'no page', data: { foyer: 'shown' } },
    { name: 'a page of other types', data: { foyer: 'shown', page: { url: 1, title: {}, referrer: [] } } },
    { name: 'text', data: 'shown' },
    { name: 'nothing', data: null },
  ])('takes nothing from $name', ({ data, origin, source }) => {
    const link = createRoot(() => createHostLink(HOST))
    fromHost(data, origin, source === undefined ? around : source)
    expect([link.shown(), link.page()]).toEqual([false, null])
  })
})
