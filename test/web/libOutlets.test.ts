import { afterEach, describe, expect, it, vi } from 'vitest'
import { isClientId, parseClientId } from '../../core/ids.ts'
import { ApiProblem, api } from '../../web/lib/api.ts'
import { createClientIds } from '../../web/lib/clientIds.ts'
import { createInboxFeed } from '../../web/lib/inboxFeed.ts'
import { linkify } from '../../web/lib/linkify.ts'
import { dayLabel, relativeTime, sameDay, timeOfDay } from '../../web/lib/times.ts'
import { FakeSocket } from './fakeSocket.ts'

afterEach(() => vi.unstubAllGlobals())

describe('client ids', () => {
  it('rise within an instance that no other page load shares', () => {
    const mine = createClientIds()
    const ids = [mine(), mine(), mine()]
    expect(ids.every(isClientId)).toBe(true)
    expect(ids.map((id) => parseClientId(id)?.n)).toEqual([1, 2, 3])
    expect(new Set([...ids, createClientIds()()].map((id) => parseClientId(id)?.instance)).size).toBe(2)
  })
})

describe('the api', () => {
  const answering = (answer: Response | Error) => {
    const fetch = vi.fn(async (_path: string, _init: RequestInit) => {
      if (answer instanceof Error) throw answer
      return answer
    })
    vi.stubGlobal('fetch', fetch)
    return fetch
  }

  it('sends JSON, the workspace and the token, and answers what came', async () => {
    const fetch = answering(Response.json({ id: 'c1' }, { status: 201 }))
    const options = { body: { a: 1 }, workspace: 'w1', token: 'secret' }
    expect(await api<{ id: string }>('POST', '/x', options)).toEqual({ id: 'c1' })
    const init = fetch.mock.calls[0]?.[1]
    expect(init).toMatchObject({ method: 'POST', body: '{"a":1}', credentials: 'omit' })
    expect(Object.fromEntries(new Headers(init?.headers))).toMatchObject({
      'content-type': 'application/json',
      'foyer-workspace': 'w1',
      authorization: 'Bearer secret',
    })
  })

  it('answers nothing to 204', async () => {
    answering(new Response(null, { status: 204 }))
    expect(await api<void>('DELETE', '/x')).toBeUndefined()
  })

  it('throws the problem it was told', async () => {
    const problem = {
      type: 'about:blank',
      title: 'No',
      status: 429,
      code: 'rate_limited',
      detail: 'Wait.',
      requestId: 'r',
      retryAt: 5,
    }
    answering(Response.json(problem, { status: 429 }))
    const error = await api('GET', '/x').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiProblem)
    expect(error).toMatchObject({ message: 'Wait.', problem })
  })

  it.each([
    { answer: new TypeError('Failed to fetch'), code: 'offline', status: 0 },
    { answer: new Response('<h1>Bad gateway</h1>', { status: 502 }), code: 'unreadable', status: 502 },
    { answer: new Response('<h1>Sign in to the WiFi</h1>'), code: 'unreadable', status: 200 },
  ])('speaks of $code where no answer of ours came', async ({ answer, code, status }) => {
    answering(answer)
    await expect(api('GET', '/x')).rejects.toMatchObject({ problem: { code, status } })
  })

  it('lets a cancelled call be a cancelled call', async () => {
    const stop = new AbortController()
    stop.abort()
    answering(new DOMException('stopped', 'AbortError'))
    await expect(api('GET', '/x', { signal: stop.signal })).rejects.toThrow('stopped')
  })
})

describe('the inbox feed', () => {
  it('hands on rows of the overlay, live rows, and what is no longer visible', () => {
    FakeSocket.install()
    const heard: unknown[] = []
    const feed = createInboxFeed({
      workspace: 'w 1',
      onRows: (rows) => heard.push(rows),
      onRemoved: (id) => heard.push(id),
      onState: (state) => heard.push(state),
    })
    expect(FakeSocket.last.url).toMatch(/\/api\/v1\/inbox\/socket\?workspace=w%201$/)
    FakeSocket.last.says({ type: 'welcome', rows: [{ id: 'a' }] })
    FakeSocket.last.says({ type: 'rows', list: [{ id: 'b' }] })
    FakeSocket.last.says({ type: 'removed', id: 'c' })
    feed.close()
    expect(heard).toEqual(['connecting', 'live', [{ id: 'a' }], [{ id: 'b' }], 'c', 'closed'])
  })
})

describe('times', () => {
  const noon = new Date(2026, 10, 20, 12, 0).getTime()
  const hours = (n: number): number => noon + n * 3_600_000

  it('names days as the reader counts them', () => {
    expect(dayLabel(hours(-11), noon)).toBe('Today')
    expect(dayLabel(hours(-13), noon)).toBe('Yesterday')
    expect(dayLabel(hours(-24 * 5), noon)).toMatch(/Sunday.*15|15.*Sunday/)
    expect(dayLabel(hours(-24 * 400), noon)).toContain('2025')
    expect([sameDay(hours(-11), noon), sameDay(hours(-13), noon)]).toEqual([true, false])
  })

  it('is relative under a day, then a date', () => {
    expect(relativeTime(noon - 30_000, noon)).toBe('now')
    expect(relativeTime(noon + 30_000, noon)).toBe('now')
    expect(relativeTime(noon - 300_000, noon)).toMatch(/5/)
    expect(relativeTime(hours(-3), noon)).toMatch(/3/)
    expect(relativeTime(hours(-30), noon)).toMatch(/19/)
    expect(timeOfDay(noon)).toMatch(/12/)
  })
})

describe('[MS9] links', () => {
  const hrefs = (text: string) => linkify(text).flatMap((piece) => piece.href ?? [])

  it.each([
    ['see https://shop.example/a?b=c#d', ['https://shop.example/a?b=c#d']],
    ['(https://shop.example/a).', ['https://shop.example/a']],
    ['https://wiki.example/A_(b), yes', ['https://wiki.example/A_(b)']],
    ['www.shop.example!', ['https://www.shop.example/']],
    ['HTTP://SHOP.EXAMPLE/X', ['http://shop.example/X']],
    ['write to ana@shop.example.', ['mailto:ana@shop.example']],
    ['mailto:ana@shop.example?subject=x', ['mailto:ana@shop.example']],
    ['http://localhost:8787/demo', ['http://localhost:8787/demo']],
    ['https://münchen.example/ü', ['https://xn--mnchen-3ya.example/%C3%BC']],
    ['one https://a.example two https://b.example', ['https://a.example/', 'https://b.example/']],
  ])('finds them in %s', (text, expected) => {
    expect(hrefs(text)).toEqual(expected)
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https:',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://shop.example',
    'shop.example',
    'e.g.this and 3.14',
    'https://',
    'https://x',
    'https://bank.example@evil.example/',
    'https://user:pass@evil.example/',
    '//evil.example',
    'xhttps://shop.example',
  ])('leaves alone %s', (text) => {
    expect(hrefs(text)).toEqual([])
    expect(linkify(text)).toEqual([{ text }])
  })

  it.each(['https://a.example/\u202Egnp.exe', 'https://a.example/"onmouseover="x', "https://a.example/'><img>"])(
    'ends a link at characters that could mislead: %s',
    (text) => {
      expect(hrefs(text)).toEqual(['https://a.example/'])
    },
  )

  it('never loses a character', () => {
    const text = 'a https://x.example, b (www.y.example) c@d.example.\n\nהי https://z.example/ש 👍'
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text)
    expect(linkify('')).toEqual([])
  })

  it('is quick on hostile text', () => {
    for (const text of [
      'a'.repeat(1e5),
      'a@'.repeat(5e4),
      'a.'.repeat(5e4),
      'http://'.repeat(2e4),
      '@a.'.repeat(3e4),
    ]) {
      const from = performance.now()
      linkify(text)
      expect(performance.now() - from).toBeLessThan(2000)
    }
  })
})
