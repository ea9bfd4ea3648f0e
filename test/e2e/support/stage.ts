/**
 * The stage of a play: Foyer as it is installed, a shop on another site that shows its chat, and browsers for the
 * people. A test file sets one stage; its tests bring visitors and agents onto it.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach } from 'node:test'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { findBrowser } from '../../../scripts/browser.ts'
import { Agent } from './agent.ts'
import { Client, firstChannel, OWNER, setUp, signIn } from './client.ts'
import { Product } from './product.ts'
import { Shop } from './shop.ts'
import { Visitor } from './visitor.ts'

/** Generous: what is asserted is that it happens, not how fast; test machines are small and shared. */
const PATIENCE_MS = 30_000

/**
 * Playwright switches partitioned storage off, which no browser of a visitor does; naming any feature replaces its
 * list. These two are the suggestions below an address bar that nobody sees: made anew for each window, they take more
 * of the machine than our pages.
 */
const UNSEEN = 'WebUIOmniboxPopup,WebUIOmniboxAimPopup'

export interface Stage {
  product: Product
  /** The website that may show the chat. */
  shop: Shop
  /** Another website with the same snippet, which may not. */
  stranger: Shop
  /** The owner's API, for what needs no screen. */
  owner: Client
  browser: Browser
}

interface Credentials {
  email: string
  password: string
}

interface StageOptions {
  /** Whether the first run is over when the curtain rises. */
  setUp?: boolean
  /** Browsers whose embedded pages have no storage at all. */
  blockStorage?: boolean
}

/**
 * A whole Chromium denies embedded pages their storage, as its visitors may have set it. One made for machines alone (a
 * headless shell) has no such setting: there they find what they would find in the other.
 */
function withoutStorage(): void {
  if (window.top === window) return
  const denied = () => new DOMException('Access is denied for this document.', 'SecurityError')
  try {
    if (localStorage.length >= 0) throw new Error('not denied')
  } catch (error) {
    if (error instanceof DOMException) return
  }
  const deny = () => {
    throw denied()
  }
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(window, name, { get: deny })
  Object.defineProperty(navigator, 'locks', { value: { request: () => Promise.reject(denied()) } })
}

/** Sets the stage for the tests of a file. What it returns is there once a test runs. */
export function stage({ setUp: isSetUp = true, blockStorage = false }: StageOptions = {}) {
  let current: Stage | null = null
  const complaints: string[] = []
  /** How many tests are being played. */
  let playing = 0
  /** Of everybody who came for them. */
  const present: BrowserContext[] = []
  const signedIn = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>()

  before(async () => {
    const { executablePath, args } = await findBrowser()
    const [product, shop, stranger, browser] = await Promise.all([
      Product.open({ fresh: !isSetUp }),
      Shop.open(),
      Shop.open(),
      chromium.launch({ executablePath, args: blockStorage ? args : [...args, `--disable-features=${UNSEEN}`] }),
    ])
    const owner = isSetUp ? await setUp(product, shop.origin) : new Client(product.origin)
    current = { product, shop, stranger, owner, browser }
    if (isSetUp) {
      const channel = await firstChannel(owner)
      shop.embed(product.origin, channel.id)
      stranger.embed(product.origin, channel.id)
    }
  })

  beforeEach(() => {
    playing += 1
  })
  // Pages that nobody looks at any more would follow everything that the tests to come do.
  afterEach(async () => {
    playing -= 1
    if (playing > 0) return
    await Promise.all(present.splice(0).map((context) => context.close()))
  })

  after(async () => {
    if (!current) return
    await current.browser.close()
    await Promise.all([current.product.close(), current.shop.close(), current.stranger.close()])
    assert.deepEqual(complaints, [], 'nothing was refused by a Content-Security-Policy')
  })

  const now = (): Stage => {
    if (!current) throw new Error('The stage is set when the first test begins.')
    return current
  }

  async function person(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await now().browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    present.push(context)
    context.setDefaultTimeout(PATIENCE_MS)
    context.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text())
    })
    context.on('weberror', (error) => complaints.push(String(error.error())))
    return context
  }

  /** Somebody arrives at the shop. */
  async function visitor(website = now().shop.origin, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await person(options)
    if (blockStorage) await context.addInitScript(withoutStorage)
    const page = await context.newPage()
    await page.goto(website)
    return new Visitor(context, page, website)
  }

  /** Somebody at the dashboard, not signed in. */
  async function somebody(options: BrowserContextOptions = {}): Promise<Agent> {
    const context = await person(options)
    return new Agent(context, await context.newPage(), now().product.origin)
  }

  /** An agent at the inbox; the owner, where nobody is named. Signs in once and then comes with the same session. */
  async function agent(who: Credentials = OWNER, options: BrowserContextOptions = {}): Promise<Agent> {
    const session = signedIn.get(who.email)
    const ana = await somebody(session ? { ...options, storageState: session } : options)
    if (session) await ana.goes('inbox/all')
    else await ana.signsIn(who.email, who.password)
    await ana.seesInbox()
    if (!session) signedIn.set(who.email, await ana.context.storageState())
    return ana
  }

  /** A new member, by the API. */
  async function colleague(name: string, role: 'agent' | 'admin' = 'agent') {
    const { owner, product } = now()
    const who = {
      name,
      email: `${name.toLowerCase().replace(/\W+/g, '.')}@shop.example`,
      password: `${name} sleeps well`,
    }
    const { link } = await owner.want<{ link: string }>('POST', '/api/v1/invitations', { email: who.email, role })
    await owner.want('POST', '/api/v1/invitations/accept', {
      token: link.split('#token=')[1],
      name,
      password: who.password,
    })
    return { ...who, client: await signIn(product.origin, who.email, who.password) }
  }

  return { now, visitor, agent, somebody, colleague, complaints }
}
