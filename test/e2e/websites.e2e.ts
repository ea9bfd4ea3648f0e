/** The widget on other people's pages: which may show it, what they may forbid, what browsers may refuse it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from './support/product.ts'
import { stage } from './support/stage.ts'

const { agent, complaints, now, visitor } = stage({ blockStorage: true })

test('[DL5] a browser that denies embedded pages all storage: the conversation is kept through the launcher', async () => {
  const [vic, ana] = await Promise.all([visitor(), agent()])
  const isBlocked = await (async () => {
    await vic.opensChat()
    return (await vic.frame()).evaluate(() => {
      try {
        return localStorage.length < 0
      } catch {
        return true
      }
    })
  })()
  assert.equal(isBlocked, true, 'storage is denied, or this test shows nothing')
  await vic.says('No storage, no cookies.')
  await ana.opens('No storage, no cookies.')
  await ana.says('No problem.')
  await vic.sees('No problem.')
  await vic.reloads()
  for (const text of ['No storage, no cookies.', 'No problem.']) await vic.sees(text)
  await now().product.crash()
  await vic.writes('Written while you were gone.')
  await until(async () => /Sending…|Queued/.test(await vic.reads()), 'it waits')
  await vic.closesTab()
  await now().product.start()
  await vic.comesBack()
  await vic.sees('Written while you were gone.')
  await ana.sees('Written while you were gone.')
  assert.deepEqual(await vic.texts(), ['No storage, no cookies.', 'No problem.', 'Written while you were gone.'])
  assert.deepEqual(await vic.context.cookies(), [], 'the widget sets no cookie')
})

test('[VW5] another website with the same snippet cannot show the chat, and its owner learns why', async () => {
  const { stranger, product } = now()
  const warnings: string[] = []
  const before = complaints.length
  const mal = await visitor(stranger.origin)
  mal.page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()))
  await mal.clicksLauncher()
  await until(
    async () => warnings.some((text) => text.includes(stranger.origin)),
    'a warning names the website',
    15_000,
  )
  const frame = mal.page.frames().find((candidate) => candidate.url().includes('/widget/frame'))
  assert.equal(frame, undefined, 'the chat has closed again')
  const shell = await fetch(`${product.origin}/widget/frame?channel=unknown`)
  assert.equal(shell.status, 404)
  // Here the browser has to complain: that is what is being shown.
  assert.ok(complaints.length > before)
  complaints.splice(before)
})

test('[VW1] the widget works on a page with a strict Content-Security-Policy of its own', async () => {
  const { product, shop } = now()
  shop.protect(
    `default-src 'none'; script-src ${product.origin}; frame-src ${product.origin}; connect-src ${product.origin}`,
  )
  const vic = await visitor()
  await vic.says('Strict, but fair.')
})

test('[VW1] a website whose style sheet takes everything away leaves the launcher and the chat usable', async (t) => {
  const { shop } = now()
  shop.protect(null)
  shop.dress(`
    * { all: unset !important; position: static !important; display: none !important; animation: none !important }
    html { display: block !important }
    iframe, button, div { width: 1px !important; height: 1px !important; z-index: -1 !important; visibility: hidden !important }
  `)
  t.after(() => shop.dress(''))
  const vic = await visitor()
  await vic.says('Still here.')
  assert.equal(await vic.launcher(), 'Close chat')
  const seen = await (await vic.frame()).evaluate(() => [innerWidth, innerHeight])
  assert.ok(Math.min(...seen) > 300, `the chat has its size: ${seen.join(' × ')}`)
})

test('[VW1] the snippet twice makes one launcher and one chat', async () => {
  const { product } = now()
  const vic = await visitor()
  await vic.page.evaluate((origin) => {
    const script = document.createElement('script')
    script.src = `${origin}/widget.js`
    script.dataset['channel'] = document.querySelector<HTMLScriptElement>('script[data-channel]')?.dataset['channel']
    document.body.append(script)
    return new Promise((resolve) => script.addEventListener('load', resolve))
  }, product.origin)
  await vic.opensChat()
  assert.equal(vic.page.frames().filter((frame) => frame.url().includes('/widget/frame')).length, 1)
})
