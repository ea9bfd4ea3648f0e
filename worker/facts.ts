/** What the edge knows of a visit (CP3, CP4): read from the request and from the page's address, never from claims. */
import Bowser from 'bowser'
import type { Source, Utm } from '../core/conversation/record.ts'

const FACT_MAX = 200
/** Characters of what a browser says of itself. */
const USER_AGENT_MAX = 1_000
/** How many browsers are remembered: far more than a website meets in a day, and not as many as somebody can make up. */
const BROWSERS_KEPT = 500
/** RFC 5646 calls for no more than this; a private-use tag may be as long as a header. */
const LANGUAGE_MAX = 35

/** @param page what the widget told: where the visitor was when the conversation began */
export function factsOf(request: Request, page: Pick<Source, 'page' | 'title' | 'referrer'>): Source {
  return {
    ...page,
    utm: utmOf(page.page),
    ...browserOf(request.headers.get('user-agent')),
    language: languageOf(request),
    country: countryOf(request),
  }
}

type Browser = Pick<Source, 'browser' | 'os' | 'device'>

const browsers = new Map<string, Browser>()

/** Remembered: to tell a browser by its name takes a hundred patterns, and most visitors have one of a few. */
function browserOf(userAgent: string | null): Browser {
  if (!userAgent) return { browser: null, os: null, device: null }
  const name = userAgent.slice(0, USER_AGENT_MAX)
  const known = browsers.get(name)
  if (known) return known
  if (browsers.size >= BROWSERS_KEPT) browsers.clear()
  const browser = parsed(name)
  browsers.set(name, browser)
  return browser
}

function parsed(userAgent: string): Browser {
  const { browser, os, platform } = Bowser.parse(userAgent)
  const named = (name: string | undefined, version: string | undefined) =>
    name ? cut([name, version].filter(Boolean).join(' ')) : null
  return {
    browser: named(browser.name, browser.version?.split('.')[0]),
    os: named(os.name, os.versionName ?? os.version),
    device: platform.type ?? null,
  }
}

/** The first language that the browser asks for, if it is one. */
function languageOf(request: Request): string | null {
  const first = request.headers.get('accept-language')?.split(',')[0]?.split(';')[0]?.trim()
  if (!first || first.length > LANGUAGE_MAX) return null
  try {
    return new Intl.Locale(first).toString()
  } catch {
    return null
  }
}

function countryOf(request: Request): string | null {
  const country = (request.cf as { country?: unknown } | undefined)?.country
  // T1 is the Tor network, XX is unknown.
  return typeof country === 'string' && /^[A-Z]{2}$/.test(country) && country !== 'XX' ? country : null
}

function utmOf(page: string | null): Utm | null {
  const url = page === null ? null : URL.parse(page)
  if (!url) return null
  const read = (name: string) => {
    const value = url.searchParams.get(`utm_${name}`)?.trim()
    return value ? cut(value) : null
  }
  const utm = {
    source: read('source'),
    medium: read('medium'),
    campaign: read('campaign'),
    term: read('term'),
    content: read('content'),
  }
  return Object.values(utm).some((value) => value !== null) ? utm : null
}

function cut(text: string): string {
  return text.slice(0, FACT_MAX)
}
