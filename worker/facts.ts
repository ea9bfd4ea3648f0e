/** What the edge knows of a visit (CP3, CP4): read from the request and from the page's address, never from claims. */
import Bowser from 'bowser'
import type { Source, Utm } from '../core/conversation/record.ts'
import { Memory } from './memory.ts'

const FACT_MAX = 200
/** Characters of a header that are looked at. */
const HEADER_MAX = 1_000
/** Texts of a header that are remembered: what a website meets in a day. */
const REMEMBERED_MAX = 500
/** RFC 5646 calls for no more than this; a private-use tag may be as long as a header. */
const LANGUAGE_MAX = 35

/** @param page what the widget told: where the visitor was when the conversation began */
export function factsOf(request: Request, page: Pick<Source, 'page' | 'title' | 'referrer'>): Source {
  return {
    ...page,
    utm: utmOf(page.page),
    ...browserOf(request.headers.get('user-agent') ?? ''),
    language: languageOf(request.headers.get('accept-language') ?? ''),
    country: countryOf(request),
  }
}

type Browser = Pick<Source, 'browser' | 'os' | 'device'>

/** To tell a browser by its name takes a hundred patterns, and most visitors have one of a few. */
const browserOf = remembered<Browser>((userAgent) => {
  if (userAgent === '') return { browser: null, os: null, device: null }
  const { browser, os, platform } = Bowser.parse(userAgent)
  const named = (name: string | undefined, version: string | undefined) =>
    name ? cut([name, version].filter(Boolean).join(' ')) : null
  return {
    browser: named(browser.name, browser.version?.split('.')[0]),
    os: named(os.name, os.versionName ?? os.version),
    device: platform.type ?? null,
  }
})

/** The first language that a browser asks for, if it is one. */
const languageOf = remembered<string | null>((accepted) => {
  const first = accepted.split(',')[0]?.split(';')[0]?.trim()
  if (!first || first.length > LANGUAGE_MAX) return null
  try {
    return new Intl.Locale(first).toString()
  } catch {
    return null
  }
})

/** Reads a header once for each text of it that is met. */
function remembered<Read>(read: (text: string) => Read): (header: string) => Read {
  const known = new Memory<string, Read>(REMEMBERED_MAX)
  return (header) => {
    const text = header.slice(0, HEADER_MAX)
    const before = known.get(text)
    if (before !== undefined) return before
    const now = read(text)
    known.set(text, now)
    return now
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
