/** What the running product serves as files: policies on pages, caches for what never changes and for nothing else. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Product } from './support/product.ts'

let product: Product

before(async () => {
  product = await Product.open()
})
after(() => product.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(product.origin + path, { headers, redirect: 'manual' })

/** What a browser sends when somebody opens an address. */
const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' }

test('pages leave with a strict Content-Security-Policy and are asked for again each time', async () => {
  for (const path of ['/dashboard/inbox/all', '/dashboard/sign-in', '/demo']) {
    const page = await get(path, NAVIGATION)
    assert.equal(page.status, 200, path)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe|\*/)
    assert.match(page.headers.get('cache-control') ?? '', /no-cache/)
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
  }
})

test('a page cannot be had without its policy', async () => {
  for (const path of ['/inbox/index.html', '/widget/index.html', '/demo/index.html', '/.vite/inbox.json', '/_headers'])
    assert.equal((await get(path)).status, 404, path)
})

test('a hashed file is kept for a year, a missing one not for a second', async () => {
  const html = await (await get('/dashboard/inbox/all')).text()
  const script = /\/assets\/[\w.-]+\.js/.exec(html)?.[0] ?? ''
  const file = await get(script)
  assert.equal(file.status, 200)
  assert.match(file.headers.get('cache-control') ?? '', /max-age=31536000, immutable/)
  for (const headers of [{}, NAVIGATION]) {
    const missing = await get('/assets/gone-12345678.js', headers)
    assert.equal(missing.status, 404)
    assert.doesNotMatch(missing.headers.get('cache-control') ?? '', /max-age=[1-9]|immutable|public/)
    assert.match(missing.headers.get('content-type') ?? '', /^application\/problem\+json/)
  }
})

test('the loader may be used by any website and is fresh within ten minutes', async () => {
  const loader = await get('/widget.js')
  assert.equal(loader.status, 200)
  assert.match(loader.headers.get('content-type') ?? '', /javascript/)
  assert.match(loader.headers.get('cache-control') ?? '', /max-age=600/)
  assert.equal(loader.headers.get('access-control-allow-origin'), '*')
})

test('the API describes itself', async () => {
  const description = await (await get('/openapi.json')).json()
  assert.equal(description.openapi, '3.1.0')
  assert.ok(Object.keys(description.paths).length > 10)
})
